import type { OnboardingProblem } from '../errors.ts'
import { narrativeProblems, referenceProblems } from './fields.ts'
import { fold, type Word, wordsOf } from './fold.ts'
import { FORMS, type FormLine, type FormValues } from './forms.ts'
import { characterProblems, lengthOf, type PlacedLine, problemAt } from './places.ts'

/** What a message is made of. */
export interface MessageValues extends FormValues {
  readonly form: keyof typeof FORMS
  readonly reference: string
  readonly relatedReference: string | undefined
  readonly lineLength: number
}

/** Everything that is wrong with the values, in the order of the message. */
export function valueProblems(values: MessageValues): OnboardingProblem[] {
  const { reference, relatedReference, resources, lineLength } = values
  const problems = referenceProblems(valueAs('reference', reference))
  if (relatedReference !== undefined) {
    problems.push(...referenceProblems(valueAs('relatedReference', relatedReference)))
  }
  if (resources.length === 0) {
    problems.push(problemAt(valueAs('resources', ''), 0, 'empty', 'name an API resource of the catalogue'))
  }
  const lines = FORMS[values.form](values)
  for (const line of lines) problems.push(...lineValueProblems(line, lineLength))
  if (problems.length > 0) return problems
  // Words that fit can still be too many lines.
  const narrative = lines.flatMap((line) => fold(textOf(line), lineLength))
  const placed = narrative.map((text, i) => ({ text, where: 'field 79', line: i + 1, column: 1 }))
  return narrativeProblems(placed, lineLength)
}

function valueAs(where: string, text: string): PlacedLine {
  return { text, where, line: 1, column: 1 }
}

function textOf(line: FormLine): string {
  return line.map(({ text }) => text).join('')
}

function lineValueProblems(line: FormLine, lineLength: number): OnboardingProblem[] {
  const problems = line.flatMap(({ text, value }) => {
    if (value === undefined) return []
    const place = valueAs(value, text)
    if (text.trim() === '') return [problemAt(place, 0, 'empty', 'it is empty')]
    return characterProblems(place)
  })
  const long = wordsOf(textOf(line)).filter(({ text }) => lengthOf(text) > lineLength)
  return [...problems, ...long.map((word) => longWord(line, word, lineLength))]
}

/** Told at the value that has most of the word: the form's own words are short. */
function longWord(line: FormLine, word: Word, lineLength: number): OnboardingProblem {
  let at = 0
  let most = { overlap: 0, place: valueAs('field 79', ''), column: 0 }
  for (const { text, value } of line) {
    const from = Math.max(at, word.at)
    const overlap = Math.min(at + text.length, word.at + word.text.length) - from
    if (value !== undefined && overlap > most.overlap) {
      most = { overlap, place: valueAs(value, text), column: lengthOf(text.slice(0, from - at)) }
    }
    at += text.length
  }
  const message = `a word of ${lengthOf(word.text)} characters does not fit into a line of ${lineLength}; put a blank where it may be broken`
  return problemAt(most.place, most.column, 'word-too-long', message, { found: word.text })
}
