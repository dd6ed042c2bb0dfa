import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { importPublicKey, parseSignatureAlgorithm, type PublicKey, type SignatureAlgorithm } from '../algorithms/index.ts'
import { contextTag, type DerReader, decodePem, encodePem, equalBytes, readDer, toHex } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
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
  readExtensions,
} from './extensions.ts'
import { Name } from './name.ts'

/** The fields of a certificate as they are read in one go. */
interface Fields {
  der: Uint8Array
  tbs: Uint8Array
  version: 1 | 2 | 3
  serial: Uint8Array
  signatureAlgorithmDer: Uint8Array
  issuer: Name
  notBefore: Date
  notAfter: Date
  subject: Name
  subjectPublicKeyInfo: Uint8Array
  extensions: readonly Extension[]
  signature: Uint8Array
}

/**
 * An X.509 certificate (RFC 5280 section 4.1), read strictly as DER. Reading says nothing about trust.
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
  readonly #fields: Fields
  #publicKey: PublicKey | undefined
  #signatureAlgorithm: SignatureAlgorithm | undefined

  private constructor(fields: Fields) {
    this.#fields = fields
  }

  /**
   * Parses one certificate in DER.
   *
   * @throws Asn1Error `ERR_ASN1_*` with offset and field path
   * @throws CertificateError `ERR_CERTIFICATE_MALFORMED`, `ERR_CERTIFICATE_EXTENSION`
   */
  static parse(bytes: Uint8Array): Certificate {
    return new Certificate(readDer(bytes, 'Certificate', (r) => readCertificate(r, bytes)))
  }

  /**
   * Parses the first `CERTIFICATE` block of a PEM text.
   *
   * @throws PemError, Asn1Error, CertificateError; `ERR_CERTIFICATE_MALFORMED` where there is no such block
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
  /** Content octets of the serial number INTEGER. */
  get serial(): Uint8Array {
    return this.#fields.serial
  }
  /** Serial number in lower-case hexadecimal, a leading zero byte left out. */
  get serialNumber(): string {
    const { serial } = this.#fields
    return toHex(serial.length > 1 && serial[0] === 0 ? serial.subarray(1) : serial)
  }
  get issuer(): Name {
    return this.#fields.issuer
  }
  get subject(): Name {
    return this.#fields.subject
  }
  /** First moment of validity. */
  get notBefore(): Date {
    return new Date(this.#fields.notBefore)
  }
  /** Last second of validity, inclusive. */
  get notAfter(): Date {
    return new Date(this.#fields.notAfter)
  }
  /** SubjectPublicKeyInfo in DER. */
  get subjectPublicKeyInfo(): Uint8Array {
    return this.#fields.subjectPublicKeyInfo
  }
  /** The issuer's signature over {@link tbs}. */
  get signature(): Uint8Array {
    return this.#fields.signature
  }
  /** The algorithm of {@link signature}. @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN` */
  get signatureAlgorithm(): SignatureAlgorithm {
    this.#signatureAlgorithm ??= parseSignatureAlgorithm(this.#fields.signatureAlgorithmDer)
    return this.#signatureAlgorithm
  }
  /** Imported on first use and kept. @throws Asn1Error, AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_KEY_INVALID` */
  get publicKey(): PublicKey {
    this.#publicKey ??= importPublicKey(this.#fields.subjectPublicKeyInfo)
    return this.#publicKey
  }
  get extensions(): readonly Extension[] {
    return this.#fields.extensions
  }
  /** The extension of an OID, where present. */
  extension(oid: string): Extension | undefined {
    return this.#fields.extensions.find((extension) => extension.oid === oid)
  }
  /** keyUsage, or undefined where the certificate does not restrict its key. */
  get keyUsage(): ReadonlySet<KeyUsage> | undefined {
    return this.#parsed(ExtensionOid.keyUsage, parseKeyUsage)
  }
  /** extendedKeyUsage as OIDs, where present. */
  get extendedKeyUsage(): readonly string[] | undefined {
    return this.#parsed(ExtensionOid.extendedKeyUsage, parseExtendedKeyUsage)
  }
  get basicConstraints(): BasicConstraints | undefined {
    return this.#parsed(ExtensionOid.basicConstraints, parseBasicConstraints)
  }
  get subjectKeyIdentifier(): Uint8Array | undefined {
    return this.#parsed(ExtensionOid.subjectKeyIdentifier, parseSubjectKeyIdentifier)
  }
  get authorityKeyIdentifier(): Uint8Array | undefined {
    return this.#parsed(ExtensionOid.authorityKeyIdentifier, parseAuthorityKeyIdentifier)
  }
  /** Issuer and subject are the same name: a root, or self-issued. */
  get selfIssued(): boolean {
    return this.issuer.equals(this.subject)
  }
  /** Fingerprint over the DER in lower-case hexadecimal. */
  fingerprint(hash: 'sha256' | 'sha1' = 'sha256'): string {
    return createHash(hash).update(this.der).digest('hex')
  }
  /** Same certificate, byte for byte. */
  equals(other: Certificate): boolean {
    return equalBytes(this.der, other.der)
  }
  /** One `CERTIFICATE` block. */
  toPem(): string {
    return encodePem('CERTIFICATE', this.der)
  }
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
  [inspect.custom](): string {
    return `Certificate { ${this} }`
  }

  #parsed<T>(oid: string, parse: (value: Uint8Array) => T): T | undefined {
    const extension = this.extension(oid)
    return extension === undefined ? undefined : parse(extension.value)
  }
}

