import { homedir, hostname, userInfo } from 'node:os'
import { redactor } from '../diagnosis/redact.ts'
import type { ValidataOptions } from '../options.ts'
import type { SigningSetup } from '../sign-once.ts'

/** Attributes of a distinguished name, by short name or OID, as tools and this program write them. */
const NAME_ATTRIBUTE = /\b([A-Z]{1,12}|[a-z]{2,20}|\d{1,9}(?:\.\d{1,9}){1,30})=("[^"]*"|[^,;/+\r\n]+)/gi
const KEPT =
  /^(family|registry-profiles|silent|argument|extra|prefix|tool|profile|timeout|concurrency|output|wait)$/i

/** A report in which no people, profiles, machines or folders are named. */
export function depersonalise<T>(
  report: T,
  { key, profile, environment }: ValidataOptions,
  setup: SigningSetup | undefined,
): T {
  const redact = redactor(new Uint8Array(), { ...process.env, ...environment })
  const names = namesOf(setup, [profile, key])
  const safe = (text: string): string => {
    let out = redact(text)
    for (const [name, word] of names) out = out.replace(name, word)
    return out.replace(NAME_ATTRIBUTE, (whole, attribute: string) =>
      KEPT.test(attribute) ? whole : `${attribute}=…`,
    )
  }
  return walk(report, safe) as T
}

/** The longest first: one may be part of another. */
function namesOf(
  setup: SigningSetup | undefined,
  given: readonly (string | undefined)[],
): [RegExp, string][] {
  const names: [string | undefined, string][] = [
    [setup?.settings.profile, '<profile>'],
    ...given.map((name) => [name, '<profile>'] as [string | undefined, string]),
    [setup?.temporaryFolder, '<temp>'],
    ...hostsOf(setup).map((name) => [name, '<host>'] as [string, string]),
    [homedir(), '~'],
    [hostname(), '<host>'],
    [userName(), '<user>'],
  ]
  const usable = names.filter((pair): pair is [string, string] => pair[0] !== undefined && pair[0].length > 2)
  return usable.sort(([a], [b]) => b.length - a.length).map(([name, word]) => [asWord(name), word])
}

/** What a prefix names besides its program and its options: `user@workstation` for ssh. */
function hostsOf(setup: SigningSetup | undefined): readonly string[] {
  const [, ...words] = setup?.settings.prefix ?? []
  return words.filter((word) => !word.startsWith('-')).flatMap((word) => [word, ...word.split('@')])
}

/** Not within another word: a user may be called test. */
function asWord(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu')
}

function userName(): string | undefined {
  try {
    const { username } = userInfo()
    // Everybody's, and a part of many words.
    return username === 'root' ? undefined : username
  } catch {
    return undefined
  }
}

function walk(value: unknown, safe: (text: string) => string): unknown {
  if (typeof value === 'string') return safe(value)
  if (Array.isArray(value)) return value.map((each) => walk(each, safe))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, safe)]))
}
