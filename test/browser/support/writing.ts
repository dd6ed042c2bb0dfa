import { encodeBase64 } from '../../../src/asn1/index.ts'
import {
  createCertificateRequest,
  type GeneratedKeyType,
  generateKey,
  issueTestCertificate,
  writePem,
  writePkcs12,
  writeTruststore,
} from '../../../src/credentials/index.ts'
import { fingerprint } from './reading.ts'

/** Everything that can be made, for one new key. */
export interface Made {
  /** Fingerprints of the key and of its certificate and CA. */
  readonly key: string | null
  readonly certificates: readonly string[]
  readonly request: string
  readonly pem: string
  readonly encryptedPem: string
  readonly scryptPem: string
  /** PKCS#12 files, by what they are. */
  readonly files: Readonly<Record<string, string>>
}

export async function make(type: GeneratedKeyType, password: string): Promise<Made> {
  const caKey = await generateKey('P-256')
  const ca = await issueTestCertificate({ key: caKey, subject: 'CN=Test CA', days: 30, ca: true })
  const key = await generateKey(type)
  const request = await createCertificateRequest({
    subject: 'CN=api.bank.example,O=Банк,C=LU',
    key,
    subjectAltNames: ['DNS:api.bank.example'],
    keyUsage: ['digitalSignature'],
  })
  const certificate = await issueTestCertificate({
    request,
    issuer: { certificate: ca, key: caKey },
    days: 30,
  })
  const contents = { keys: [{ key, certificate, chain: [ca], friendlyName: 'ключ' }] }
  return {
    key: await fingerprint(key.subjectPublicKeyInfo),
    certificates: [await fingerprint(certificate.der), await fingerprint(ca.der)],
    request: request.toPem(),
    pem: await writePem(contents),
    encryptedPem: await writePem(contents, { password }),
    scryptPem: await writePem(contents, { password, kdf: 'scrypt' }),
    files: {
      modern: encodeBase64(await writePkcs12(contents, { password })),
      legacy: encodeBase64(await writePkcs12(contents, { password, profile: 'legacy' })),
      java: encodeBase64(await writePkcs12(contents, { password, profile: 'java' })),
      'AES-192': encodeBase64(await writePkcs12(contents, { password, encryption: 'AES-192-CBC' })),
      scrypt: encodeBase64(await writePkcs12(contents, { password, kdf: 'scrypt' })),
      truststore: encodeBase64(await writeTruststore([certificate, ca], { password })),
    },
  }
}
