import { type SignKeyObjectInput, sign } from 'node:crypto'
import { SignerError } from '../../src/errors.ts'

interface Job {
  readonly data: Uint8Array
  readonly signal: AbortSignal | undefined
  readonly resolve: (signature: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

// As it was when the module was loaded: a test's fake clock must not stop signatures.
const nextTurn = setImmediate

/** Content above it is hashed on the pool: hashing a mebibyte takes as long as a signature. */
const MAX_HERE = 64 * 1024

/**
 * Decides where a signature is made: on libuv's pool, so that many in flight use all cores, or on this thread.
 *
 * Waking a thread of the pool and coming back costs 30 to 50 us here, which on one signature at a time is 1.25 x
 * raw for RSA-2048 and 2.5 x for P-256. So a cheap signature (below some 0.25 ms, see `isCheap`) waits for the next
 * turn of the event loop, which costs 1 us: by then all that came in with it is known. If it is alone, it is made here;
 * if there are others, or some are on the pool already, all go to the pool. Signing right away would not do:
 * nothing would ever be seen to be in flight, since each call would be over before the next one. The turn also
 * lets timers and sockets in between two signatures of a loop that awaits one after the other.
 */
export class SigningQueue {
  readonly #hash: string | null
  readonly #key: SignKeyObjectInput
  readonly #cheap: boolean
  #waiting: Job[] = []
  #inPool = 0
  #idle: (() => void)[] = []

  /**
   * @param hash node:crypto's name, null for EdDSA
   * @param key with padding and salt length
   * @param cheap a signature takes less than some 0.25 ms
   */
  constructor(hash: string | null, key: SignKeyObjectInput, cheap: boolean) {
    this.#hash = hash
    this.#key = key
    this.#cheap = cheap
  }

  /** Signs. What is aborted before it is begun is not done; its promise is the caller's to settle. */
  sign(data: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (!this.#cheap || this.#inPool > 0 || data.length > MAX_HERE) {
        this.#onPool({ data, signal, resolve, reject })
        return
      }
      // A copy, as node:crypto makes for the pool: the caller may write into the bytes once the call is made.
      this.#waiting.push({ data: Buffer.from(data), signal, resolve, reject })
      if (this.#waiting.length === 1) nextTurn(() => this.#flush())
    })
  }

  /** Resolves when nothing is waiting or in flight. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#settled()
    })
  }

  #settled(): void {
    if (this.#idle.length === 0 || this.#inPool > 0 || this.#waiting.length > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #flush(): void {
    const jobs = this.#waiting.filter(({ signal }) => signal?.aborted !== true)
    this.#waiting = []
    const [job] = jobs
    if (job !== undefined && jobs.length === 1 && this.#inPool === 0) this.#here(job)
    else for (const each of jobs) this.#onPool(each)
    this.#settled()
  }

  #here({ data, resolve, reject }: Job): void {
    try {
      resolve(sign(this.#hash, data, this.#key))
    } catch (cause) {
      reject(failed(cause))
    }
  }

  #onPool({ data, resolve, reject }: Job): void {
    try {
      sign(this.#hash, data, this.#key, (error, signature) => {
        this.#inPool--
        if (error === null || error === undefined) resolve(signature)
        else reject(failed(error))
        this.#settled()
      })
      this.#inPool++
    } catch (cause) {
      reject(failed(cause))
    }
  }
}

function failed(cause: unknown): SignerError {
  return new SignerError('ERR_SIGNER_FAILED', 'node:crypto could not sign', { cause })
}
