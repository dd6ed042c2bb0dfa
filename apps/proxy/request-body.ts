import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { CallerGone } from './caller-gone.ts'

/**
 * The body of a request as the upstream's connection reads it: no faster than it can be sent. Ending it early leaves
 * the caller's connection alone, where the answer is still on its way.
 */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage
  readonly #onData = (chunk: Uint8Array) => {
    if (!this.push(chunk)) this.#request.pause()
  }
  readonly #onEnd = () => void this.push(null)
  readonly #onBroken = () => {
    if (!this.#request.complete) this.destroy(new CallerGone())
  }

  constructor(request: IncomingMessage) {
    super()
    this.#request = request
    request.pause()
    request.on('data', this.#onData)
    request.once('end', this.#onEnd)
    request.once('error', this.#onBroken)
    request.once('close', this.#onBroken)
    // Attaching a reader sets it flowing.
    request.pause()
  }

  override _read(): void {
    this.#request.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const request = this.#request
    request.off('data', this.#onData)
    request.off('end', this.#onEnd)
    request.off('close', this.#onBroken)
    request.off('error', this.#onBroken)
    request.on('error', () => {})
    done(error)
  }
}
