import { AsyncLocalStorage } from 'node:async_hooks'
import type { HttpPhase } from '../errors.ts'
import type { Trace, TraceKind } from './trace.ts'

/** What is known of a request on its way; the connector finds it here. */
export class RequestState {
  /** How far it is: a connection that is there already begins with `http`. */
  phase: HttpPhase = 'http'
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

/** The request that the code at hand works for. */
export const currentRequest = new AsyncLocalStorage<RequestState>()
