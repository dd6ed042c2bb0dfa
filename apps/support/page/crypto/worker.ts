import { ownScript } from '../ui/trusted.ts'
import type { JobName, Jobs } from './jobs/jobs.ts'
import { JobError } from './jobs/problem.ts'
import type { WorkAnswer, WorkAsk } from './work.ts'
import url from './work.ts?worker&url'

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

let worker: Worker | undefined
let count = 0
const waiting = new Map<number, Waiting>()

/**
 * Has the worker do a job.
 *
 * @throws JobError
 */
export function run<Name extends JobName>(
  name: Name,
  ...args: Parameters<Jobs[Name]>
): ReturnType<Jobs[Name]> {
  worker ??= start()
  count += 1
  const ask: WorkAsk = { id: count, name, args }
  const answer = new Promise((resolve, reject) => waiting.set(ask.id, { resolve, reject }))
  worker.postMessage(ask)
  return answer as ReturnType<Jobs[Name]>
}

/** Ends the work that is going on, such as a file's millions of iterations. Its jobs fail with `ERR_CANCELLED`. */
export function cancelWork(): void {
  end('ERR_CANCELLED', 'cancelled')
}

function start(): Worker {
  const made = new Worker(ownScript(url), { type: 'module' })
  made.onmessage = ({ data }: MessageEvent<WorkAnswer>) => {
    const { id, result, problem } = data
    const asked = waiting.get(id)
    waiting.delete(id)
    if (problem === undefined) asked?.resolve(result)
    else asked?.reject(new JobError(problem))
  }
  made.onerror = () => end('ERR_WORKER', 'the worker of this page cannot be started')
  return made
}

function end(code: string, message: string): void {
  worker?.terminate()
  worker = undefined
  const error = new JobError({
    code,
    message,
    hint: code === 'ERR_WORKER' ? 'load the page again' : undefined,
  })
  for (const { reject } of waiting.values()) reject(error)
  waiting.clear()
}
