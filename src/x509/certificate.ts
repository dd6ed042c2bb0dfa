import {
  importPublicKey,
  type PublicKey,
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../algorithms/index.ts'
import { decodePem, encodePem, equalBytes, toHex } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { type DistributionPoint, parseCrlDistributionPoints } from './distribution-points.ts'
import {
  type BasicConstraints,
  type Extension,
  ExtensionOid,
  type KeyUsage,
  parseAuthorityKeyIdentifier,
  parseBasicConstraints,
  parseExtendedKeyUsage,
  parseKeyUsage,
  parseSubjectKeyIdentifier,
} from './extensions.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type GeneralName, parseGeneralNames } from './general-name.ts'
import {
  type AccessDescription,
  parseCertificatePolicies,
  parseInformationAccess,
} from './information-access.ts'
import type { Name } from './name.ts'
import { type CertificateFields, readCertificate } from './read-certificate.ts'

/**
 * An X.509 certificate (RFC 5280 section 4.1), read strictly as DER. Reading says nothing about trust.
 *
 * The key, the signature's algorithm and each extension are parsed when they are asked for: a certificate with
 * an unknown key can still be shown, and each getter says what it throws.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { Certificate } from 'sealkit'
 * const certificate = Certificate.fromPem(readFileSync('cert.pem', 'utf8'))
 * console.log(`${certificate.subject} until ${certificate.notAfter.toISOString()}`)
 * ```
 */
export class Certificate {
  readonly #fields: CertificateFields
  #publicKey: PublicKey | undefined
  #signatureAlgorithm: SignatureAlgorithm | undefined

  private constructor(fields: CertificateFields) {
    this.#fields = fields
  }

  /**
   * Parses one certificate.
   *
   * @param bytes DER; copied, so that the certificate neither changes with them nor keeps a large message alive
   * @throws Asn1Error `ERR_ASN1_*` with offset and field path
   * @throws CertificateError `ERR_CERTIFICATE_MALFORMED`, `ERR_CERTIFICATE_EXTENSION`
   * @throws TypeError where `bytes` is no Uint8Array
   * @example
   * ```ts
   * import { readFileSync } from 'node:fs'
   * import { Certificate } from 'sealkit/x509'
   * Certificate.parse(readFileSync('cert.der')).serialNumber // '0a1b…'
   * ```
   */
  static parse(bytes: Uint8Array): Certificate {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('Certificate: bytes must be a Uint8Array')
    return new Certificate(readCertificate(new Uint8Array(bytes)))
  }

  /**
   * Parses the first `CERTIFICATE` block of a PEM text (RFC 7468 section 5).
   *
   * @param text characters, or the bytes of a file
   * @throws PemError, Asn1Error, CertificateError; `ERR_CERTIFICATE_MALFORMED` where there is no such block
   * @example
   * ```ts
   * import { readFileSync } from 'node:fs'
   * import { Certificate } from 'sealkit/x509'
   * Certificate.fromPem(readFileSync('cert.pem')).subject.toString()
   * ```
   */
  static fromPem(text: string | Uint8Array): Certificate {
    const block = decodePem(text).find(({ label }) => label === 'CERTIFICATE')
    if (block === undefined) {
      const hint = 'a certificate stands between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----'
      throw new CertificateError('ERR_CERTIFICATE_MALFORMED', 'no CERTIFICATE block in the text', { hint })
    }
    return Certificate.parse(block.der)
  }

  /** The encoding, byte for byte. */
  get der(): Uint8Array {
    return this.#fields.der
  }
  /** TBSCertificate: the bytes that the issuer signed. */
  get tbs(): Uint8Array {
    return this.#fields.tbs
  }
  /** 1, 2 or 3 (RFC 5280 4.1.2.1). */
  get version(): 1 | 2 | 3 {
    return this.#fields.version
  }
  /** Content octets of the serial number INTEGER (RFC 5280 4.1.2.2). */
  get serial(): Uint8Array {
    return this.#fields.serial
  }
  /** Serial number in lower-case hexadecimal, a leading zero byte left out. */
  get serialNumber(): string {
    const { serial } = this.#fields
    return toHex(serial.length > 1 && serial[0] === 0 ? serial.subarray(1) : serial)
  }
  /** Who signed the certificate (RFC 5280 4.1.2.4). */
  get issuer(): Name {
    return this.#fields.issuer
  }
  /** Whose key it is (RFC 5280 4.1.2.6); may be empty. */
  get subject(): Name {
    return this.#fields.subject
  }
  /** First moment of validity (RFC 5280 4.1.2.5). */
  get notBefore(): Date {
    return new Date(this.#fields.notBefore)
  }
  /** Last second of validity, inclusive (RFC 5280 4.1.2.5). */
  get notAfter(): Date {
    return new Date(this.#fields.notAfter)
  }
  /** SubjectPublicKeyInfo in DER (RFC 5280 4.1.2.7). */
  get subjectPublicKeyInfo(): Uint8Array {
    return this.#fields.subjectPublicKeyInfo
  }
  /** The issuer's signature over {@link tbs} (RFC 5280 4.1.1.3). */
  get signature(): Uint8Array {
    return this.#fields.signature
  }
  /**
   * The algorithm of {@link signature} (RFC 5280 4.1.1.2).
   *
   * @throws Asn1Error, AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`
   */
  get signatureAlgorithm(): SignatureAlgorithm {
    this.#signatureAlgorithm ??= parseSignatureAlgorithm(this.#fields.signatureAlgorithmDer)
    return this.#signatureAlgorithm
  }
  /**
   * The subject's key, imported on first use and kept.
   *
   * @throws Asn1Error, AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`, `ERR_KEY_INVALID`
   */
  get publicKey(): PublicKey {
    this.#publicKey ??= importPublicKey(this.#fields.subjectPublicKeyInfo)
    return this.#publicKey
  }
  /** All extensions, in their order (RFC 5280 4.1.2.9). */
  get extensions(): readonly Extension[] {
    return this.#fields.extensions
  }
  /** The extension of an OID, where present. */
  extension(oid: string): Extension | undefined {
    return this.#fields.extensions.find((extension) => extension.oid === oid)
  }
  /**
   * keyUsage (RFC 5280 4.2.1.3), or undefined where the certificate does not restrict its key.
   *
   * @throws Asn1Error, CertificateError `ERR_CERTIFICATE_EXTENSION`; so do the extensions below
   */
  get keyUsage(): ReadonlySet<KeyUsage> | undefined {
    return this.#parsed(ExtensionOid.keyUsage, parseKeyUsage)
  }
  /** extendedKeyUsage as OIDs, where present (RFC 5280 4.2.1.12). */
  get extendedKeyUsage(): readonly string[] | undefined {
    return this.#parsed(ExtensionOid.extendedKeyUsage, parseExtendedKeyUsage)
  }
  /** basicConstraints, where present (RFC 5280 4.2.1.9). */
  get basicConstraints(): BasicConstraints | undefined {
    return this.#parsed(ExtensionOid.basicConstraints, parseBasicConstraints)
  }
  /** subjectKeyIdentifier, where present (RFC 5280 4.2.1.2). */
  get subjectKeyIdentifier(): Uint8Array | undefined {
    return this.#parsed(ExtensionOid.subjectKeyIdentifier, parseSubjectKeyIdentifier)
  }
  /** keyIdentifier of authorityKeyIdentifier, where present (RFC 5280 4.2.1.1). */
  get authorityKeyIdentifier(): Uint8Array | undefined {
    return this.#parsed(ExtensionOid.authorityKeyIdentifier, parseAuthorityKeyIdentifier)
  }
  /** subjectAltName, where present (RFC 5280 4.2.1.6). */
  get subjectAltName(): readonly GeneralName[] | undefined {
    return this.#parsed(ExtensionOid.subjectAltName, (value) => parseGeneralNames(value, 'subjectAltName'))
  }
  /** certificatePolicies as OIDs, where present (RFC 5280 4.2.1.4). */
  get certificatePolicies(): readonly string[] | undefined {
    return this.#parsed(ExtensionOid.certificatePolicies, parseCertificatePolicies)
  }
  /** cRLDistributionPoints, where present (RFC 5280 4.2.1.13). */
  get crlDistributionPoints(): readonly DistributionPoint[] | undefined {
    return this.#parsed(ExtensionOid.cRLDistributionPoints, parseCrlDistributionPoints)
  }
  /** authorityInfoAccess, where present (RFC 5280 4.2.2.1). */
  get authorityInfoAccess(): readonly AccessDescription[] | undefined {
    return this.#parsed(ExtensionOid.authorityInfoAccess, parseInformationAccess)
  }
  /** Issuer and subject are the same name: a root, or self-issued. Says nothing about who signed it. */
  get selfIssued(): boolean {
    return this.issuer.equals(this.subject)
  }
  /** Fingerprint over the DER in lower-case hexadecimal. */
  fingerprint(hash: 'sha256' | 'sha1' = 'sha256'): string {
    return fingerprintOf(this.der, hash)
  }
  /** Same certificate, byte for byte. */
  equals(other: Certificate): boolean {
    return equalBytes(this.der, other.der)
  }
  /** One `CERTIFICATE` block. */
  toPem(): string {
    return encodePem('CERTIFICATE', this.der)
  }
  /** One line for people: subject, serial number, issuer. */
  toString(): string {
    return `${this.subject} (serial ${this.serialNumber}, issued by ${this.issuer})`
  }
  /** A summary; {@link der} is the certificate itself. */
  toJSON(): Record<string, string> {
    return {
      subject: this.subject.toString(),
      issuer: this.issuer.toString(),
      serialNumber: this.serialNumber,
      notBefore: this.notBefore.toISOString(),
      notAfter: this.notAfter.toISOString(),
      sha256: this.fingerprint(),
    }
  }
  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Certificate { ${this} }`
  }

  #parsed<T>(oid: string, parse: (value: Uint8Array) => T): T | undefined {
    const extension = this.extension(oid)
    return extension === undefined ? undefined : parse(extension.value)
  }
}
