import type { RawSecret, RawValue } from './check-value.ts'
import { wholePath } from './paths.ts'
import type { SettingValue } from './profile.ts'
import { SecretReference } from './secret-reference.ts'
import type { SettingDefinition, SettingType } from './settings.ts'

/** What paths are relative to, and what secrets are called. */
export interface Surroundings {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** For people: `password of profile moex-test`. */
  readonly what: string
}

/** Words that stand for themselves where else a path is. */
const WORDS: Partial<Record<SettingType, readonly string[]>> = {
  trust: ['system', 'node'],
  store: ['file', 'memory'],
}

/** Makes of a checked value what is used: whole paths, lists, references to secrets. */
export function resolveValue(
  { type }: SettingDefinition,
  raw: RawValue,
  { folder, env, what }: Surroundings,
): SettingValue {
  const whole = (text: string): string => (WORDS[type]?.includes(text) ? text : wholePath(text, folder, env))
  switch (type) {
    case 'secret':
      return secret(raw as string | RawSecret, what, whole, folder)
    case 'path':
    case 'store':
      return whole(raw as string)
    case 'key':
      return isUri(raw as string) ? (raw as string) : whole(raw as string)
    case 'path-or-url':
      return isUri(raw as string) ? (raw as string) : whole(raw as string)
    case 'module':
      return isName(raw as string) ? (raw as string) : whole(raw as string)
    case 'trust':
      return asList(raw).map(whole)
    case 'origins':
      return asList(raw)
    default:
      return raw as string | number | boolean
  }
}

/** Whether a key is named by a URI. One letter is a drive of Windows. */
export function isUri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:/.test(text)
}

/** A program's or module's name without a folder is looked for where such things are. */
function isName(text: string): boolean {
  return !/[/\\]/.test(text) && text !== '~'
}

function asList(raw: RawValue): readonly string[] {
  return Array.isArray(raw) ? (raw as readonly string[]) : [raw as string]
}

function secret(
  raw: string | RawSecret,
  what: string,
  whole: (path: string) => string,
  folder: string,
): SecretReference {
  if (typeof raw === 'string') return SecretReference.inline(raw, what)
  if ('file' in raw) return SecretReference.file(whole(raw.file), what)
  if ('env' in raw) return SecretReference.env(raw.env, what)
  if ('prompt' in raw) return SecretReference.prompt(what)
  const [program = '', ...rest] = raw.command
  return SecretReference.command([isName(program) ? program : whole(program), ...rest], what, folder)
}
