import { parseSignatureAlgorithm, type SignatureAlgorithm } from '../algorithms/index.ts'
import { decodePem, encodePem, readDer, toHex } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import type { Certificate } from './certificate.ts'
import { type IssuingDistributionPoint, parseIssuingDistributionPoint } from './distribution-points.ts'
import { type Extension, ExtensionOid, parseAuthorityKeyIdentifier } from './extensions.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Name } from './name.ts'
import { type CrlFields, readCrl } from './read-crl.ts'
import { type RevokedCertificate, RevokedCertificates } from './revoked.ts'

/**
 * A certificate revocation list (RFC 5280 section 5), read strictly as DER. Reading checks the form of every
 * entry and says nothing about trust: the signature is not verified, and the times are not compared with now.
 *
 * Lists of hundreds of thousands of entries are fine: entries are made when they are asked for.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { Certificate, CertificateRevocationList } from 'sealkit/x509'
 * const crl = CertificateRevocationList.parse(readFileSync('ca.crl'))
 * const certificate = Certificate.fromPem(readFileSync('cert.pem'))
 * crl.find(certificate)?.reason // 'keyCompromise', or undefined where it is not revoked by this list
 * ```
 */
export class CertificateRevocationList {
  readonly #fields: CrlFields
  readonly #revoked: RevokedCertificates

  private constructor(fields: CrlFields) {
    this.#fields = fields
    this.#revoked = new RevokedCertificates(fields)
  }

  /**
   * Parses one list.
   *
   * @param bytes DER, 64 MiB at most; copied
   * @throws Asn1Error `ERR_ASN1_*` with offset and field path
   * @throws CertificateError `ERR_CRL_MALFORMED`, `ERR_CERTIFICATE_EXTENSION`
   * @throws TypeError where `bytes` is no Uint8Array
   * @example
   * ```ts
   * import { readFileSync } from 'node:fs'
   * import { CertificateRevocationList } from 'sealkit/x509'
   * CertificateRevocationList.parse(readFileSync('ca.crl')).entryCount // 12
   * ```
   */
  static parse(bytes: Uint8Array): CertificateRevocationList {
    if (!(bytes instanceof Uint8Array))
      throw new TypeError('CertificateRevocationList: bytes must be a Uint8Array')
    return new CertificateRevocationList(readCrl(new Uint8Array(bytes)))
  }

  /**
   * Parses the first `X509 CRL` block of a PEM text (RFC 7468 section 6).
   *
   * @param text characters, or the bytes of a file
   * @throws PemError, Asn1Error, CertificateError; `ERR_CRL_MALFORMED` where there is no such block
   * @example
   * ```ts
   * import { readFileSync } from 'node:fs'
   * import { CertificateRevocationList } from 'sealkit/x509'
   * CertificateRevocationList.fromPem(readFileSync('ca.crl.pem')).issuer.toString()
   * ```
   */
  static fromPem(text: string | Uint8Array): CertificateRevocationList {
    const block = decodePem(text).find(({ label }) => label === 'X509 CRL')
    if (block === undefined) {
      const hint = 'a revocation list stands between -----BEGIN X509 CRL----- and -----END X509 CRL-----'
      throw new CertificateError('ERR_CRL_MALFORMED', 'no X509 CRL block in the text', { hint })
    }
    return CertificateRevocationList.parse(block.der)
  }

