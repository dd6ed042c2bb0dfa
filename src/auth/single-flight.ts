import { shared } from '../http/shared-signal.ts'

/** One run at a time, however many wait for it. Each may stop waiting; when the last one has, the run is aborted. */
export class SingleFlight<T> {
  #flight: Flight<T> | undefined

  /**
   * Waits for the run that is under way, or starts one.
   *
   * @param start gets the signal that the last one's going aborts
   * @param signal ends this waiting only, with its reason
   */
  run(start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const flight = this.#flight ?? this.#start(start)
    return this.#wait(flight, signal)
  }

  #start(start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    const flight: Flight<T> = { controller, result: start(controller.signal), waiting: 0 }
    this.#flight = flight
    const land = () => this.#leave(flight)
    flight.result.then(land, land)
    return flight
  }

  #leave(flight: Flight<T>): void {
    if (this.#flight === flight) this.#flight = undefined
  }

  #wait(flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> {
    flight.waiting++
    if (signal === undefined) return flight.result
    return new Promise<T>((resolve, reject) => {
      const stop = () => {
        flight.waiting--
        reject(signal.reason)
        if (flight.waiting > 0) return
        // Who comes next starts anew.
        this.#leave(flight)
        flight.controller.abort(signal.reason)
      }
      const end = () => signal.removeEventListener('abort', stop)
      if (signal.aborted) return stop()
      shared(signal).addEventListener('abort', stop, { once: true })
      flight.result.then(resolve, reject)
      flight.result.then(end, end)
    })
  }
}

interface Flight<T> {
  readonly controller: AbortController
  readonly result: Promise<T>
  waiting: number
}
