import { inspect } from 'node:util'
import type { SignatureAlgorithm } from '../../src/algorithms/index.ts'
import { readHashAlgorithm, readSignatureAlgorithm } from '../../src/algorithms/index.ts'
import { readDer } from '../../src/asn1/index.ts'
import type { CmsSignature, Content } from '../../src/cms/index.ts'
import { SignerError } from '../../src/errors.ts'
import type { SignCallOptions, Signer } from '../../src/signer/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { collectContent } from './collect-content.ts'
import type { JudgedSignature } from './judge/judge-output.ts'
import type { ValidataFamily } from './options.ts'
import { Queue } from './run/queue.ts'
import { type SigningSetup, signOnce } from './sign-once.ts'

/** A signature with what is known of its making. */
export interface ValidataSignature {
  readonly signature: CmsSignature
  /** The signer's certificate: from the message, or the one that was expected. Nobody validated it. */
  readonly certificate: Certificate
  readonly algorithm: SignatureAlgorithm
  /** What others might mind: attributes that are missing or out of order. */
  readonly notes: readonly string[]
}

/**
 * Signs by Validata's command line, from `openValidataSigner`. It can be shared by any number of callers: the tool
 * runs for one of them at a time, or for `concurrency`. Printed it shows the tool's name and nothing else.
 */
export class ValidataSigner implements Signer {
  readonly family: ValidataFamily
  /** Path of the tool that was found. */
  readonly tool: string
  readonly #setup: SigningSetup
  readonly #queue: Queue
  #disposed = false

  /** @internal */
  constructor(setup: SigningSetup) {
    this.family = setup.family
    this.tool = setup.command.tool
    this.#setup = setup
    this.#queue = new Queue(setup.settings.concurrency)
  }

  async signDetached(content: Content, options?: SignCallOptions): Promise<CmsSignature> {
    return (await this.sign(content, options)).signature
  }

  /** As `signDetached`, with the certificate and the algorithm that the tool has used. */
  async sign(content: Content, options: SignCallOptions = {}): Promise<ValidataSignature> {
    this.#checkOpen()
    const { signal } = options
    const bytes = await collectContent(content, signal)
    try {
      const judged = await this.#queue.run(async () => {
        this.#checkOpen()
        return await signOnce(this.#setup, bytes, { signal })
      }, signal)
      return describe(judged)
    } finally {
      bytes.fill(0)
    }
  }

  /** Waits for the call that the tool is at; those that wait for their turn fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    await this.#queue.idle()
  }

  /** What `console.log` shows. */
  [inspect.custom](): string {
    return `ValidataSigner { ${this.#setup.command.name}, ${this.family} }`
  }

  #checkOpen(): void {
    if (this.#disposed) throw new SignerError('ERR_SIGNER_DISPOSED', 'the signer has been disposed')
  }
}

function describe({ signature, certificate, report }: JudgedSignature): ValidataSignature {
  const [info] = signature.signedData.signerInfos
  const hash = readDer(info?.digestAlgorithm ?? new Uint8Array(), 'digestAlgorithm', (r) =>
    readHashAlgorithm(r, ''),
  )
  const algorithm = readDer(info?.signatureAlgorithm ?? new Uint8Array(), 'signatureAlgorithm', (r) =>
    readSignatureAlgorithm(r, '', hash),
  )
  return { signature, certificate, algorithm, notes: report.notes }
}
