import { encodePem } from '../../src/asn1/index.ts'
import { generateKey, issueTestCertificate, type PrivateKey } from '../../src/credentials/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import type { Faults } from './faults.ts'
import { commonNameOf } from './name.ts'

/** Key and certificates of a TLS server, in PEM. */
export interface ServerIdentity {
  readonly cert: string
  readonly key: string
}

/** Name and key of a test authority. */
export interface Issuer {
  readonly certificate: Certificate
  readonly key: PrivateKey
}

/** The names that a server's certificate stands for. */
const NAMES = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1']

/**
 * A test authority that issues certificates for servers on this machine: a root, and below it an intermediate. Several
 * simulators can have the same one.
 *
 * @example
 * ```ts
 * import { ServerAuthority, startClearstreamSimulator, startMoexSimulator } from 'sealkit/simulator'
 * const authority = await ServerAuthority.create()
 * await using moex = await startMoexSimulator({ authority })
 * await using clearstream = await startClearstreamSimulator({ authority })
 * console.log(moex.ca === clearstream.ca)
 * ```
 */
export class ServerAuthority {
  /** The root, in PEM: whom to trust. */
  readonly ca: string
  readonly #issuer: Issuer

  private constructor(root: Issuer, issuer: Issuer) {
    this.ca = root.certificate.toPem()
    this.#issuer = issuer
  }

  /** Makes its keys and certificates. */
  static async create(): Promise<ServerAuthority> {
    const root = await makeAuthority('sealkit simulator, test root of servers')
    return new ServerAuthority(root, await makeAuthority('sealkit simulator, test issuer of servers', root))
  }

  /** A new key with its certificate, good or with a fault. */
  async identity(fault?: Faults['serverCertificate']): Promise<ServerIdentity> {
    if (fault === 'unknown-root') return await (await ServerAuthority.create()).identity()
    const key = await generateKey('P-256')
    const certificate = await issueTestCertificate({
      key,
      subject: commonNameOf('sealkit simulator, a test double'),
      issuer: this.#issuer,
      subjectAltNames: fault === 'wrong-name' ? ['DNS:other.example'] : NAMES,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth'],
      ...(fault === 'expired' ? { days: 1, notBefore: new Date(Date.now() - 3 * 86_400_000) } : { days: 30 }),
    })
    const chain = fault === 'missing-intermediate' ? [] : [this.#issuer.certificate]
    return {
      cert: [certificate, ...chain].map((each) => each.toPem()).join(''),
      key: encodePem('PRIVATE KEY', key.pkcs8()),
    }
  }
}

/** A test authority, self-signed or below another one. */
export async function makeAuthority(commonName: string, issuer?: Issuer): Promise<Issuer> {
  const key = await generateKey('P-256')
  const certificate = await issueTestCertificate({
    key,
    subject: commonNameOf(commonName),
    ...(issuer === undefined ? {} : { issuer }),
    days: 365,
    ca: true,
  })
  return { certificate, key }
}
