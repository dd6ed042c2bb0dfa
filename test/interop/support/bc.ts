/** Bouncy Castle 1.72, the strictest of the peers. */
import { startCmsTool } from './cms-tool.ts'
import { type Fields, type JavaTool, JavaToolError } from './java-tool.ts'
import type { Algorithm, Can, Hash, Peer, SignJob, Verdict, VerifyJob } from './peer.ts'
import type { Identity, Pki } from './pki.ts'

/** What CmsTool's `verify` says of one SignerInfo. */
export interface SignerReport {
  readonly verified: boolean
  readonly error: { readonly type: string; readonly message: string | null } | null
  /** The signed attributes stand in the message in DER order and form, byte for byte. */
  readonly signedAttrsAreDer: boolean
  readonly signingCertificate: 'absent' | 'match' | 'mismatch'
  /** The attribute is there; Bouncy Castle has compared it if so. */
  readonly algorithmProtection: boolean
  readonly countersigners: readonly SignerReport[]
  readonly timestamps: readonly TimestampReport[]
}

export interface TimestampReport {
  readonly verified: boolean
  readonly error: { readonly type: string; readonly message: string | null } | null
  readonly imprintMatches: boolean
  readonly policy: string
  readonly genTime: string
}

export interface Report {
  /** The whole message is DER, certificates and attributes sorted. */
  readonly isDer: boolean
  readonly signers: readonly SignerReport[]
}

export interface DumpedAlgorithm {
  readonly oid: string
  /** DER in hex */
  readonly parameters: string | null
}

export interface DumpedAttribute {
  readonly oid: string
  /** DER in hex */
  readonly values: readonly string[]
}

export interface DumpedSigner {
  readonly version: number
  readonly sid: 'issuerAndSerialNumber' | 'subjectKeyIdentifier'
  readonly digestAlgorithm: DumpedAlgorithm
  readonly signatureAlgorithm: DumpedAlgorithm
  readonly signedAttrs: readonly DumpedAttribute[]
  readonly unsignedAttrs: readonly DumpedAttribute[]
  /** Hex */
  readonly signature: string
}

export interface Dump {
  readonly version: number
  readonly digestAlgorithms: readonly DumpedAlgorithm[]
  readonly eContentType: string
  readonly detached: boolean
  /** Subjects, in the message's order */
  readonly certificates: readonly string[]
  readonly signers: readonly DumpedSigner[]
}

const hashNames: Record<Hash, string> = {
  'SHA-256': 'SHA256',
  'SHA-384': 'SHA384',
  'SHA-512': 'SHA512',
  SHAKE256: 'SHAKE256',
}

/** Bouncy Castle's name of an algorithm. */
function jcaName({ scheme, hash, leaf }: Algorithm): string {
  if (scheme === 'EdDSA') return leaf === 'ed25519' ? 'Ed25519' : 'Ed448'
  return `${hashNames[hash]}with${{ PKCS1: 'RSA', PSS: 'RSAandMGF1', ECDSA: 'ECDSA' }[scheme]}`
}

function isGood(signer: SignerReport): boolean {
  const stampsAreGood = signer.timestamps.every((stamp) => stamp.verified && stamp.imprintMatches)
  const isDer = signer.signedAttrsAreDer && signer.signingCertificate !== 'mismatch'
  return signer.verified && isDer && stampsAreGood && signer.countersigners.every(isGood)
}

export class BouncyCastle implements Peer, AsyncDisposable {
  readonly name = 'Bouncy Castle'
  readonly #tool: JavaTool
  readonly #pki: Pki

  private constructor(tool: JavaTool, pki: Pki) {
    this.#tool = tool
    this.#pki = pki
  }

  static async open(pki: Pki): Promise<BouncyCastle> {
    return new BouncyCastle(await startCmsTool(), pki)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tool[Symbol.asyncDispose]()
  }

  canSign(): Can {
    return true
  }

