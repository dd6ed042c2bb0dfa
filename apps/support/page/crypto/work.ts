/** The worker: whatever derives keys, makes them or signs is done here, so that the page goes on. */
import { JOBS, type JobName } from './jobs/jobs.ts'
import { type JobProblem, problemOf } from './jobs/problem.ts'

/** What the page sends. */
export interface WorkAsk {
  readonly id: number
  readonly name: JobName
  readonly args: readonly unknown[]
}

/** What it gets. */
export interface WorkAnswer {
  readonly id: number
  readonly result?: unknown
  readonly problem?: JobProblem
}

const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: WorkAsk }) => void
  postMessage(answer: WorkAnswer): void
}

scope.onmessage = ({ data: { id, name, args } }) => {
  const job = JOBS[name] as (...args: readonly unknown[]) => Promise<unknown>
  job(...args).then(
    (result) => scope.postMessage({ id, result }),
    (error: unknown) => scope.postMessage({ id, problem: problemOf(error) }),
  )
}
