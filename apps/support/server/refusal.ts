import type { Problem } from '../api.ts'

/** A request that is not taken, or cannot be done, with its status. */
export class Refusal extends Error {
  readonly status: number
  readonly problem: Problem
  /** Of the answer, besides. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    problem: Problem,
    headers: Readonly<Record<string, string>> = {},
    cause?: unknown,
  ) {
    super(problem.message, { cause })
    this.status = status
    this.problem = problem
    this.headers = headers
  }
}

/** A request that is malformed. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, { code: 'ERR_SUPPORT_REQUEST', message })
}
