import { setMaxListeners } from 'node:events'

/** Many requests may share one signal: that is no leak, of which Node would warn from the eleventh on. */
export function shared(signal: AbortSignal): AbortSignal {
  // Not 0, which means the same: Node's getMaxListeners throws for it, and so does a fetch that the signal is given to.
  setMaxListeners(Number.POSITIVE_INFINITY, signal)
  return signal
}