function readCertificate(reader: DerReader, bytes: Uint8Array): Fields {
  return reader.sequence('', (certificate) => {
    const tbs = certificate.nextBytes
    const fields = certificate.sequence('tbsCertificate', readTbsCertificate)
    const outer = certificate.element('signatureAlgorithm', 0x30).bytes
    // RFC 5280 4.1.1.2: both places must name the same algorithm, else one of them is not what was signed.
    if (!equalBytes(outer, fields.signatureAlgorithmDer)) {
      throw new CertificateError('ERR_CERTIFICATE_MALFORMED', 'signatureAlgorithm differs from tbsCertificate.signature')
    }
    return { ...fields, der: bytes, tbs, signature: certificate.bitStringBytes('signatureValue') }
  })
}

function readTbsCertificate(r: DerReader): Omit<Fields, 'der' | 'tbs' | 'signature'> {
  const version = r.optional(contextTag(0, true), 'version', (v) => v.smallInteger('', 1, 2)) ?? 0
  const serial = r.integerBytes('serialNumber')
  const signatureAlgorithmDer = r.element('signature', 0x30).bytes
  const issuer = Name.read(r, 'issuer')
  const validity = r.sequence('validity', (v) => ({ notBefore: v.time('notBefore'), notAfter: v.time('notAfter') }))
  const subject = Name.read(r, 'subject')
  const subjectPublicKeyInfo = r.element('subjectPublicKeyInfo', 0x30).bytes
  for (const number of [1, 2]) {
    if (r.nextTag === contextTag(number, false)) {
      if (version === 0) throw new CertificateError('ERR_CERTIFICATE_MALFORMED', 'unique identifiers in a v1 certificate')
      r.bitString(number === 1 ? 'issuerUniqueID' : 'subjectUniqueID', contextTag(number, false))
    }
  }
  const extensions = r.optional(contextTag(3, true), 'extensions', (e) => readExtensions(e, '')) ?? []
  if (extensions.length > 0 && version !== 2) {
    throw new CertificateError('ERR_CERTIFICATE_MALFORMED', `extensions in a v${version + 1} certificate`)
  }
  return {
    version: (version + 1) as 1 | 2 | 3,
    serial,
    signatureAlgorithmDer,
    issuer,
    ...validity,
    subject,
    subjectPublicKeyInfo,
    extensions,
  }
}
