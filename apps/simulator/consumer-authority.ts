import { encodePem } from '../../src/asn1/index.ts'
import { generateKey, issueTestCertificate, writePkcs12 } from '../../src/credentials/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { type Issuer, makeAuthority } from './authority.ts'
import { commonNameOf } from './name.ts'

/** How a certificate of a client is to be, or to be wrong. */
export interface IssueOptions {
  /** Default `P-256`, which is quick to make. */
  keyType?: 'P-256' | 'RSA-2048' | undefined
  /** The common name, where it is not the user id. */
  commonName?: string | undefined
  /** Of validity, from an hour ago on. Default 730, as the platform's own have. */
  days?: number | undefined
  /** It has run out yesterday. */
  expired?: boolean | undefined
}

/** A client's certificate and private key. Throw-away, and secret all the same. */
export interface IssuedCredential {
  readonly userId: string
  readonly certificate: Certificate
  readonly certificatePem: string
  /** PKCS#8, not encrypted. */
  readonly keyPem: string
  /** Both in one, as Xact hands them out: certificate, then key. */
  readonly pem: string
  /** Both and the issuer in a PKCS#12 file; `legacy` is for old programs. */
  p12(password: string, profile?: 'modern' | 'legacy'): Promise<Uint8Array>
}

/** A test authority that issues certificates to clients. */
export class ConsumerAuthority {
  /** In PEM. */
  readonly ca: string
  readonly #issuer: Issuer

  private constructor(issuer: Issuer) {
    this.ca = issuer.certificate.toPem()
    this.#issuer = issuer
  }

  static async create(commonName: string): Promise<ConsumerAuthority> {
    return new ConsumerAuthority(await makeAuthority(commonName))
  }

  /** Makes a key and issues its certificate, with the user id as common name. */
  async issue(userId: string, options: IssueOptions = {}): Promise<IssuedCredential> {
    const { keyType = 'P-256', commonName = userId, days = 730, expired = false } = options
    const key = await generateKey(keyType)
    const certificate = await issueTestCertificate({
      key,
      subject: commonNameOf(commonName),
      issuer: this.#issuer,
      extendedKeyUsage: ['clientAuth'],
      days,
      ...(expired ? { notBefore: new Date(Date.now() - (days + 1) * 86_400_000) } : {}),
    })
    const certificatePem = certificate.toPem()
    const keyPem = encodePem('PRIVATE KEY', key.pkcs8())
    const chain = [this.#issuer.certificate]
    return {
      userId,
      certificate,
      certificatePem,
      keyPem,
      pem: certificatePem + keyPem,
      p12: (password, profile = 'modern') =>
        writePkcs12({ keys: [{ key, certificate, chain }] }, { password, profile }),
    }
  }
}
