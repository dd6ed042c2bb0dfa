import { AsyncLocalStorage } from 'node:async_hooks'
import type { Trace, TraceKind } from './trace.ts'

/** What is known of a request on its way; the connector finds it here. */
export class RequestState {
  /** Whether the answer's head is there. */
  phase: 'http' | 'body' = 'http'
  readonly #number: number
  readonly #began = performance.now()
  readonly #trace: Trace | undefined

  constructor(number: number, trace: Trace | undefined) {
    this.#number = number
    this.#trace = trace
  }

  get isTraced(): boolean {
    return this.#trace !== undefined
  }

  /** A listener that throws is its owner's fault, and ends no request. */
  tell(kind: TraceKind, ...lines: readonly string[]): void {
    if (this.#trace === undefined || lines.length === 0) return
    const elapsed = performance.now() - this.#began
    try {
      this.#trace({ time: new Date(), request: this.#number, elapsed, kind, lines })
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}

const traced = new AsyncLocalStorage<RequestState>()

/** Runs the request's code, which finds the state where it is traced. Others do without: it costs a fifth of all. */
export function withRequest<T>(state: RequestState, run: () => Promise<T>): Promise<T> {
  return state.isTraced ? traced.run(state, run) : run()
}

/** The traced request that the code at hand works for. */
export function currentRequest(): RequestState | undefined {
  return traced.getStore()
}
