import { encodePem } from '../../../src/asn1/index.ts'
import { type GeneratedKeyType, generateKey, issueTestCertificate } from '../../../src/credentials/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { commonNameOf } from '../name.ts'

/** A throw-away key for signatures with its certificate. Secret all the same. */
export interface IssuedSigner {
  readonly certificate: Certificate
  readonly certificatePem: string
  /** PKCS#8, not encrypted. */
  readonly keyPem: string
}

/** Makes a key and a self-signed certificate for a user. MOEX takes RSA and GOST. */
export async function issueSigner(login: string, keyType: GeneratedKeyType): Promise<IssuedSigner> {
  using key = await generateKey(keyType)
  const certificate = await issueTestCertificate({ key, subject: commonNameOf(`${login} (test)`), days: 365 })
  return {
    certificate,
    certificatePem: certificate.toPem(),
    keyPem: encodePem('PRIVATE KEY', key.pkcs8()),
  }
}
