import type { Problem } from '../../../api.ts'
import { ApiError } from '../../api.ts'
import { text } from '../../text/tester.ts'
import { type Child, el, replace } from '../../ui/dom.ts'
import { details, notice } from '../../ui/notice.ts'

/** Fields by the settings that they are for. */
export type Fields = ReadonlyMap<
  string,
  {
    readonly input: HTMLElement & { readonly required: boolean }
    value: string
    setError(message?: string): void
  }
>

/** Marks required fields that are empty, and goes to the first of them. @returns whether all are there */
export function complete(fields: Fields): boolean {
  const empty = [...fields.values()].filter(({ input, value }) => isMissing(input, value))
  for (const field of empty) field.setError(text.problem.needed)
  empty[0]?.input.focus()
  return empty.length === 0
}

function isMissing(input: HTMLElement & { readonly required: boolean }, value: string): boolean {
  return input.required && value.trim() === '' && input.closest('[hidden]') === null
}

/** Shows an error: beside the field that it is about, and below the form in whole. */
export function showProblem(
  error: unknown,
  fields: Fields,
  place: HTMLElement,
  more: readonly Child[] = [],
): void {
  const problem = problemOf(error)
  const field = problem.setting === undefined ? undefined : fields.get(problem.setting)
  const isVisible = field !== undefined && field.input.closest('[hidden]') === null
  if (isVisible) field.setError(sentence(problem.message))
  replace(place, problemNotice(problem, more))
  if (!isVisible) return
  const closed = field.input.closest('details')
  if (closed !== null) closed.open = true
  field.input.focus()
}

/** The same as a box: message, what to do, scopes. */
export function problemNotice(problem: Problem, more: readonly Child[] = []): HTMLElement {
  const { message, hint, requiredScopes = [], trace, code } = problem
  return notice(
    'error',
    text.problem.title,
    el('p', {}, sentence(message)),
    hint === undefined ? undefined : el('p', {}, sentence(hint)),
    requiredScopes.length === 0 ? undefined : [el('p', {}, text.problem.required), badges(requiredScopes)],
    more,
    el('p', { class: 'mono' }, code),
    trace === undefined ? undefined : details(text.trace, el('pre', { class: 'wrap', tabindex: 0 }, trace)),
  )
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return { code: 'ERR_SUPPORT_PAGE', message: String(error) }
}

/** Words as small labels. */
export function badges(words: readonly string[]): HTMLElement {
  return el(
    'p',
    { class: 'badges' },
    words.flatMap((word) => [el('span', { class: 'badge' }, word), ' ']),
  )
}

function sentence(words: string): string {
  const end = /[.!?:]$/.test(words) ? '' : '.'
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${end}`
}
