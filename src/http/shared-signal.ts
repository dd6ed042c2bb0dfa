import { setMaxListeners } from 'node:events'

/** Many requests may share one signal: that is no leak, of which Node would warn from the eleventh on. */
export function shared(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal)
  return signal
}
