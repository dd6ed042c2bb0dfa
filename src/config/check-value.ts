import { isContent } from '../credentials/input.ts'
import { isTable } from './document.ts'
import { matches, PATTERNS } from './patterns.ts'
import type { SettingDefinition, SettingType } from './settings.ts'
import { didYouMean } from './suggest.ts'

/** A value that has been checked, as it stands in the file. */
export type RawValue = string | number | boolean | readonly string[] | RawSecret

/** A reference to a secret, as it stands in the file. */
export type RawSecret =
  | { readonly file: string }
  | { readonly env: string }
  | { readonly command: readonly string[] }
  | { readonly prompt: true }

/** The keys of {@link RawSecret}. */
const SECRET_KEYS = ['file', 'env', 'command', 'prompt'] as const

/** What is wrong with a value, as the end of a sentence that begins with the setting's name. */
export type Wrong = { readonly wrong: string }

type Check = (raw: unknown, definition: SettingDefinition) => Wrong | RawValue

/** Whether a check found something. */
export function isWrong(checked: Wrong | RawValue): checked is Wrong {
  return typeof checked === 'object' && 'wrong' in checked
}

/** Checks a value of the file, by the setting's type. The value is never in what is said: it may be a secret. */
export function checkValue(raw: unknown, definition: SettingDefinition): Wrong | RawValue {
  return CHECKS[definition.type](raw, definition)
}

const A_TEXT = 'must be a text that is not empty, without control characters'
const A_URL = 'must be an https URL without name and password: "https://host/path"'
const A_FILE = 'must be the name of a file or folder, and no URI'

const CHECKS: Readonly<Record<SettingType, Check>> = {
  text: (raw) => text(raw, PATTERNS.text, A_TEXT),
  choice: (raw, { values = [] }) => {
    if (typeof raw === 'string' && values.includes(raw)) return raw
    const meant = typeof raw === 'string' ? didYouMean(raw, values) : ''
    return { wrong: `must be one of ${values.map((value) => JSON.stringify(value)).join(', ')}${meant}` }
  },
  integer: (raw, { min = 0, max = Number.MAX_SAFE_INTEGER }) => {
    if (typeof raw === 'number' && Number.isInteger(raw) && raw >= min && raw <= max) return raw
    return { wrong: `must be a whole number from ${min} to ${max}` }
  },
  boolean: (raw) => (typeof raw === 'boolean' ? raw : { wrong: 'must be true or false' }),
  url: (raw) => url(text(raw, PATTERNS.url, A_URL), A_URL),
  origins: (raw) => {
    const must = 'must be one or several https origins: "https://api.example.com"'
    return list(raw, (each) => url(text(each, PATTERNS.origin, must), must), must)
  },
  path: (raw) => notContent(text(raw, PATTERNS.path, A_FILE)),
  'path-or-url': (raw) => {
    const must = 'must be the name of a file, or an https URL'
    const checked = text(raw, PATTERNS['path-or-url'], must)
    if (typeof checked === 'string' && checked.startsWith('https:')) return url(checked, must)
    return notContent(checked)
  },
  key: (raw) => notContent(text(raw, PATTERNS.text, 'must be the name of a file, or the URI of a key')),
  module: (raw) => text(raw, PATTERNS.path, "must be a module's path or name"),
  trust: (raw) => {
    const must = 'must be one or several names of files or folders, "system" or "node"'
    return list(raw, (each) => notContent(text(each, PATTERNS.path, must)), must)
  },
  store: (raw) => text(raw, PATTERNS.path, 'must be "file", "memory" or the name of a folder'),
  proxy: (raw) => {
    const must = 'must be "environment", "none" or a URL without name and password: "http://host:port"'
    const checked = text(raw, PATTERNS.proxy, must)
    return checked === 'environment' || checked === 'none' ? checked : url(checked, must)
  },
  secret: (raw) => (isTable(raw) ? reference(raw) : text(raw, PATTERNS.text, A_SECRET)),
}

const A_SECRET =
  'must say where the secret is: { file = "…" }, { env = "NAME" }, { command = ["program", "argument"] } or { prompt = true }'

function text(raw: unknown, pattern: string, must: string): Wrong | string {
  return typeof raw === 'string' && matches(pattern, raw) ? raw : { wrong: must }
}

/** What the pattern takes and no URL is: ports above 65535, addresses with too many parts. */
function url(checked: Wrong | string, must: string): Wrong | string {
  if (typeof checked !== 'string') return checked
  return URL.canParse(checked.replace('//*.', '//')) ? checked : { wrong: must }
}

function notContent(checked: Wrong | string): Wrong | string {
  if (typeof checked !== 'string' || !isContent(checked)) return checked
  return { wrong: 'must be the name of a file, not what is in it' }
}

function list(
  raw: unknown,
  check: (each: unknown) => Wrong | string,
  must: string,
): Wrong | readonly string[] {
  const all = (Array.isArray(raw) ? raw : [raw]).map(check)
  if (all.length === 0) return { wrong: must }
  return all.find((each) => typeof each !== 'string') ?? (all as string[])
}

function reference(raw: { readonly [key: string]: unknown }): Wrong | RawSecret {
  const keys = Object.keys(raw)
  const [key = ''] = keys
  const unknown = keys.find((name) => !(SECRET_KEYS as readonly string[]).includes(name))
  if (unknown !== undefined) return { wrong: `${A_SECRET}${didYouMean(unknown, SECRET_KEYS)}` }
  if (keys.length !== 1) return { wrong: `${A_SECRET}, and only one of these` }
  const { file, env, command, prompt } = raw
  if (typeof file === 'string' && matches(PATTERNS.path, file)) return { file }
  if (typeof env === 'string' && matches(PATTERNS.variable, env)) return { env }
  if (isCommand(command)) return { command }
  if (prompt === true) return { prompt }
  return { wrong: SECRET_FAULTS[key] ?? A_SECRET }
}

const SECRET_FAULTS: Readonly<Record<string, string>> = {
  file: `file ${A_FILE}`,
  env: 'env must be the name of an environment variable, not its value',
  command: 'command must be a list of texts, the program first: ["pass", "show", "moex"]',
  prompt: 'prompt must be true',
}

function isCommand(command: unknown): command is string[] {
  if (!Array.isArray(command) || command.length === 0) return false
  return command.every((word) => typeof word === 'string' && matches(PATTERNS.text, word))
}
