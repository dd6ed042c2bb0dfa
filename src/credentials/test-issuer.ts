import type { SignatureAlgorithmChoice } from '../algorithms/index.ts'
import { der, readDer } from '../asn1/index.ts'
import { CredentialError } from '../errors.ts'
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  encodeExtension,
  subjectKeyIdentifierExtension,
} from '../x509/encode-extensions.ts'
import { Certificate, type KeyUsage, Name } from '../x509/index.ts'
import { samePublicKeyInfo } from './public-key-identity.ts'
import type { CertificateRequest } from './request/certificate-request.ts'
import { badRequest } from './request/errors.ts'
import { externalKeyOf, type RequestKey } from './request/sign-with-key.ts'
import { type WantedExtensions, wantedExtensions } from './request/wanted-extensions.ts'

/** What {@link issueTestCertificate} is given. */
export interface TestCertificateOptions extends WantedExtensions, SignatureAlgorithmChoice {
  /** Whose certificate: a request, whose names and usages are taken over, ... */
  request?: CertificateRequest | undefined
  /** ... a SubjectPublicKeyInfo in DER ... */
  publicKey?: Uint8Array | undefined
  /** ... or a private key; without an issuer the certificate is self-signed with it. */
  key?: RequestKey | undefined
  /** As text or as a name; default: that of the request. Let it say what the certificate is: `CN=Test CA`. */
  subject?: string | Name | undefined
  /** Who signs; default: `key` itself. */
  issuer?: { readonly certificate: Certificate; readonly key: RequestKey } | undefined
  /** How long it is valid, from an hour ago on, in days. */
  days: number
  /** First moment of validity instead. */
  notBefore?: Date | undefined
  /** A CA, with the most CA certificates that may follow it where a number is given. Default false. */
  ca?: boolean | { readonly pathLenConstraint: number } | undefined
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * Issues a certificate **for tests and demos**: self-signed, by a test CA, or a test CA itself (RFC 5280, v3, random
 * serial number, subject and authority key identifiers). It keeps no records, asks nobody, revokes nothing: never use
 * it where someone relies on the certificate.
 *
 * @throws CredentialError `ERR_CREDENTIAL_REQUEST` for a request that does not verify,
 *   `ERR_CREDENTIAL_KEY_MISMATCH` where the issuer's key and certificate do not belong together
 * @throws NameError, CertificateError, AlgorithmError as `createCertificateRequest`; TypeError for other arguments
 * @example
 * ```ts
 * import { generateKey, issueTestCertificate } from 'sealkit/credentials'
 * const caKey = await generateKey('P-256')
 * const ca = await issueTestCertificate({ key: caKey, subject: 'CN=Test CA', days: 30, ca: true })
 * const key = await generateKey('P-256')
 * const issuer = { certificate: ca, key: caKey }
 * await issueTestCertificate({ key, subject: 'CN=test', days: 30, issuer, extendedKeyUsage: ['clientAuth'] })
 * ```
 */
export async function issueTestCertificate(options: TestCertificateOptions): Promise<Certificate> {
  const { days, ca = false, issuer, request } = options
  if (!(days > 0)) throw new TypeError('days must be a number above 0')
  if (request !== undefined && !(await request.verify())) {
    throw badRequest('the certificate request is not signed by its own key')
  }
  const own = options.key === undefined ? undefined : await externalKeyOf(options.key, issuer ? {} : options)
  const spki = request?.subjectPublicKeyInfo ?? options.publicKey ?? own?.subjectPublicKeyInfo
  const signer = issuer === undefined ? own : await externalKeyOf(issuer.key, options)
  if (spki === undefined) throw new TypeError('a request, a publicKey or a key is needed')
  if (signer === undefined) throw new TypeError('an issuer is needed, or the key itself')
  const issuerSpki = issuer?.certificate.subjectPublicKeyInfo ?? spki
  if (!samePublicKeyInfo(signer.subjectPublicKeyInfo, issuerSpki)) throw otherKey()

  const subject = subjectOf(options)
  const authority = issuer?.certificate.subjectKeyIdentifier ?? (await keyIdentifier(issuerSpki))
  const extensions = [
    basicConstraintsExtension(ca !== false, typeof ca === 'object' ? ca.pathLenConstraint : undefined),
    ...wantedExtensions(wantedOf(options), subject.rdns.length > 0),
    subjectKeyIdentifierExtension(await keyIdentifier(spki)),
    authorityKeyIdentifierExtension(authority),
  ]
  const notBefore = options.notBefore ?? new Date(Date.now() - HOUR)
  const notAfter = new Date(notBefore.getTime() + days * DAY)
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    der.integer(globalThis.crypto.getRandomValues(new Uint8Array(16))),
    signer.algorithm.der,
    (issuer?.certificate.subject ?? subject).der,
    der.sequence([der.time(notBefore), der.time(notAfter)]),
    subject.der,
    spki,
    der.explicit(3, der.sequence(extensions.map(encodeExtension))),
  ])
  const signature = der.bitString(await signer.sign(tbs))
  return Certificate.parse(der.sequence([tbs, signer.algorithm.der, signature]))
}

function subjectOf({ subject, request }: TestCertificateOptions): Name {
  if (subject instanceof Name) return subject
  if (typeof subject === 'string') return Name.fromText(subject)
  if (subject === undefined && request !== undefined) return request.subject
  throw new TypeError('a subject is needed, as text or as a Name')
}

/** What is not said comes from the request, else what a signer or a CA has. */
function wantedOf({ request, ca, ...options }: TestCertificateOptions): WantedExtensions {
  const usual: readonly KeyUsage[] = ca ? ['keyCertSign', 'cRLSign'] : ['digitalSignature', 'nonRepudiation']
  const asked = request?.keyUsage && [...request.keyUsage]
  return {
    subjectAltNames: options.subjectAltNames ?? request?.subjectAltName,
    // A request does not make a CA.
    keyUsage: options.keyUsage ?? (ca ? usual : (asked?.filter((usage) => usage !== 'keyCertSign') ?? usual)),
    extendedKeyUsage: options.extendedKeyUsage ?? request?.extendedKeyUsage,
  }
}

/** RFC 7093 section 2, method 1: the first 160 bits of the SHA-256 of the key. */
async function keyIdentifier(spki: Uint8Array): Promise<Uint8Array> {
  const key = readDer(spki, 'SubjectPublicKeyInfo', (r) =>
    r.sequence('', (s) => {
      s.element('algorithm')
      return new Uint8Array(s.bitStringBytes('subjectPublicKey'))
    }),
  )
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', key)).subarray(0, 20)
}

function otherKey(): CredentialError {
  const hint = "give the private key of the issuer's certificate"
  return new CredentialError(
    'ERR_CREDENTIAL_KEY_MISMATCH',
    'the issuer has another key than its certificate',
    {
      hint,
    },
  )
}
