import { SealkitError } from '../../../../../src/errors.ts'

/** What is against a job, for a person; it goes from the worker to the page. */
export interface JobProblem {
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
  /** The file that it is about. */
  readonly file?: string | undefined
}

/** A job that cannot be done. */
export class JobError extends Error {
  readonly problem: JobProblem

  constructor(problem: JobProblem) {
    super(problem.message)
    this.problem = problem
  }
}

/** @param file the one that was worked on */
export function problemOf(error: unknown, file?: string): JobProblem {
  if (error instanceof JobError) return error.problem
  if (error instanceof SealkitError) {
    const { code, message, hint } = error
    return { code, message, hint, file }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: error instanceof TypeError ? 'ERR_INPUT' : 'ERR_INTERNAL', message, file }
}
