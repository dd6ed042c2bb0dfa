/** Authorities made for the tests: a root, CAs below it, certificates of users. */
import {
  generateKey,
  issueTestCertificate,
  type PrivateKey,
  type TestCertificateOptions,
} from '../../../src/credentials/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'

export interface Party {
  readonly certificate: Certificate
  readonly key: PrivateKey
}

export const DAY = 86_400_000

/** Issues a certificate with a new key: self-signed without an issuer. */
export async function issue(
  subject: string,
  options: Partial<TestCertificateOptions> = {},
  key?: PrivateKey,
): Promise<Party> {
  const own = key ?? (await generateKey('P-256'))
  const certificate = await issueTestCertificate({ days: 365, ...options, subject, key: own })
  return { certificate, key: own }
}

/** Root, intermediate, leaf. */
export async function hierarchy(
  leaf: Partial<TestCertificateOptions> = {},
): Promise<Record<'root' | 'sub' | 'leaf', Party>> {
  const root = await issue('CN=Test root', { ca: true, days: 3650 })
  const sub = await issue('CN=Test intermediate', { ca: true, issuer: root, days: 1000 })
  return { root, sub, leaf: await issue('CN=leaf', { issuer: sub, ...leaf }) }
}
