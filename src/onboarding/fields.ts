import type { OnboardingProblem } from '../errors.ts'
import { characterProblems, lengthOf, type PlacedLine, problemAt } from './places.ts'

/** Fields 20 and 21 are 16x: a line of that many characters. */
const REFERENCE_LENGTH = 16
/** Field 79 is 35*50x: lines, and characters in each. */
const MAX_LINES = 35
export const MAX_LINE_LENGTH = 50

/** What field 20 or 21 breaks. */
export function referenceProblems(place: PlacedLine): OnboardingProblem[] {
  const { text } = place
  if (text.trim() === '') return [problemAt(place, 0, 'empty', 'it is empty')]
  const problems = characterProblems(place)
  if (text.startsWith('/')) problems.push(slash(place, 0, 'it begins with /', ''))
  for (const { index } of text.matchAll(/\/(?=\/)/g)) {
    problems.push(slash(place, lengthOf(text.slice(0, index)), 'it has //', '/', '//'))
  }
  if (text.length > 1 && text.endsWith('/'))
    problems.push(slash(place, lengthOf(text) - 1, 'it ends with /', ''))
  const length = lengthOf(text)
  if (length > REFERENCE_LENGTH) {
    const message = `it has ${length} characters, and may have ${REFERENCE_LENGTH}`
    problems.push(problemAt(place, REFERENCE_LENGTH, 'line-too-long', message))
  }
  return problems
}

function slash(place: PlacedLine, at: number, message: string, suggestion: string, found = '/') {
  const wayOut = suggestion === '' ? 'leave it out' : `write ${suggestion}`
  return problemAt(place, at, 'slash', `${message}; ${wayOut}`, { found, suggestion })
}

/** A reference with what may not be there left out; of a reference that is all slashes nothing is left. */
export function withoutWrongSlashes(text: string): string {
  return text.replace(/\/+/g, '/').replace(/^\/|\/$/g, '')
}

/** What the lines of field 79 break. */
export function narrativeProblems(lines: readonly PlacedLine[], lineLength: number): OnboardingProblem[] {
  const problems = lines.flatMap((line) => lineProblems(line, lineLength))
  const over = lines[MAX_LINES]
  if (over !== undefined) {
    const message = `field 79 has ${lines.length} lines, and may have ${MAX_LINES}`
    problems.push(problemAt(over, 0, 'too-many-lines', message))
  }
  return problems
}

function lineProblems(place: PlacedLine, lineLength: number): OnboardingProblem[] {
  const { text } = place
  if (text.trim() === '') return [problemAt(place, 0, 'empty', 'the line is empty; leave it out')]
  const problems: OnboardingProblem[] = []
  const first = text.slice(0, 1)
  if (first === ':' || first === '-') {
    const message = `the line begins with ${first}, which ends a field or a message; write a word before it`
    problems.push(problemAt(place, 0, 'line-start', message, { found: first }))
  }
  problems.push(...characterProblems(place))
  const length = lengthOf(text)
  if (length > lineLength) {
    const message = `the line has ${length} characters, and may have ${lineLength}; break it at a blank`
    problems.push(problemAt(place, lineLength, 'line-too-long', message))
  }
  return problems
}
