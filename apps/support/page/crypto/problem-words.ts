import { text } from '../text/crypto.ts'
import { el } from '../ui/dom.ts'
import { notice } from '../ui/notice.ts'
import { JobError, type JobProblem } from './jobs/problem.ts'

/** A problem in a sentence for people, with the way out behind it. */
export function wordsOf({ code, message, hint }: JobProblem): string {
  const known = text.problems[code]
  if (code === 'ERR_INPUT') return `${known}: ${message}`
  if (known !== undefined) return known
  const sentence = upper(message)
  return hint === undefined ? `${sentence}.` : `${sentence}. ${upper(hint)}.`
}

/** What went wrong, in a box. */
export function problemNotice(title: string, error: unknown): HTMLElement {
  return notice('error', title, el('p', {}, wordsOf(problemIn(error))))
}

/** Of the worker or of the loopback server, which have the same shape. */
export function problemIn(error: unknown): JobProblem {
  if (error instanceof JobError) return error.problem
  const problem = (error as { problem?: JobProblem } | undefined)?.problem
  return problem ?? { code: 'ERR_INTERNAL', message: error instanceof Error ? error.message : String(error) }
}

function upper(sentence: string): string {
  const [first = '', ...rest] = sentence.replace(/\.$/, '')
  return first.toUpperCase() + rest.join('')
}
