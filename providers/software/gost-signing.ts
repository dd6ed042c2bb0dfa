import type { GostPrivateKey } from '../../src/algorithms/gost/private-key.ts'
import { digest, type HashAlgorithm } from '../../src/algorithms/index.ts'
import { SignerError } from '../../src/errors.ts'

// As it was when the module was loaded: a test's fake clock must not stop signatures.
const nextTurn = setImmediate

/**
 * Signs with a GOST key: by our own code on this thread, since node:crypto knows no GOST. Each signature waits for a
 * turn of the event loop of its own, so that timers and sockets get in between.
 */
export class GostSigning {
  readonly #key: GostPrivateKey
  readonly #hash: HashAlgorithm
  #waiting = 0
  #idle: (() => void)[] = []

  constructor(key: GostPrivateKey, hash: HashAlgorithm) {
    this.#key = key
    this.#hash = hash
  }

  /** Signs. What is aborted before it is begun is not done; its promise is the caller's to settle. */
  sign(data: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
    // Hashed before the call returns: the caller may write into the bytes then.
    const hashed = digest(this.#hash, data)
    this.#waiting++
    return new Promise((resolve, reject) => {
      nextTurn(() => {
        try {
          if (signal?.aborted !== true) resolve(this.#key.sign(hashed))
        } catch (cause) {
          reject(new SignerError('ERR_SIGNER_FAILED', 'the GOST key could not sign', { cause }))
        } finally {
          this.#waiting--
          this.#settled()
        }
      })
    })
  }

  /** Resolves when nothing is waiting; the key is let go of then. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#settled()
    })
  }

  #settled(): void {
    if (this.#idle.length === 0 || this.#waiting > 0) return
    this.#key.wipe()
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
