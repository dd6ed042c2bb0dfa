import { equalBytes } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate, Name } from '../x509/index.ts'

/**
 * Certificates by subject, each once, to find issuers in.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readCertificates } from 'sealkit/credentials'
 * import { CertificatePool } from 'sealkit/path'
 * const intermediates = new CertificatePool(readCertificates(readFileSync('intermediates.pem')))
 * ```
 */
export class CertificatePool {
  readonly #bySubject = new Map<string, Certificate[]>()
  #size = 0

  constructor(certificates: Iterable<Certificate> = []) {
    for (const certificate of certificates) this.add(certificate)
  }

  /** How many certificates there are. */
  get size(): number {
    return this.#size
  }

  /** @returns false where it is there already */
  add(certificate: Certificate): boolean {
    if (this.has(certificate)) return false
    const key = certificate.subject.comparable
    const same = this.#bySubject.get(key)
    if (same === undefined) this.#bySubject.set(key, [certificate])
    else same.push(certificate)
    this.#size++
    return true
  }

  /** @returns false where it is not there */
  remove(certificate: Certificate): boolean {
    const key = certificate.subject.comparable
    const same = this.#bySubject.get(key) ?? []
    const rest = same.filter((each) => !each.equals(certificate))
    if (rest.length === same.length) return false
    this.#size--
    if (rest.length > 0) this.#bySubject.set(key, rest)
    else this.#bySubject.delete(key)
    return true
  }

  /** Whether this very certificate is there. */
  has(certificate: Certificate): boolean {
    return this.withSubject(certificate.subject).some((each) => each.equals(certificate))
  }

  /** The certificates of a subject, by RFC 5280 7.1; in the order they came. */
  withSubject(name: Name): readonly Certificate[] {
    return this.#bySubject.get(name.comparable) ?? []
  }

  /** All certificates, those of one subject together. */
  *[Symbol.iterator](): Iterator<Certificate> {
    for (const same of this.#bySubject.values()) yield* same
  }
}

/** Whether an issuer's key identifier is the one that a certificate names; undefined where one of them is missing. */
export function keyIdentifiersAgree(certificate: Certificate, issuer: Certificate): boolean | undefined {
  try {
    const [authority, own] = [certificate.authorityKeyIdentifier, issuer.subjectKeyIdentifier]
    return authority && own && equalBytes(authority, own)
  } catch (error) {
    if (error instanceof SealkitError) return undefined
    throw error
  }
}

/** The same CA: name and key. A path goes through it once. */
export function isSameAuthority(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.subjectPublicKeyInfo, b.subjectPublicKeyInfo) && a.subject.equals(b.subject)
}
