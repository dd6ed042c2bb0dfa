import type { OnboardingProblem } from '../errors.ts'
import { MAX_LINE_LENGTH, narrativeProblems, referenceProblems, withoutWrongSlashes } from './fields.ts'
import { fold } from './fold.ts'
import { type PlacedLine, problemAt, replaceCharacters } from './places.ts'
import { readText, type Tag } from './read-text.ts'
import { type Mt599Fields, mt599Text } from './write-text.ts'

export type { Mt599Fields }

/** Options of {@link checkMt599}. */
export interface CheckMt599Options {
  /** Most characters in a line of field 79: 35 to 50. Default 50, as SWIFT has it. */
  readonly lineLength?: number | undefined
}

/** What {@link checkMt599} found. */
export interface Mt599Report {
  /** Whether SWIFT takes the text: there are no problems. */
  readonly valid: boolean
  /** Whether the text had tags; without them all of it is field 79, and fields 20 and 21 are not looked at. */
  readonly tagged: boolean
  /** What stands in the fields, as it is. */
  readonly fields: Mt599Fields
  /** All that is wrong, in the order of the text. */
  readonly problems: readonly OnboardingProblem[]
  /**
   * The text with every suggestion taken and long lines folded, line ends CrLf, for people to look at. Undefined
   * where nothing is wrong, and where that would not make it right.
   */
  readonly proposal: string | undefined
}

/**
 * Checks the text of a SWIFT MT599: with tags (`:20:` at the beginning of a line, then `:21:` and `:79:`) every
 * field, without them as what stands in field 79. Field 20 is 16x and must be there, field 21 is 16x, field 79 is
 * 35*50x (35 lines of 50 characters) and must be there; x is SWIFT's character set X. Lines may end with CrLf, or
 * with Lf as files do. Nothing is changed.
 *
 * @param text any text
 * @throws RangeError for another line length than 35 to 50
 * @example
 * ```ts
 * import { checkMt599 } from 'sealkit/onboarding'
 * const { valid, problems } = checkMt599('ATTN: PRGConnect\r\nContact details: john.doe@example.com')
 * for (const { line, column, message, suggestion } of problems) console.log(line, column, message, suggestion)
 * console.log(valid) // false: "@" is not in set X, (at) is suggested
 * ```
 */
export function checkMt599(text: string, options: CheckMt599Options = {}): Mt599Report {
  if (typeof text !== 'string') throw new TypeError('the text must be a string')
  const lineLength = checkedLineLength(options.lineLength ?? MAX_LINE_LENGTH)
  const read = readText(text)
  const problems = [...read.problems, ...fieldProblems(read.fields, lineLength)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
  const fields = fieldsOf(read.fields)
  const valid = problems.length === 0
  const proposal = valid || read.problems.length > 0 ? undefined : propose(fields, read.tagged, lineLength)
  return { valid, tagged: read.tagged, fields, problems, proposal }
}

/** @throws RangeError */
export function checkedLineLength(lineLength: number): number {
  if (Number.isInteger(lineLength) && lineLength >= 35 && lineLength <= MAX_LINE_LENGTH) return lineLength
  throw new RangeError(`lineLength must be a whole number from 35 to ${MAX_LINE_LENGTH}`)
}

function fieldProblems(
  fields: ReadonlyMap<Tag, readonly PlacedLine[]>,
  lineLength: number,
): OnboardingProblem[] {
  const references = (['20', '21'] as const).flatMap((tag) => {
    const [first, second] = fields.get(tag) ?? []
    if (first === undefined) return []
    const problems = referenceProblems(first)
    if (second === undefined) return problems
    return [...problems, problemAt(second, 0, 'too-many-lines', `field ${tag} is one line`)]
  })
  return [...references, ...narrativeProblems(fields.get('79') ?? [], lineLength)]
}

function fieldsOf(fields: ReadonlyMap<Tag, readonly PlacedLine[]>): Mt599Fields {
  const textOf = (tag: Tag) =>
    fields
      .get(tag)
      ?.map(({ text }) => text)
      .join('\r\n')
  return {
    20: textOf('20'),
    21: textOf('21'),
    79: (fields.get('79') ?? []).map(({ text }) => text),
  }
}

/** The text as it would be with every suggestion taken, where that is one that SWIFT takes. */
function propose(fields: Mt599Fields, tagged: boolean, lineLength: number): string | undefined {
  const lines = fields[79].filter((line) => line.trim() !== '').map(replaceCharacters)
  const references = [fields[20], fields[21]].map((text) =>
    text === undefined ? undefined : replaceCharacters(text),
  )
  if (lines.includes(undefined)) return undefined
  const [reference, related] = references.map((text) =>
    text === undefined ? undefined : withoutWrongSlashes(text),
  )
  const narrative = lines.flatMap((line) => fold((line ?? '').trimEnd(), lineLength))
  const proposal = mt599Text({ 20: reference, 21: related, 79: narrative })
  const again = readText(proposal)
  const good =
    again.tagged === tagged &&
    again.problems.length === 0 &&
    (['20', '21'] as const).every((tag) => (fields[tag] === undefined) === !again.fields.has(tag)) &&
    fieldProblems(again.fields, lineLength).length === 0
  return good ? proposal : undefined
}
