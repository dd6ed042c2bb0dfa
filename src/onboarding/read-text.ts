import type { OnboardingProblem } from '../errors.ts'
import { type PlacedLine, problemAt } from './places.ts'

/** The fields of an MT599, in their order. */
export const TAGS = ['20', '21', '79'] as const
export type Tag = (typeof TAGS)[number]

const KNOWN_TAG = /^:(20|21|79):/
const ANY_TAG = /^:(\d{2}[A-Z]?):/

/** A text taken apart. */
export interface ReadText {
  /** Whether it has tags; without them all of it is field 79. */
  readonly tagged: boolean
  readonly fields: ReadonlyMap<Tag, readonly PlacedLine[]>
  /** What is wrong with the fields as such. */
  readonly problems: readonly OnboardingProblem[]
}

/** Takes a text apart: with tags (`:20:` at the beginning of a line) into its fields, without them as field 79. */
export function readText(text: string): ReadText {
  const lines = splitLines(text)
  if (lines.some((line) => KNOWN_TAG.test(line))) return readTagged(lines)
  const narrative = lines.map((line, i) => ({ text: line, where: 'field 79', line: i + 1, column: 1 }))
  return { tagged: false, fields: new Map([['79', narrative]]), problems: [] }
}

/** Lines by CrLf or Lf; line ends at the end of a file are no lines. */
function splitLines(text: string): string[] {
  return text.replace(/(\r?\n)+$/, '').split(/\r?\n/)
}

function readTagged(lines: readonly string[]): ReadText {
  const fields = new Map<Tag, PlacedLine[]>()
  const problems: OnboardingProblem[] = []
  let current: PlacedLine[] | undefined
  let where = 'text'
  for (const [index, text] of lines.entries()) {
    const whole = { text, where, line: index + 1, column: 1 }
    const [head, tag] = ANY_TAG.exec(text) ?? []
    if (head === undefined || tag === undefined) {
      if (current !== undefined) current.push(whole)
      else if (text.trim() !== '') problems.push(wrongField(whole, 'text before the first field'))
      continue
    }
    where = `field ${tag}`
    const first = { text: text.slice(head.length), where, line: index + 1, column: head.length + 1 }
    // Lines of a field that should not be there are looked at no further.
    current = [first]
    const message = fieldTrouble(tag, fields)
    if (message !== undefined) problems.push(wrongField({ ...whole, where }, message))
    if (isTag(tag) && !fields.has(tag)) fields.set(tag, current)
  }
  for (const tag of ['20', '79'] as const) {
    if (fields.has(tag)) continue
    const end = { text: '', where: `field ${tag}`, line: Math.max(1, lines.length), column: 1 }
    problems.push(wrongField(end, `field ${tag} is missing`))
  }
  return { tagged: true, fields, problems }
}

function isTag(tag: string): tag is Tag {
  return TAGS.some((known) => known === tag)
}

/** Why a field may not stand where it does. */
function fieldTrouble(tag: string, before: ReadonlyMap<Tag, unknown>): string | undefined {
  if (!isTag(tag)) return `an MT599 has no field ${tag}`
  if (before.has(tag)) return `field ${tag} is there twice`
  const later = TAGS.slice(TAGS.indexOf(tag) + 1).find((other) => before.has(other))
  return later === undefined ? undefined : `field ${tag} must stand before field ${later}`
}

function wrongField(place: PlacedLine, message: string): OnboardingProblem {
  return problemAt(place, 0, 'field', message)
}
