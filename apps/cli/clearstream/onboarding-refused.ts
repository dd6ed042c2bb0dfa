import type { OnboardingProblem } from '../../../src/errors.ts'
import type { CheckMt599Options } from '../../../src/onboarding/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'

interface Refused {
  readonly problems: readonly OnboardingProblem[]
  readonly proposal: string | undefined
}

/** Tells every place, and the proposal where it is asked for. */
export async function refuse(
  refused: Refused,
  args: Arguments,
  output: Context['output'],
): Promise<ExitCodeValue> {
  const { problems, proposal } = refused
  if (args.has('json')) await output.json({ ...refused, valid: false })
  for (const { where, line, column, message } of problems) {
    output.say(`${where}, line ${line}, column ${column}: ${message}`, 'red')
  }
  const count = problems.length === 1 ? 'one place' : `${problems.length} places`
  output.say(`SWIFT does not take the text: ${count}.`)
  if (!args.has('suggest')) return ExitCode.negative
  if (proposal === undefined) output.say('There is no proposal: not everything has a suggestion.')
  else {
    output.say('A proposal, if that is what you mean:')
    if (!args.has('json')) await output.data(proposal)
  }
  return ExitCode.negative
}

/** The value of --line-length. */
export function lineLength(args: Arguments): CheckMt599Options {
  const text = args.get('line-length')
  if (text === undefined) return {}
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 35 && value <= 50) return { lineLength: value }
  throw usageError('--line-length must be a whole number from 35 to 50')
}
