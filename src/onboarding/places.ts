import type { OnboardingProblem } from '../errors.ts'
import { isSetX, replacementFor, showCharacter } from './character-set.ts'

/** A line of text and where it stands in what was given. */
export interface PlacedLine {
  readonly text: string
  readonly where: string
  readonly line: number
  /** Column of its first character, from 1. */
  readonly column: number
}

type Rest = Partial<Pick<OnboardingProblem, 'found' | 'suggestion'>>

/** A problem at a character of a line, counted from 0. */
export function problemAt(
  place: PlacedLine,
  at: number,
  reason: OnboardingProblem['reason'],
  message: string,
  { found, suggestion }: Rest = {},
): OnboardingProblem {
  const { where, line, column } = place
  return { reason, where, line, column: column + at, found, suggestion, message }
}

/** Every character outside set X. */
export function characterProblems(place: PlacedLine): OnboardingProblem[] {
  if (isSetX(place.text)) return []
  return Array.from(place.text).flatMap((character, at) => {
    if (isSetX(character)) return []
    const suggestion = replacementFor(character)
    const message = `${showCharacter(character)} is not in SWIFT's character set X${wayOut(suggestion)}`
    return [problemAt(place, at, 'character', message, { found: character, suggestion })]
  })
}

function wayOut(suggestion: string | undefined): string {
  if (suggestion === undefined) return '; write it in Latin letters'
  if (suggestion === '') return '; leave it out'
  return suggestion === ' ' ? '; write a blank' : `; write ${suggestion}`
}

/** Length in characters as people count them. */
export function lengthOf(text: string): number {
  return Array.from(text).length
}

/** The text with every suggestion taken; undefined where a character has none. */
export function replaceCharacters(text: string): string | undefined {
  let replaced = ''
  for (const character of text) {
    const now = isSetX(character) ? character : replacementFor(character)
    if (now === undefined) return undefined
    replaced += now
  }
  return replaced
}
