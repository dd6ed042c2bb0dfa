import type { DoctorReport, StepReport } from './report.ts'

/** What stands before a step. */
export const MARKS = { pass: 'ok', warning: 'warning', fail: 'FAILED', skipped: 'skipped' } as const

/** A step in lines, for a file or a terminal. */
export function stepLines({ outcome, title, seen, todo, code }: StepReport): string[] {
  const [first = '', ...further] = seen
  const what = outcome === 'fail' && code !== undefined ? ` (${code})` : ''
  return [
    `${MARKS[outcome].padEnd(8)}${title}${first === '' ? '' : `: ${first}`}${what}`,
    ...further.map((line) => `        ${line}`),
    ...(todo === undefined ? [] : [`        -> ${todo}`]),
  ]
}

/** What came out of all of it, in a line. */
export function summaryLine({ verdict, steps, firstFailure }: DoctorReport): string {
  if (firstFailure !== undefined)
    return `The first step that failed is to be looked at: ${firstFailure.title}.`
  const warnings = steps.filter(({ outcome }) => outcome === 'warning').length
  return verdict === 'pass'
    ? 'All is well.'
    : `All works, with ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`
}
