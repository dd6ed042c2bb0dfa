/** GnuTLS 3.7: `certtool --p7-*`. */
import { readFile } from 'node:fs/promises'
import type { Algorithm, Can, Options, Peer, SignJob, Verdict, VerifyJob } from './peer.ts'
import { shortHash } from './peer.ts'
import type { Pki } from './pki.ts'
import { mustRun, run, withFolder } from './run.ts'

const noEd448 = 'GnuTLS 3.7 has no SHAKE256 here: "The signature algorithm is not supported."'
const onlyPss256 = 'GnuTLS 3.7 reads every PSS as RSA-PSS-SHA256 and so rejects the others, its own too'

export class GnuTls implements Peer {
  readonly name = 'GnuTLS'
  readonly #pki: Pki

  constructor(pki: Pki) {
    this.#pki = pki
  }

  canSign({ leaf, scheme }: Algorithm, options: Options): Can {
    if (scheme === 'PSS' && leaf === 'rsa2048') return 'certtool makes PSS only with an id-RSASSA-PSS key'
    if (options.sid === 'subjectKeyIdentifier') return 'certtool has no option for the signer identifier'
    if (options.signingCertificate) return 'GnuTLS does not write signing-certificate-v2'
    if (options.algorithmProtection) return 'GnuTLS does not know CMSAlgorithmProtection'
    if (options.ber) return 'GnuTLS writes DER only'
    return leaf === 'ed448' ? noEd448 : true
  }

  canVerify({ scheme, leaf, hash }: Algorithm, options: Options): Can {
    if (leaf === 'ed448' && options.signedAttrs !== false) return noEd448
    if (scheme === 'PSS' && hash !== 'SHA-256') return onlyPss256
    return true
  }

  async sign(job: SignJob): Promise<Uint8Array> {
    const [algorithm, ...others] = job.signers
    if (algorithm === undefined || others.length > 0) throw new Error('certtool makes one signer')
    return withFolder(async (folder) => {
      const content = await folder.put('content', job.content)
      const out = folder.at('out')
      const { keyFile, certificatePem } = this.#pki.leaf(algorithm.leaf)
      const { intermediate, root } = this.#pki
      const chain = {
        none: '',
        signer: '',
        chain: intermediate.certificatePem,
        'chain with root': intermediate.certificatePem + root.certificatePem,
      }[job.certificates ?? 'signer']
      const certificates = await folder.put('certificates', certificatePem + chain)
      await mustRun('certtool', [
        job.attached ? '--p7-sign' : '--p7-detached-sign',
        job.certificates === 'none' ? '--no-p7-include-cert' : '--p7-include-cert',
        // Without the time there are no signed attributes at all.
        ...(job.signedAttrs === false ? [] : ['--p7-time']),
        ...[
          '--load-privkey',
          keyFile,
          '--load-certificate',
          certificates,
          '--hash',
          shortHash(algorithm.hash),
        ],
        ...['--infile', content, '--outder', '--outfile', out],
      ])
      return new Uint8Array(await readFile(out))
    })
  }

  /** The chain is checked to the root; a certificate that is given must be the signer's, and is not checked. */
  async verify(job: VerifyJob): Promise<Verdict> {
    return withFolder(async (folder) => {
      const message = await folder.put('message', job.message)
      const detached =
        job.content === undefined ? [] : ['--load-data', await folder.put('content', job.content)]
      const [signer] = job.certificates ?? []
      const trust =
        signer === undefined
          ? ['--load-ca-certificate', this.#pki.caFile]
          : ['--load-certificate', signer.certificateFile]
      const args = ['--p7-verify', '--inder', '--infile', message, ...detached, ...trust]
      const result = await run('certtool', args)
      const statuses = [...result.stderr.matchAll(/Signature status: (.*)/g)].map(([, status]) => status)
      const detail = statuses.length > 0 ? statuses.join('; ') : result.stderr.trim()
      return { ok: result.status === 0 && statuses.every((status) => status === 'ok'), detail }
    })
  }
}
