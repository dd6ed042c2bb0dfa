/** OpenSSL 3.0: `openssl cms`. */
import { readFile } from 'node:fs/promises'
import type { Algorithm, Can, Options, Peer, SignJob, Verdict, VerifyJob } from './peer.ts'
import { shortHash } from './peer.ts'
import type { Identity, Pki } from './pki.ts'
import { mustRun, run, type WorkFolder, withFolder } from './run.ts'

const noEdDsa =
  'OpenSSL 3.0 has no EdDSA in CMS: "no default digest" in signing, "invalid digest" in verifying'
const pssStream = 'OpenSSL 3.0 loses the signature algorithm of PSS when it streams'

/** One signer's own options: `-keyopt` belongs to the `-signer` before it. */
function signerArguments({ keyFile, certificateFile }: Identity, { scheme }: Algorithm): string[] {
  const pss = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:digest'].flatMap((option) => ['-keyopt', option])
  return ['-signer', certificateFile, '-inkey', keyFile, ...(scheme === 'PSS' ? pss : [])]
}

function optionArguments(job: SignJob, pki: Pki): string[] {
  const certificates = {
    none: ['-nocerts'],
    signer: [],
    chain: ['-certfile', pki.intermediate.certificateFile],
    'chain with root': ['-certfile', pki.caFile],
  }[job.certificates ?? 'signer']
  return [
    ...certificates,
    ...(job.attached ? ['-nodetach'] : []),
    ...(job.signedAttrs === false ? ['-noattr'] : []),
    ...(job.sid === 'subjectKeyIdentifier' ? ['-keyid'] : []),
    ...(job.signingCertificate ? ['-cades'] : []),
    ...(job.ber ? ['-stream'] : []),
  ]
}

/** One `openssl cms` call that makes a message. */
async function cms(folder: WorkFolder, args: readonly string[]): Promise<Uint8Array> {
  const out = folder.at('out')
  await mustRun('openssl', ['cms', ...args, '-binary', '-outform', 'DER', '-out', out])
  return new Uint8Array(await readFile(out))
}

export class OpenSsl implements Peer {
  readonly name = 'OpenSSL'
  readonly #pki: Pki

  constructor(pki: Pki) {
    this.#pki = pki
  }

  canSign({ scheme }: Algorithm, options: Options): Can {
    if (scheme === 'EdDSA') return noEdDsa
    if (scheme === 'PSS' && options.ber) return pssStream
    if (options.ber && !options.attached) return 'OpenSSL 3.0 puts the content in whenever it streams DER'
    if (options.algorithmProtection) return 'OpenSSL 3.0 does not know CMSAlgorithmProtection'
    if (options.signingCertificate && options.signedAttrs === false)
      return 'the attribute needs signed attributes'
    return true
  }

  canVerify({ scheme }: Algorithm): Can {
    return scheme === 'EdDSA' ? noEdDsa : true
  }

  /** Several signers share one digest, since `-md` holds for the whole call. */
  async sign(job: SignJob): Promise<Uint8Array> {
    const hashes = new Set(job.signers.map(({ hash }) => hash))
    const [hash, ...otherHashes] = hashes
    if (hash === undefined || otherHashes.length > 0) throw new Error('openssl cms wants one digest for all')
    return withFolder(async (folder) => {
      const content = await folder.put('content', job.content)
      const signers = job.signers.flatMap((one) => signerArguments(this.#pki.leaf(one.leaf), one))
      const options = ['-md', shortHash(hash), ...optionArguments(job, this.#pki)]
      return cms(folder, ['-sign', '-in', content, ...signers, ...options])
    })
  }

  /** Adds a parallel signer (`-resign`), which takes over the message-digest of one with the same hash. */
  async addSigner(message: Uint8Array, content: Uint8Array, algorithm: Algorithm): Promise<Uint8Array> {
    return withFolder(async (folder) => {
      const files = [
        '-in',
        await folder.put('message', message),
        '-content',
        await folder.put('content', content),
      ]
      const signer = signerArguments(this.#pki.leaf(algorithm.leaf), algorithm)
      return cms(folder, ['-resign', '-inform', 'DER', ...files, ...signer, '-md', shortHash(algorithm.hash)])
    })
  }

  /** The chain is checked to the root; `cades` also checks the signing-certificate attribute. */
  async verify(job: VerifyJob, { cades = false } = {}): Promise<Verdict> {
    return withFolder(async (folder) => {
      const message = await folder.put('message', job.message)
      const detached = job.content === undefined ? [] : ['-content', await folder.put('content', job.content)]
      const others = (job.certificates ?? []).map(({ certificatePem }) => certificatePem).join('')
      const certificates = others === '' ? [] : ['-certfile', await folder.put('certificates', others)]
      const out = folder.at('out')
      const result = await run('openssl', [
        ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', message, '-out', out],
        ...['-CAfile', this.#pki.caFile, '-purpose', 'any', ...(cades ? ['-cades'] : [])],
        ...detached,
        ...certificates,
      ])
      if (result.status !== 0) return { ok: false, detail: result.stderr.trim() }
      return { ok: true, detail: result.stderr.trim(), content: new Uint8Array(await readFile(out)) }
    })
  }

  /** The message as OpenSSL writes it in PEM. */
  async toPem(message: Uint8Array): Promise<string> {
    const args = ['cms', '-cmsout', '-inform', 'DER', '-outform', 'PEM']
    return (await mustRun('openssl', args, { input: message })).stdout.toString()
  }

  /** The message as OpenSSL reads it from PEM. */
  async fromPem(pem: string): Promise<Uint8Array> {
    const args = ['cms', '-cmsout', '-inform', 'PEM', '-outform', 'DER']
    return new Uint8Array((await mustRun('openssl', args, { input: Buffer.from(pem) })).stdout)
  }
}
