import { setMaxListeners } from 'node:events'

/** Keeps Node from warning of a leak: a signal is often shared by all signatures of a program. */
export function manyMayListen(signal: AbortSignal | undefined): void {
  if (signal !== undefined) setMaxListeners(0, signal)
}

/** Waits for work, but no longer than until the signal aborts; the work itself goes on. */
export async function settleOrAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work
  return await new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** Waits for work, but no longer than so many milliseconds; the work itself goes on. */
export async function settleWithin(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work.then(noResult, noResult), over])
  clearTimeout(timer)
}

function noResult(): void {}
