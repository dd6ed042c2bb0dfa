/** Bouncy Castle 1.72 with GOST: the program is that of the other suites (support/cms-tool). */
import type { Report, SignerReport } from '../../support/bc.ts'
import { startCmsTool } from '../../support/cms-tool.ts'
import { type Fields, type JavaTool, JavaToolError } from '../../support/java-tool.ts'
import type { Options, Verdict, VerifyJob } from '../../support/peer.ts'
import type { Identity } from '../../support/pki.ts'
import type { GostPeer, GostSignJob } from './job.ts'
import { type GostSet, gostIdentity } from './pki.ts'

/** Leaves whose key parameters name no digest, as RFC 9215 asks. */
const withoutDigestSet = new Set(['256-a', '256-b', '256-c', '256-d', '512-c'])
const noDigestSet =
  'Bouncy Castle 1.72 reads no key parameters without digestParamSet: "Index 1 out of bounds"'

const flag = (name: string, isSet: boolean | undefined): Fields => (isSet ? [[name]] : [])

export class GostBouncyCastle implements GostPeer, AsyncDisposable {
  readonly name = 'Bouncy Castle'
  readonly #tool: JavaTool

  private constructor(tool: JavaTool) {
    this.#tool = tool
  }

  static async open(): Promise<GostBouncyCastle> {
    return new GostBouncyCastle(await startCmsTool())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tool[Symbol.asyncDispose]()
  }

  canSign(set: GostSet, options: Options): true | string {
    if (options.signingCertificate && options.signedAttrs === false)
      return 'the attribute needs signed attributes'
    return this.canVerify(set)
  }

  canVerify({ name }: GostSet): true | string {
    return withoutDigestSet.has(name) ? noDigestSet : true
  }

  /** A new key in a certificate signed with itself, by Bouncy Castle's name of a parameter set. */
  async identity(curve: string, bits: 256 | 512): Promise<Pick<Identity, 'key' | 'certificate'>> {
    const fields: Fields = [
      ['curve', curve],
      ['bits', `${bits}`],
    ]
    const made = (await this.#tool.request('gostIdentity', fields)) as { key: string; certificate: string }
    const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
    return { key: bytes(made.key), certificate: bytes(made.certificate) }
  }

  async sign(job: GostSignJob): Promise<Uint8Array> {
    const { key, certificate } = job.identity ?? gostIdentity(job.set.name)
    const ca = ['intermediate', 'root'].map((name) => gostIdentity(name).certificate)
    const included = {
      none: [],
      signer: [certificate],
      chain: [certificate, ...ca.slice(0, 1)],
      'chain with root': [certificate, ...ca],
    }[job.certificates ?? 'signer']
    const { bits } = job.set
    const fields: Fields = [
      ['content', job.content],
      ['key', key],
      ['certificate', certificate],
      ['algorithm', `GOST3411-2012-${bits}WITHECGOST3410-2012-${bits}`],
      ...included.map((der) => ['include', der] as const),
      ...flag('attached', job.attached),
      ...flag('ber', job.ber),
      ...flag('direct', job.signedAttrs === false),
      ...flag('keyIdentifier', job.sid === 'subjectKeyIdentifier'),
      ...flag('signingCertificate', job.signingCertificate),
      ...flag('noAlgorithmProtection', !job.algorithmProtection),
    ]
    return new Uint8Array(Buffer.from((await this.#tool.request('sign', fields)) as string, 'base64'))
  }

  /** The whole report; rejects with JavaToolError when the message is not CMS. */
  async report({ message, content, certificates = [] }: VerifyJob): Promise<Report> {
    const detached: Fields = content === undefined ? [] : [['content', content]]
    const others = certificates.map(({ certificate }) => ['certificate', certificate] as const)
    return (await this.#tool.request('verify', [['message', message], ...detached, ...others])) as Report
  }

  /** Signatures and attributes; Bouncy Castle's CMS checks no path. */
  async verify(job: VerifyJob): Promise<Verdict> {
    const isGood = (one: SignerReport) =>
      one.verified && one.signedAttrsAreDer && one.signingCertificate !== 'mismatch'
    try {
      const { signers } = await this.report(job)
      return { ok: signers.length > 0 && signers.every(isGood), detail: JSON.stringify(signers) }
    } catch (error) {
      if (error instanceof JavaToolError) return { ok: false, detail: error.message }
      throw error
    }
  }
}
