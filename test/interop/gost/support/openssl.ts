/** OpenSSL 3.0 with the gost engine 3.0.1, loaded by a configuration file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from '../../../support/tools.ts'
import type { Options, Verdict, VerifyJob } from '../../support/peer.ts'
import { mustRun, type RunResult, run, type WorkFolder, withFolder } from '../../support/run.ts'
import type { GostPeer, GostSignJob } from './job.ts'
import { type GostSet, gostFile, gostIdentity } from './pki.ts'

const config = `openssl_conf = start
[start]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
[req]
distinguished_name = dn
[dn]
CN = CN
`

/** `-md_gost12_256` and its like, without the hyphen. */
export const engineDigest = ({ bits }: Pick<GostSet, 'bits'>): string => `md_gost12_${bits}`

/** How the engine calls a parameter set. */
export function engineSet({ name }: GostSet): string {
  const [first, second = ''] = name.split('-')
  const letters = second.toUpperCase()
  return first === '256' ? `TC${letters}` : letters
}

export class GostOpenSsl implements GostPeer {
  readonly name = 'OpenSSL'
  readonly #env: Readonly<Record<string, string>>
  /** The root, and the intermediate for messages that lack it. */
  readonly #caFile: string

  constructor() {
    const folder = tempDir()
    const file = join(folder, 'openssl.cnf')
    writeFileSync(file, config)
    this.#env = { OPENSSL_CONF: file }
    this.#caFile = join(folder, 'ca.pem')
    const cas = ['intermediate', 'root'].map((name) => readFileSync(gostFile('pki', `${name}.crt`), 'utf8'))
    writeFileSync(this.#caFile, cas.join(''))
  }

  canSign(_: GostSet, options: Options): true | string {
    if (options.ber && !options.attached) return 'OpenSSL 3.0 puts the content in whenever it streams DER'
    if (options.algorithmProtection) return 'OpenSSL 3.0 does not know CMSAlgorithmProtection'
    if (options.signingCertificate && options.signedAttrs === false)
      return 'the attribute needs signed attributes'
    return true
  }

  canVerify(): true {
    return true
  }

  /** Any command; a status other than 0 is an answer. */
  run(args: readonly string[], input?: Uint8Array): Promise<RunResult> {
    return run('openssl', args, { env: this.#env, ...(input === undefined ? {} : { input }) })
  }

  mustRun(args: readonly string[], input?: Uint8Array): Promise<RunResult> {
    return mustRun('openssl', args, { env: this.#env, ...(input === undefined ? {} : { input }) })
  }

  sign(job: GostSignJob): Promise<Uint8Array> {
    const { keyFile, certificateFile } = job.identity ?? gostIdentity(job.set.name)
    const certificates = {
      none: ['-nocerts'],
      signer: [],
      chain: ['-certfile', gostFile('pki/intermediate.crt')],
      'chain with root': ['-certfile', this.#caFile],
    }[job.certificates ?? 'signer']
    return withFolder(async (folder) => {
      const out = folder.at('out')
      await this.mustRun([
        ...['cms', '-sign', '-binary', '-in', await folder.put('content', job.content)],
        ...['-signer', certificateFile, '-inkey', keyFile, '-md', engineDigest(job.set)],
        ...certificates,
        ...(job.attached ? ['-nodetach'] : []),
        ...(job.signedAttrs === false ? ['-noattr'] : []),
        ...(job.sid === 'subjectKeyIdentifier' ? ['-keyid'] : []),
        ...(job.signingCertificate ? ['-cades'] : []),
        ...(job.ber ? ['-stream'] : []),
        ...['-outform', 'DER', '-out', out],
      ])
      return new Uint8Array(readFileSync(out))
    })
  }

  /** The chain is checked to the root of vectors/gost; `cades` also checks the signing-certificate attribute. */
  verify(job: VerifyJob, { cades = false } = {}): Promise<Verdict> {
    return withFolder(async (folder) => {
      const out = folder.at('out')
      const { status, stderr } = await this.run([
        ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', await folder.put('message', job.message)],
        ...['-CAfile', this.#caFile, '-purpose', 'any', '-out', out, ...(cades ? ['-cades'] : [])],
        ...(job.content === undefined ? [] : ['-content', await folder.put('content', job.content)]),
        ...(await this.#certfile(folder, job)),
      ])
      if (status !== 0) return { ok: false, detail: stderr.trim() }
      return { ok: true, detail: stderr.trim(), content: new Uint8Array(readFileSync(out)) }
    })
  }

  async #certfile(folder: WorkFolder, { certificates = [] }: VerifyJob): Promise<string[]> {
    if (certificates.length === 0) return []
    const pem = certificates.map(({ certificatePem }) => certificatePem).join('')
    return ['-certfile', await folder.put('certificates', pem)]
  }
}
