import type { KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { GostPrivateKey } from '../../src/algorithms/gost/private-key.ts'
import {
  type HashAlgorithm,
  nodeOptions,
  type PublicKey,
  type SignatureAlgorithm,
} from '../../src/algorithms/index.ts'
import { SignerError } from '../../src/errors.ts'
import type { KeySigner, SignCallOptions } from '../../src/signer/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { GostSigning } from './gost-signing.ts'
import { SigningQueue } from './signing-queue.ts'

/** What a {@link SoftwareKey} is made of. */
export interface SoftwareKeyParts {
  readonly key: KeyObject | GostPrivateKey
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly algorithm: SignatureAlgorithm
  readonly warnings: readonly string[]
}

/**
 * A private key in this process's memory, from `openSoftwareKey`. It can be shared by any number of callers;
 * many signatures in flight use all cores, but those of GOST keys, which are made on the main thread, a millisecond or
 * so each, by code that is not audited. Printed or written as JSON it shows algorithm and subject.
 *
 * Disposing waits for the signatures in flight and lets go of the key: OpenSSL overwrites it when the garbage
 * collector frees it. A GOST key's number cannot be overwritten.
 */
export class SoftwareKey implements KeySigner {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly algorithm: SignatureAlgorithm
  /** Sentences for the user, e.g. that the key file can be read by others. */
  readonly warnings: readonly string[]
  #queue: SigningQueue | GostSigning | undefined

  /** @internal */
  constructor({ key, certificate, chain, algorithm, warnings }: SoftwareKeyParts) {
    this.certificate = certificate
    this.chain = chain
    this.algorithm = algorithm
    this.warnings = warnings
    this.#queue = signingWith(key, algorithm, certificate.publicKey)
  }

  /**
   * Signs.
   *
   * @param data the bytes to be hashed and signed; they are copied, or hashed, before the call returns
   * @param options `signal` ends the call with its reason
   * @throws SignerError `ERR_SIGNER_DISPOSED`; `ERR_SIGNER_FAILED` where the key cannot sign
   * @throws TypeError where data is no Uint8Array
   */
  sign(data: Uint8Array, options?: SignCallOptions): Promise<Uint8Array> {
    if (!(data instanceof Uint8Array)) return Promise.reject(new TypeError('data must be a Uint8Array'))
    if (this.#queue === undefined) {
      return Promise.reject(new SignerError('ERR_SIGNER_DISPOSED', 'the key has been disposed'))
    }
    const signal = options?.signal
    if (signal === undefined) return this.#queue.sign(data, undefined)
    if (signal.aborted) return Promise.reject(signal.reason)
    return orAborted(this.#queue.sign(data, signal), signal)
  }

  /** Waits for the signatures in flight and lets go of the key. */
  async [Symbol.asyncDispose](): Promise<void> {
    const queue = this.#queue
    this.#queue = undefined
    await queue?.idle()
  }

  /** Algorithm and subject; nothing of the key. */
  toJSON(): Record<string, string> {
    const { scheme, hash } = this.algorithm
    return {
      algorithm: hash === undefined ? scheme : `${scheme} with ${hash.name}`,
      subject: this.certificate.subject.toString(),
    }
  }

  /** Algorithm and subject in one line. */
  toString(): string {
    const { algorithm, subject } = this.toJSON()
    return `${algorithm}, ${subject}`
  }

  /** What `console.log` shows: algorithm and subject. */
  [inspect.custom](): string {
    return `SoftwareKey { ${this} }`
  }
}

function signingWith(
  key: SoftwareKeyParts['key'],
  algorithm: SignatureAlgorithm,
  publicKey: PublicKey,
): SigningQueue | GostSigning {
  const { hash } = algorithm
  if (key instanceof GostPrivateKey) return new GostSigning(key, hash as HashAlgorithm)
  return new SigningQueue(hash?.node ?? null, { key, ...nodeOptions(algorithm) }, isCheap(publicKey))
}

/** Keys whose signature takes less than some 0.25 ms; RSA of 3072 bits takes three times that, P-384 twice. */
function isCheap({ type, bits }: PublicKey): boolean {
  return type.startsWith('RSA') ? bits <= 2048 : type === 'EC' ? bits === 256 : true
}

async function orAborted<T>(outcome: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([outcome, aborted])
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort)
  }
}
