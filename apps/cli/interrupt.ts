import { constants } from 'node:os'
import { Interrupted } from './errors.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** How long the work may take to clean up after itself. */
const GRACE_MS = 1000
let grace = GRACE_MS

/** Gives the work that runs now more time to end, in milliseconds: others may still be served by it. */
export function allowToEnd(milliseconds: number): void {
  grace = milliseconds
}

/**
 * Runs work that a signal ends: the work's signal is aborted with {@link Interrupted}, and where that does not
 * help, or a second signal comes, the process ends at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals): void => {
    const reason = new Interrupted(128 + constants.signals[name])
    // From here on the system's own handling: a second Ctrl-C ends the process whatever it is waiting for.
    release()
    controller.abort(reason)
    // Not process.exit: it would wait for a read that hangs.
    setTimeout(() => process.kill(process.pid, name), grace).unref()
  }
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, stop)
  }
  for (const name of SIGNALS) process.on(name, stop)
  try {
    return await work(controller.signal)
  } catch (error) {
    // Aborted work fails in many ways; only the cause is of interest.
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    release()
  }
}
