import { isMainThread } from 'node:worker_threads'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** Synchronous work to be done before this process ends, the newest first. */
const actions = new Set<() => void>()

/**
 * Does something when the process ends while it is registered: by `process.exit`, by an exception, by a signal.
 * What kills the process outright (SIGKILL, a crash of the machine) leaves no time; the next run sweeps.
 *
 * @returns ends the registration
 */
export function onProcessEnd(action: () => void): () => void {
  if (actions.size === 0) listen()
  actions.add(action)
  return () => {
    if (actions.delete(action) && actions.size === 0) stopListening()
  }
}

function runAll(): void {
  for (const action of [...actions].reverse()) {
    actions.delete(action)
    action()
  }
}

/**
 * A program that handles signals itself decides what they mean: its exit, or its aborting of the calls, cleans up.
 * Where there is no other handler the process would just end: it still does, after cleaning up.
 */
function onSignal(name: NodeJS.Signals): void {
  if (process.listenerCount(name) > 1) return
  runAll()
  stopListening()
  process.kill(process.pid, name)
}

function listen(): void {
  process.on('exit', runAll)
  // Signals come to the main thread only. First in the row: another handler may take itself away.
  if (isMainThread) for (const name of SIGNALS) process.prependListener(name, onSignal)
}

function stopListening(): void {
  process.off('exit', runAll)
  for (const name of SIGNALS) process.off(name, onSignal)
}
