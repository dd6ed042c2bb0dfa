import { contextTag, type DerReader, readDer } from '../../asn1/index.ts'
import { Asn1Error, CertificateError } from '../../errors.ts'
import { parseExtensions } from '../../x509/extensions.ts'
import { type Extension, Name } from '../../x509/index.ts'
import { readAlgorithm, readPublicKeyInfo } from '../../x509/read-certificate.ts'
import { badRequest } from './errors.ts'

/** Attribute of a request (RFC 2986 4.1). */
export interface RequestAttribute {
  /** Dotted OID. */
  readonly type: string
  /** Its values, each in DER: one at least. */
  readonly values: readonly Uint8Array[]
}

/** The fields of a CertificationRequest (RFC 2986 section 4) as they are read in one go; bytes are views. */
export interface RequestFields {
  readonly der: Uint8Array
  /** CertificationRequestInfo, tag and length included. */
  readonly info: Uint8Array
  readonly subject: Name
  readonly subjectPublicKeyInfo: Uint8Array
  readonly attributes: readonly RequestAttribute[]
  readonly extensions: readonly Extension[]
  readonly signatureAlgorithmDer: Uint8Array
  readonly signature: Uint8Array
}

/** Attributes that hold Extensions: of PKCS#9 (RFC 2985 5.4.2), and Microsoft's of old. */
export const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'
const MICROSOFT_EXTENSIONS = '1.3.6.1.4.1.311.2.1.14'

/**
 * Reads one CertificationRequest that fills `bytes`.
 *
 * @param strict attributes in the order of DER; some programs do not sort them
 * @throws CredentialError `ERR_CREDENTIAL_REQUEST` with what the floors below say as its cause
 */
export function readRequest(bytes: Uint8Array, strict = false): RequestFields {
  try {
    return readDer(bytes, 'CertificationRequest', (reader) =>
      reader.sequence('', (r) => {
        const info = r.nextBytes
        const fields = r.sequence('certificationRequestInfo', (i) => readInfo(i, strict))
        const signatureAlgorithmDer = readAlgorithm(r, 'signatureAlgorithm')
        const signature = r.bitStringBytes('signature')
        return { ...fields, der: bytes, info, signatureAlgorithmDer, signature }
      }),
    )
  } catch (cause) {
    if (!(cause instanceof Asn1Error) && !(cause instanceof CertificateError)) throw cause
    throw badRequest(`the certificate request is damaged: ${cause.message}`, cause)
  }
}

function readInfo(
  r: DerReader,
  strict: boolean,
): Pick<RequestFields, 'subject' | 'subjectPublicKeyInfo' | 'attributes' | 'extensions'> {
  // v1 is written 0, and there is no other (RFC 2986 4.1).
  r.smallInteger('version', 0, 0)
  const subject = Name.read(r, 'subject')
  const subjectPublicKeyInfo = readPublicKeyInfo(r)
  // Attributes are not optional; some programs leave them out where there are none.
  const attributes = r.done && !strict ? [] : readAttributes(r, strict)
  return { subject, subjectPublicKeyInfo, attributes, extensions: requestedExtensions(attributes) }
}

function readAttributes(r: DerReader, strict: boolean): RequestAttribute[] {
  const order = strict ? {} : { unsorted: () => undefined }
  const readValues = (a: DerReader): Uint8Array[] =>
    a.setOf('values', (values, name) => values.element(name).bytes, order)
  const attributes = r.setOf(
    'attributes',
    (set, name) => set.sequence(name, (a) => ({ type: a.oid('type'), values: readValues(a) })),
    { tag: contextTag(0, true), ...order },
  )
  const types = new Set(attributes.map(({ type }) => type))
  if (types.size < attributes.length) throw badRequest('an attribute of the certificate request stands twice')
  if (attributes.some(({ values }) => values.length === 0)) {
    throw badRequest('an attribute of the certificate request has no value')
  }
  return attributes
}

function requestedExtensions(attributes: readonly RequestAttribute[]): readonly Extension[] {
  const found = attributes.filter(({ type }) => type === EXTENSION_REQUEST || type === MICROSOFT_EXTENSIONS)
  const values = found.flatMap((attribute) => attribute.values)
  if (values.length > 1) throw badRequest('the certificate request asks for extensions in two places')
  return values[0] === undefined ? [] : parseExtensions(values[0], 'extensionRequest')
}
