/** GnuTLS 3.7: `certtool --p7-*` knows GOST, though not every parameter set. */
import { readFile } from 'node:fs/promises'
import type { Options, Verdict } from '../../support/peer.ts'
import { mustRun, run, withFolder } from '../../support/run.ts'
import type { GostPeer, GostSignJob, GostVerifyJob } from './job.ts'
import { type GostSet, gostFile, gostIdentity } from './pki.ts'

/** Two curves under four names; of the others it says "The curve is unsupported." */
const knownSets = new Set(['256-b', 'cryptopro-a', 'cryptopro-xa', '512-a'])

export class GostGnuTls implements GostPeer {
  readonly name = 'GnuTLS'

  canSign(set: GostSet, options: Options): true | string {
    if (options.sid === 'subjectKeyIdentifier') return 'certtool has no option for the signer identifier'
    if (options.signingCertificate) return 'GnuTLS does not write signing-certificate-v2'
    if (options.algorithmProtection) return 'GnuTLS does not know CMSAlgorithmProtection'
    if (options.ber) return 'GnuTLS writes DER only'
    return this.canVerify(set)
  }

  canVerify({ name }: GostSet): true | string {
    return knownSets.has(name) ? true : 'GnuTLS 3.7: "The curve is unsupported"'
  }

  async sign(job: GostSignJob): Promise<Uint8Array> {
    const { keyFile, certificateFile } = job.identity ?? gostIdentity(job.set.name)
    return withFolder(async (folder) => {
      const out = folder.at('out')
      await mustRun('certtool', [
        job.attached ? '--p7-sign' : '--p7-detached-sign',
        job.certificates === 'none' ? '--no-p7-include-cert' : '--p7-include-cert',
        ...(job.signedAttrs === false ? [] : ['--p7-time']),
        ...['--load-privkey', keyFile, '--load-certificate', certificateFile],
        ...['--hash', `streebog-${job.set.bits}`],
        ...['--infile', await folder.put('content', job.content), '--outder', '--outfile', out],
      ])
      return new Uint8Array(await readFile(out))
    })
  }

  /** With the signer's certificate given: the intermediate and the root have sets that GnuTLS lacks. */
  verify(job: GostVerifyJob): Promise<Verdict> {
    return withFolder(async (folder) => {
      const signer = gostFile('pki', `${job.set.name}.crt`)
      const content =
        job.content === undefined ? [] : ['--load-data', await folder.put('content', job.content)]
      const result = await run('certtool', [
        ...['--p7-verify', '--inder', '--infile', await folder.put('message', job.message)],
        ...['--load-certificate', signer, ...content],
      ])
      const statuses = [...result.stderr.matchAll(/Signature status: (.*)/g)].map(([, status]) => status)
      const detail = statuses.join('; ') || result.stderr.trim()
      return { ok: result.status === 0 && statuses.every((status) => status === 'ok'), detail }
    })
  }
}
