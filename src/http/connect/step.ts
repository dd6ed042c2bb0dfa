import type { Duplex } from 'node:stream'
import { HttpError, type HttpPhase } from '../../errors.ts'
import type { TraceKind } from '../trace.ts'

/** Tells a line or more of the trace. */
export type Tell = (kind: TraceKind, ...lines: string[]) => void

/** A step on the way to a connection. */
export interface Step {
  readonly phase: HttpPhase
  /** What is waited for, for the error: `an answer of the proxy`. */
  readonly waitsFor: string
  readonly hint: string
  /** In milliseconds. */
  readonly limit: number
  readonly signal: AbortSignal | undefined
}

/**
 * Runs a step, which must end with the reason of the signal that it is given.
 *
 * @throws HttpError `ERR_HTTP_TIMEOUT`; the reason of the caller's signal
 */
export async function inTime<T>(step: Step, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { phase, waitsFor, hint, limit, signal } = step
  signal?.throwIfAborted()
  const controller = new AbortController()
  const late = () => {
    const message = `no ${waitsFor} within ${limit} ms`
    controller.abort(new HttpError('ERR_HTTP_TIMEOUT', message, { phase, hint }))
  }
  const aborted = () => controller.abort(signal?.reason)
  const timer = setTimeout(late, limit)
  signal?.addEventListener('abort', aborted, { once: true })
  try {
    return await run(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
  }
}

/** Ends with the reason of the signal when it is aborted, and with what `start` calls. */
export function untilAborted<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    const done = () => signal.removeEventListener('abort', aborted)
    signal.addEventListener('abort', aborted, { once: true })
    start(
      (value) => {
        done()
        resolve(value)
      },
      (error) => {
        done()
        reject(error)
      },
    )
  })
}

/** Closes a socket for good; what it may still say is not heard. */
export function drop(socket: Duplex): void {
  socket.on('error', () => {})
  socket.destroy()
}
