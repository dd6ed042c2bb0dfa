import {
  type AlgorithmPolicy,
  importPublicKey,
  type PublicKey,
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../../algorithms/index.ts'
import { decodePem, encodePem } from '../../asn1/index.ts'
import { parseBasicConstraints, parseExtendedKeyUsage, parseKeyUsage } from '../../x509/extensions.ts'
import { parseGeneralNames } from '../../x509/general-name.ts'
import {
  type BasicConstraints,
  type Extension,
  ExtensionOid,
  type GeneralName,
  generalNameToString,
  type KeyUsage,
  type Name,
} from '../../x509/index.ts'
import { samePublicKeyInfo } from '../public-key-identity.ts'
import { badRequest } from './errors.ts'
import { type RequestAttribute, type RequestFields, readRequest } from './read-request.ts'
import { verifyWithKey } from './verify-with-key.ts'

/**
 * A PKCS#10 certificate request (RFC 2986): a public key, the name wanted for it, the extensions wanted, signed by
 * the key itself. Read as strictly as a certificate, but for attributes that are not in order.
 *
 * Reading does not verify: {@link verify} does.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { CertificateRequest } from 'sealkit/credentials'
 * const request = CertificateRequest.fromPem(readFileSync('request.csr'))
 * if (await request.verify()) console.log(`${request.subject} has the private key`)
 * ```
 */
export class CertificateRequest {
  readonly #fields: RequestFields

  /** @internal Use `parse` or `fromPem`. */
  constructor(fields: RequestFields) {
    this.#fields = fields
  }

  /**
   * Parses one request.
   *
   * @param bytes DER; copied
   * @throws CredentialError `ERR_CREDENTIAL_REQUEST`, with the place in the bytes in its message
   * @throws TypeError where `bytes` is no Uint8Array
   * @example
   * ```ts
   * import { readFileSync } from 'node:fs'
   * import { CertificateRequest } from 'sealkit/credentials'
   * CertificateRequest.parse(readFileSync('request.der')).subject.toString()
   * ```
   */
  static parse(bytes: Uint8Array): CertificateRequest {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('CertificateRequest: bytes must be a Uint8Array')
    return new CertificateRequest(readRequest(new Uint8Array(bytes)))
  }

  /**
   * Parses the first `CERTIFICATE REQUEST` (or `NEW CERTIFICATE REQUEST`) block of a PEM text (RFC 7468 section 7).
   *
   * @param text characters, or the bytes of a file
   * @throws PemError; CredentialError `ERR_CREDENTIAL_REQUEST`, also where there is no such block
   * @example
   * ```ts
   * import { readFileSync } from 'node:fs'
   * import { CertificateRequest } from 'sealkit/credentials'
   * CertificateRequest.fromPem(readFileSync('request.csr')).subject.toString()
   * ```
   */
  static fromPem(text: string | Uint8Array): CertificateRequest {
    const block = decodePem(text).find(({ label }) => LABELS.has(label))
    if (block !== undefined) return CertificateRequest.parse(block.der)
    const hint =
      'a request stands between -----BEGIN CERTIFICATE REQUEST----- and -----END CERTIFICATE REQUEST-----'
    throw badRequest('no CERTIFICATE REQUEST block in the text', undefined, hint)
  }

  /** The encoding, byte for byte. */
  get der(): Uint8Array {
    return this.#fields.der
  }
  /** CertificationRequestInfo: the bytes that are signed (RFC 2986 4.1). */
  get certificationRequestInfo(): Uint8Array {
    return this.#fields.info
  }
  /** The name that is asked for; may be empty. */
  get subject(): Name {
    return this.#fields.subject
  }
  /** SubjectPublicKeyInfo in DER. */
  get subjectPublicKeyInfo(): Uint8Array {
    return this.#fields.subjectPublicKeyInfo
  }
  /**
   * The key, imported.
   *
   * @throws Asn1Error, AlgorithmError as `importPublicKey`
   */
  get publicKey(): PublicKey {
    return importPublicKey(this.#fields.subjectPublicKeyInfo)
  }
  /** The attributes, the extensions' own among them (RFC 2986 4.1). */
  get attributes(): readonly RequestAttribute[] {
    return this.#fields.attributes
  }
  /** The extensions that are asked for (RFC 2985 5.4.2), in their order. */
  get extensions(): readonly Extension[] {
    return this.#fields.extensions
  }
  /** The extension of an OID, where it is asked for. */
  extension(oid: string): Extension | undefined {
    return this.#fields.extensions.find((extension) => extension.oid === oid)
  }
  /**
   * subjectAltName, where asked for (RFC 5280 4.2.1.6).
   *
   * @throws Asn1Error, CertificateError `ERR_CERTIFICATE_EXTENSION`; so do the extensions below
   */
  get subjectAltName(): readonly GeneralName[] | undefined {
    return this.#parsed(ExtensionOid.subjectAltName, (value) => parseGeneralNames(value, 'subjectAltName'))
  }
  /** keyUsage, where asked for (RFC 5280 4.2.1.3). */
  get keyUsage(): ReadonlySet<KeyUsage> | undefined {
    return this.#parsed(ExtensionOid.keyUsage, parseKeyUsage)
  }
  /** extendedKeyUsage as OIDs, where asked for (RFC 5280 4.2.1.12). */
  get extendedKeyUsage(): readonly string[] | undefined {
    return this.#parsed(ExtensionOid.extendedKeyUsage, parseExtendedKeyUsage)
  }
  /** basicConstraints, where asked for (RFC 5280 4.2.1.9). */
  get basicConstraints(): BasicConstraints | undefined {
    return this.#parsed(ExtensionOid.basicConstraints, parseBasicConstraints)
  }
  /** The key's own signature over {@link certificationRequestInfo}. */
  get signature(): Uint8Array {
    return this.#fields.signature
  }
  /**
   * The algorithm of {@link signature}.
   *
   * @throws Asn1Error, AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`
   */
  get signatureAlgorithm(): SignatureAlgorithm {
    return parseSignatureAlgorithm(this.#fields.signatureAlgorithmDer)
  }
  /**
   * Whether the request is signed by its own key, as proof that its maker has it.
   *
   * @param policy key sizes and hashes that are taken
   * @throws Asn1Error, AlgorithmError where key or algorithm cannot be used, or are too weak
   */
  async verify(policy: AlgorithmPolicy = {}): Promise<boolean> {
    const { info, signature, subjectPublicKeyInfo } = this.#fields
    return verifyWithKey(this.signatureAlgorithm, subjectPublicKeyInfo, info, signature, policy)
  }
  /**
   * Whether the request is for a key: whether the public keys are the same, whatever their encoding.
   *
   * @param other a private key, certificate or other request, or a SubjectPublicKeyInfo in DER
   */
  matchesKey(other: Uint8Array | { readonly subjectPublicKeyInfo: Uint8Array | undefined }): boolean {
    const spki = other instanceof Uint8Array ? other : other.subjectPublicKeyInfo
    return spki !== undefined && samePublicKeyInfo(this.#fields.subjectPublicKeyInfo, spki)
  }
  /** One `CERTIFICATE REQUEST` block. */
  toPem(): string {
    return encodePem('CERTIFICATE REQUEST', this.der)
  }
  /** One line for people. */
  toString(): string {
    return `certificate request for ${this.subject.toString() || '(no name)'}`
  }
  /** A summary; {@link der} is the request itself. */
  toJSON(): Record<string, string | readonly string[]> {
    return {
      subject: this.subject.toString(),
      subjectAltNames: (this.subjectAltName ?? []).map(generalNameToString),
      keyUsage: [...(this.keyUsage ?? [])],
      extendedKeyUsage: this.extendedKeyUsage ?? [],
    }
  }
  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `CertificateRequest { ${this.subject} }`
  }

  #parsed<T>(oid: string, parse: (value: Uint8Array) => T): T | undefined {
    const extension = this.extension(oid)
    return extension === undefined ? undefined : parse(extension.value)
  }
}

const LABELS: ReadonlySet<string> = new Set(['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'])