  canVerify(): Can {
    return true
  }

  async sign(job: SignJob): Promise<Uint8Array> {
    const flags: Fields = [
      ...(job.attached ? [['attached'] as const] : []),
      ...(job.ber ? [['ber'] as const] : []),
      ...(job.signedAttrs === false ? [['direct'] as const] : []),
      ...(job.sid === 'subjectKeyIdentifier' ? [['keyIdentifier'] as const] : []),
      ...(job.signingCertificate ? [['signingCertificate'] as const] : []),
      ...(job.algorithmProtection ? [] : [['noAlgorithmProtection'] as const]),
    ]
    const signers = job.signers.map((algorithm) => {
      return { identity: this.#pki.leaf(algorithm.leaf), algorithm: jcaName(algorithm) }
    })
    const own = signers.map(({ identity }) => identity)
    const { intermediate, root } = this.#pki
    const included = {
      none: [],
      signer: own,
      chain: [...own, intermediate],
      'chain with root': [...own, intermediate, root],
    }[job.certificates ?? 'signer']
    return this.#make('sign', [
      ['content', job.content],
      ...flags,
      ...asSigners(signers),
      ...include(included),
    ])
  }

  /** Adds a parallel signer; the content is needed for its digest. */
  addSigner(message: Uint8Array, content: Uint8Array, algorithm: Algorithm): Promise<Uint8Array> {
    const signer = { identity: this.#pki.leaf(algorithm.leaf), algorithm: jcaName(algorithm) }
    const fields: Fields = [...asSigners([signer]), ...include([signer.identity])]
    return this.#make('addSigner', [['message', message], ['content', content], ...fields])
  }

  /** Countersigns the first signer. */
  countersign(message: Uint8Array, algorithm: Algorithm): Promise<Uint8Array> {
    const signer = { identity: this.#pki.leaf(algorithm.leaf), algorithm: jcaName(algorithm) }
    return this.#make('countersign', [
      ['message', message],
      ...asSigners([signer]),
      ...include([signer.identity]),
    ])
  }

  /** Adds a TimeStampToken (DER) to the first signer. */
  addTimestamp(message: Uint8Array, token: Uint8Array): Promise<Uint8Array> {
    return this.#make('addTimestamp', [
      ['message', message],
      ['token', token],
    ])
  }

  /** The whole report; `verify` makes one verdict of it. Rejects with JavaToolError when the message is not CMS. */
  async report({ message, content, certificates = [] }: VerifyJob): Promise<Report> {
    const detached: Fields = content === undefined ? [] : [['content', content]]
    const others = certificates.map(({ certificate }) => ['certificate', certificate] as const)
    return (await this.#tool.request('verify', [['message', message], ...detached, ...others])) as Report
  }

  /** Good when every signature, countersignature and timestamp is, and the signed attributes are DER. */
  async verify(job: VerifyJob): Promise<Verdict> {
    try {
      const { signers } = await this.report(job)
      return { ok: signers.length > 0 && signers.every(isGood), detail: JSON.stringify(signers) }
    } catch (error) {
      if (error instanceof JavaToolError) return { ok: false, detail: error.message }
      throw error
    }
  }

  async dump(message: Uint8Array): Promise<Dump> {
    return (await this.#tool.request('dump', [['message', message]])) as Dump
  }

  async #make(command: string, fields: Fields): Promise<Uint8Array> {
    return new Uint8Array(Buffer.from((await this.#tool.request(command, fields)) as string, 'base64'))
  }
}

function asSigners(signers: readonly { identity: Identity; algorithm: string }[]): Fields {
  return signers.flatMap(({ identity, algorithm }) => [
    ['key', identity.key] as const,
    ['certificate', identity.certificate] as const,
    ['algorithm', algorithm] as const,
  ])
}

function include(identities: readonly Identity[]): Fields {
  return identities.map(({ certificate }) => ['include', certificate] as const)
}
