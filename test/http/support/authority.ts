/** A throw-away authority for servers and clients of tests. */
import { encodePem } from '../../../src/asn1/index.ts'
import {
  type GeneratedKeyType,
  generateKey,
  issueTestCertificate,
  type TestCertificateOptions,
} from '../../../src/credentials/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'

export interface Issued {
  readonly certificate: Certificate
  readonly cert: string
  /** PKCS#8 in PEM. */
  readonly key: string
}

export interface TestAuthority {
  readonly certificate: Certificate
  /** In PEM. */
  readonly ca: string
  server(options?: Partial<TestCertificateOptions>): Promise<Issued>
  /** Another authority below this one. */
  intermediate(name: string, options?: Partial<TestCertificateOptions>): Promise<TestAuthority>
  client(
    name: string,
    options?: Partial<TestCertificateOptions> & { type?: GeneratedKeyType },
  ): Promise<Issued>
}

export async function makeAuthority(
  name = 'Test root',
  options: Partial<TestCertificateOptions> = {},
): Promise<TestAuthority> {
  const key = await generateKey('P-256')
  const subject = `CN=${name}`
  const certificate = await issueTestCertificate({ key, subject, days: 30, ca: true, ...options })
  const issue = async (options: Partial<TestCertificateOptions>, type: GeneratedKeyType): Promise<Issued> => {
    using own = await generateKey(type)
    const issued = await issueTestCertificate({
      key: own,
      days: 30,
      issuer: { certificate, key },
      ...options,
    })
    return { certificate: issued, cert: issued.toPem(), key: encodePem('PRIVATE KEY', own.pkcs8()) }
  }
  return {
    certificate,
    ca: certificate.toPem(),
    intermediate: (below, more) => makeAuthority(below, { issuer: { certificate, key }, ...more }),
    server: (options = {}) =>
      issue(
        {
          subject: 'CN=localhost',
          subjectAltNames: ['DNS:localhost', 'IP:127.0.0.1'],
          extendedKeyUsage: ['serverAuth'],
          ...options,
        },
        'P-256',
      ),
    client: (commonName, { type = 'P-256', ...options } = {}) =>
      issue({ subject: `CN=${commonName}`, extendedKeyUsage: ['clientAuth'], ...options }, type),
  }
}
