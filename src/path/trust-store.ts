import { decodePem } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import { Certificate } from '../x509/index.ts'
import { CertificatePool } from './pool.ts'

/** A certificate of a bundle that could not be read. */
export interface UnreadableCertificate {
  /** Line of its BEGIN mark, or its place in a list, from 1. */
  readonly place: number
  readonly error: SealkitError
}

/**
 * The certificates that are trusted as roots, parsed once and indexed, for any number of validations; their public keys
 * are imported once, when they are first needed.
 *
 * A certificate in the store is trusted whoever signed it: put CAs into it, and nothing that somebody else gave.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { TrustStore } from 'sealkit/path'
 * const store = TrustStore.fromPem(readFileSync('server-cert-cacerts.pem'))
 * for (const { place, error } of store.unreadable) console.error(`line ${place}: ${error.message}`)
 * ```
 */
export class TrustStore {
  /** @internal */
  readonly pool: CertificatePool
  readonly #unreadable: UnreadableCertificate[] = []

  /** @param certificates the trusted roots, in any order, each counted once */
  constructor(certificates: Iterable<Certificate> = []) {
    this.pool = new CertificatePool(certificates)
  }

  /**
   * A store from a bundle: all `CERTIFICATE` blocks of a PEM text. What cannot be read is in {@link unreadable}.
   *
   * @param text characters, or the bytes of a file
   * @throws PemError where the text is damaged PEM
   */
  static fromPem(text: string | Uint8Array): TrustStore {
    const store = new TrustStore()
    for (const { label, der, line } of decodePem(text)) {
      if (label !== 'CERTIFICATE' && label !== 'X509 CERTIFICATE' && label !== 'TRUSTED CERTIFICATE') continue
      store.addDer(der, line)
    }
    return store
  }

  /**
   * Adds a certificate in DER; one that cannot be read is put into {@link unreadable}.
   *
   * @param place where it stands, for {@link unreadable}
   */
  addDer(bytes: Uint8Array, place: number): void {
    try {
      this.add(Certificate.parse(bytes))
    } catch (error) {
      if (!(error instanceof SealkitError)) throw error
      this.#unreadable.push({ place, error })
    }
  }

  /** @returns false where the store has it already */
  add(certificate: Certificate): boolean {
    return this.pool.add(certificate)
  }

  /** Takes a certificate out: validations that begin later do not trust it. @returns false where it was not there */
  remove(certificate: Certificate): boolean {
    return this.pool.remove(certificate)
  }

  /** Whether this very certificate is in the store. */
  has(certificate: Certificate): boolean {
    return this.pool.has(certificate)
  }

  /** Number of certificates. */
  get size(): number {
    return this.pool.size
  }

  /** What a bundle had that could not be read. */
  get unreadable(): readonly UnreadableCertificate[] {
    return this.#unreadable
  }

  /** The certificates, those of one subject together. */
  [Symbol.iterator](): Iterator<Certificate> {
    return this.pool[Symbol.iterator]()
  }
}
