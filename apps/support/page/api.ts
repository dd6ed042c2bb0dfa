import type { ApiCalls, ApiName, Problem } from '../api.ts'

/** Calls of the loopback server. @throws ApiError */
export type Api = <Name extends ApiName>(
  name: Name,
  ask: ApiCalls[Name]['ask'],
) => Promise<ApiCalls[Name]['answer']>

/** What the server says against a call. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

const STORE = 'sealkit-session'
const GONE = 'ERR_SUPPORT_GONE'

/**
 * Opens the session: with the token of the one-time address, which then leaves the address, or with what this tab
 * has kept from before a reload.
 *
 * @returns undefined where there is neither
 * @throws ApiError for a token that was used before
 */
export async function openSession(): Promise<Api | undefined> {
  const [, token] = /^#token=([\w-]+)$/.exec(location.hash) ?? []
  if (token !== undefined) {
    // Before anything else: no way back leads to it, and nobody reads it over a shoulder.
    history.replaceState(null, '', location.pathname)
    const { session } = await post('session', { token }, undefined)
    sessionStorage.setItem(STORE, session)
  }
  const session = sessionStorage.getItem(STORE)
  if (session === null) return undefined
  return (name, ask) => post(name, ask, session)
}

async function post<Name extends ApiName>(
  name: Name,
  ask: ApiCalls[Name]['ask'],
  session: string | undefined,
): Promise<ApiCalls[Name]['answer']> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (session !== undefined) headers['authorization'] = `Bearer ${session}`
  const request = { method: 'POST', headers, body: JSON.stringify(ask) }
  const response = await fetch(`/api/${name}`, request).catch(() => undefined)
  const answer: unknown = await response?.json().catch(() => undefined)
  if (response?.ok === true && answer !== undefined) return answer as ApiCalls[Name]['answer']
  throw new ApiError(problemOf(answer))
}

function problemOf(answer: unknown): Problem {
  const problem = (answer as { problem?: Problem } | undefined)?.problem
  return problem ?? { code: GONE, message: 'sealkit support does not answer.' }
}
