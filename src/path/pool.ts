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
  readonly #bySubject = new Map<string, SameSubject>()
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
    const key = certificate.subject.comparable
    const same = this.#bySubject.get(key) ?? new SameSubject()
    if (!same.add(certificate)) return false
    this.#bySubject.set(key, same)
    this.#size++
    return true
  }

  /** @returns false where it is not there */
  remove(certificate: Certificate): boolean {
    const key = certificate.subject.comparable
    const same = this.#bySubject.get(key)
    if (same?.remove(certificate) !== true) return false
    this.#size--
    if (same.list.length === 0) this.#bySubject.delete(key)
    return true
  }

  /** Whether this very certificate is there. */
  has(certificate: Certificate): boolean {
    return this.#bySubject.get(certificate.subject.comparable)?.has(certificate) === true
  }

  /** The certificates of a subject, by RFC 5280 7.1; in the order they came. */
  withSubject(name: Name): readonly Certificate[] {
    return this.#bySubject.get(name.comparable)?.list ?? []
  }

  /** All certificates, those of one subject together. */
  *[Symbol.iterator](): Iterator<Certificate> {
    for (const same of this.#bySubject.values()) yield* same.list
  }
}

/** With more of one subject than this, they are told apart by fingerprints: thousands would take quadratic time. */
const MANY = 16

/** Certificates of one subject, each once. */
class SameSubject {
  #own: Certificate[] = []
  #fingerprints: Set<string> | undefined

  get list(): readonly Certificate[] {
    return this.#own
  }

  has(certificate: Certificate): boolean {
    if (this.#own.length <= MANY) return this.#own.some((each) => each.equals(certificate))
    this.#fingerprints ??= new Set(this.#own.map((each) => each.fingerprint()))
    return this.#fingerprints.has(certificate.fingerprint())
  }

  add(certificate: Certificate): boolean {
    if (this.has(certificate)) return false
    this.#fingerprints?.add(certificate.fingerprint())
    this.#own.push(certificate)
    return true
  }

  remove(certificate: Certificate): boolean {
    if (!this.has(certificate)) return false
    this.#own = this.#own.filter((each) => !each.equals(certificate))
    this.#fingerprints = undefined
    return true
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