  /** The encoding, byte for byte. */
  get der(): Uint8Array {
    return this.#fields.der
  }
  /** TBSCertList: the bytes that were signed. */
  get tbs(): Uint8Array {
    return this.#fields.tbs
  }
  /** 1 or 2 (RFC 5280 5.1.2.1). */
  get version(): 1 | 2 {
    return this.#fields.version
  }
  /** Who signed the list (RFC 5280 5.1.2.3). */
  get issuer(): Name {
    return this.#fields.issuer
  }
  /** When the list was made (RFC 5280 5.1.2.4). */
  get thisUpdate(): Date {
    return new Date(this.#fields.thisUpdate)
  }
  /** When the next one is there at the latest (RFC 5280 5.1.2.5), where the list says so. */
  get nextUpdate(): Date | undefined {
    const { nextUpdate } = this.#fields
    return nextUpdate && new Date(nextUpdate)
  }
  /** The issuer's signature over {@link tbs} (RFC 5280 5.1.1.3). */
  get signature(): Uint8Array {
    return this.#fields.signature
  }
  /**
   * The algorithm of {@link signature} (RFC 5280 5.1.1.2).
   *
   * @throws Asn1Error, AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`
   */
  get signatureAlgorithm(): SignatureAlgorithm {
    return parseSignatureAlgorithm(this.#fields.signatureAlgorithmDer)
  }
  /** All extensions of the list, in their order (RFC 5280 5.2). */
  get extensions(): readonly Extension[] {
    return this.#fields.extensions
  }
  /** The extension of an OID, where present. */
  extension(oid: string): Extension | undefined {
    return this.#fields.extensions.find((extension) => extension.oid === oid)
  }
  /**
   * cRLNumber, where present: grows with every list (RFC 5280 5.2.3). Lower-case hexadecimal.
   *
   * @throws Asn1Error, CertificateError `ERR_CERTIFICATE_EXTENSION`; so do the extensions below
   */
  get crlNumber(): string | undefined {
    return this.#parsed(ExtensionOid.cRLNumber, (value) => parseNumber(value, 'cRLNumber'))
  }
  /** Number of the list that this delta list completes, where it is one (RFC 5280 5.2.4). */
  get deltaCRLIndicator(): string | undefined {
    return this.#parsed(ExtensionOid.deltaCRLIndicator, (value) => parseNumber(value, 'deltaCRLIndicator'))
  }
  /** keyIdentifier of authorityKeyIdentifier, where present (RFC 5280 5.2.1). */
  get authorityKeyIdentifier(): Uint8Array | undefined {
    return this.#parsed(ExtensionOid.authorityKeyIdentifier, parseAuthorityKeyIdentifier)
  }
  /** issuingDistributionPoint, where present: what the list covers (RFC 5280 5.2.5). */
  get issuingDistributionPoint(): IssuingDistributionPoint | undefined {
    return this.#parsed(ExtensionOid.issuingDistributionPoint, parseIssuingDistributionPoint)
  }
  /** OIDs of the critical extensions in entries: who does not know one must not use the list (RFC 5280 5.3). */
  get criticalEntryExtensions(): ReadonlySet<string> {
    return this.#fields.entries.critical
  }
  /** Number of revoked certificates. */
  get entryCount(): number {
    return this.#revoked.size
  }
  /**
   * The entries, in their order. Each is made when its turn comes.
   *
   * @throws Asn1Error, CertificateError for a damaged reasonCode or invalidityDate
   */
  *entries(): Generator<RevokedCertificate> {
    for (let i = 0; i < this.#revoked.size; i++) yield this.#revoked.at(i)
  }
  /**
   * The entry of a certificate: by serial number and issuer, in an indirect list too. The first look-up makes an
   * index of all entries; those that follow cost next to nothing. Whether the list covers the certificate at all
   * (its issuer, kind, distribution point and time) is the caller's to decide.
   *
   * @param certificate or its serial number (content octets) and issuer
   * @throws Asn1Error, CertificateError as {@link entries}
   */
  find(certificate: Pick<Certificate, 'serial' | 'issuer'>): RevokedCertificate | undefined {
    return this.#revoked.find(certificate.serial, certificate.issuer)
  }
  /** Fingerprint over the DER in lower-case hexadecimal. */
  fingerprint(hash: 'sha256' | 'sha1' = 'sha256'): string {
    return fingerprintOf(this.der, hash)
  }
  /** One `X509 CRL` block. */
  toPem(): string {
    return encodePem('X509 CRL', this.der)
  }
  /** One line for people. */
  toString(): string {
    return `revocation list of ${this.issuer}, ${this.entryCount} entries, ${this.thisUpdate.toISOString()}`
  }
  /** A summary; {@link der} is the list itself. */
  toJSON(): Record<string, string | number | null> {
    return {
      issuer: this.issuer.toString(),
      thisUpdate: this.thisUpdate.toISOString(),
      nextUpdate: this.nextUpdate?.toISOString() ?? null,
      entryCount: this.entryCount,
    }
  }
  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `CertificateRevocationList { ${this} }`
  }

  #parsed<T>(oid: string, parse: (value: Uint8Array) => T): T | undefined {
    const extension = this.extension(oid)
    return extension === undefined ? undefined : parse(extension.value)
  }
}

/** A number that is not negative (RFC 5280 5.2.3). */
function parseNumber(value: Uint8Array, field: string): string {
  const content = readDer(value, field, (r) => r.integerBytes(''))
  if ((content[0] as number) < 0x80)
    return toHex(content.length > 1 && content[0] === 0 ? content.subarray(1) : content)
  throw new CertificateError('ERR_CERTIFICATE_EXTENSION', `${field} is negative`)
}
