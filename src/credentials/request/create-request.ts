import type { SignatureAlgorithmChoice } from '../../algorithms/index.ts'
import { der, equalBytes } from '../../asn1/index.ts'
import { encodeExtension } from '../../x509/encode-extensions.ts'
import { type Extension, Name } from '../../x509/index.ts'
import { CertificateRequest } from './certificate-request.ts'
import { badRequest } from './errors.ts'
import { EXTENSION_REQUEST, readRequest } from './read-request.ts'
import { externalKeyOf, type RequestKey } from './sign-with-key.ts'
import { type WantedExtensions, wantedExtensions } from './wanted-extensions.ts'

/** What {@link createCertificateRequest} is given. */
export interface CertificateRequestOptions extends WantedExtensions, SignatureAlgorithmChoice {
  /** As text (`CN=api,O=Bank,C=LU` or `/C=LU/O=Bank/CN=api`, see `Name.fromText`) or as a name. */
  subject: string | Name
  /** The private key, or one that signs elsewhere. It is used once and kept nowhere. */
  key: RequestKey
}

/**
 * Makes a PKCS#10 certificate request (RFC 2986), in Node or in a browser.
 *
 * @throws NameError for a subject, CertificateError `ERR_CERTIFICATE_EXTENSION` for an alternative name that is none
 * @throws AlgorithmError `ERR_KEY_WEAK` for an RSA key below 2048 bits, `ERR_ALGORITHM_KEY_MISMATCH` for a hash or
 *   padding that does not fit the key, `ERR_ALGORITHM_UNAVAILABLE` where the browser cannot sign with it
 * @throws CredentialError `ERR_CREDENTIAL_REQUEST` where there is neither subject nor alternative name, or the key
 *   made a signature that is not its own
 * @throws TypeError for another wrong argument
 * @see RFC 2986, RFC 2985 5.4.2
 * @example
 * ```ts
 * import { createCertificateRequest, generateKey } from 'sealkit/credentials'
 * const key = await generateKey('P-256')
 * const request = await createCertificateRequest({
 *   subject: 'CN=api.bank.example,O=Bank,C=LU',
 *   key,
 *   subjectAltNames: ['DNS:api.bank.example'],
 *   keyUsage: ['digitalSignature'],
 *   extendedKeyUsage: ['clientAuth'],
 * })
 * request.toPem() // '-----BEGIN CERTIFICATE REQUEST-----…'
 * ```
 */
export async function createCertificateRequest(
  options: CertificateRequestOptions,
): Promise<CertificateRequest> {
  const subject = typeof options.subject === 'string' ? Name.fromText(options.subject) : options.subject
  if (!(subject instanceof Name)) throw new TypeError('subject must be a text or a Name')
  const extensions = wantedExtensions(options, subject.rdns.length > 0)
  if (subject.rdns.length === 0 && (options.subjectAltNames ?? []).length === 0) {
    throw badRequest('a request needs a subject or an alternative name', undefined, 'give a subject: CN=…')
  }
  const key = await externalKeyOf(options.key, options)
  const info = await encodeInfo(subject, key.subjectPublicKeyInfo, extensions)
  const signature = der.bitString(await key.sign(info))
  return checked(der.sequence([info, key.algorithm.der, signature]), subject, key.subjectPublicKeyInfo)
}

/** CertificationRequestInfo by pkijs, which is loaded only where a request is made. */
async function encodeInfo(
  subject: Name,
  spki: Uint8Array,
  extensions: readonly Extension[],
): Promise<Uint8Array> {
  const [pkijs, { fromBER }] = await Promise.all([import('pkijs'), import('asn1js')])
  const list = der.sequence(extensions.map(encodeExtension))
  const attribute = new pkijs.Attribute({ type: EXTENSION_REQUEST, values: [fromBER(list).result] })
  const request = new pkijs.CertificationRequest({
    subject: new pkijs.RelativeDistinguishedNames({ schema: fromBER(new Uint8Array(subject.der)).result }),
    subjectPublicKeyInfo: pkijs.PublicKeyInfo.fromBER(new Uint8Array(spki)),
    attributes: extensions.length === 0 ? [] : [attribute],
  })
  const [info] = request.toSchema(true).valueBlock.value
  return new Uint8Array((info as NonNullable<typeof info>).toBER())
}

/** Hands out a request only once the strict reader finds in it what was asked for, and the signature verifies. */
async function checked(bytes: Uint8Array, subject: Name, spki: Uint8Array): Promise<CertificateRequest> {
  const request = new CertificateRequest(readRequest(bytes, true))
  const faithful =
    equalBytes(request.subject.der, subject.der) && equalBytes(request.subjectPublicKeyInfo, spki)
  if (faithful && (await request.verify())) return request
  const hint = 'the key that signs must be the private key of the public key that is given'
  throw badRequest('the request that was made does not verify', undefined, hint)
}
