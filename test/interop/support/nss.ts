/** NSS 3.87: `cmsutil`, with certificate databases made by `certutil` and `pk12util`. */
import { readFileSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cachedFolder } from './cache.ts'
import type { Algorithm, Can, Options, Peer, SignJob, Verdict, VerifyJob } from './peer.ts'
import type { LeafName, Pki } from './pki.ts'
import { mustRun, run, withFolder } from './run.ts'

const signingKeys: readonly LeafName[] = ['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384', 'p521']

const noEdDsa = 'NSS 3.87 has no EdDSA: "ProcessingError"'
const noPssKey =
  'NSS takes PSS with an rsaEncryption key only; with an id-RSASSA-PSS key it says "BadSignature"'
const barePss = 'without signed attributes NSS calls every PSS "BadSignature"'
const onlyInMessage = 'NSS looks up a key identifier in the message only: "SigningCertNotFound"'
const rawEcdsa =
  'without signed attributes NSS writes ECDSA as bare r and s, and then calls it "BadSignature" itself'

async function makeDatabase(folder: string, pki: Pki): Promise<void> {
  await mkdir(folder)
  const database = ['-d', `sql:${folder}`]
  await mustRun('certutil', ['-N', '--empty-password', ...database])
  await mustRun('certutil', ['-A', '-n', 'root', '-t', 'C,C,C', '-i', pki.root.certificateFile, ...database])
  const { certificateFile } = pki.intermediate
  await mustRun('certutil', ['-A', '-n', 'intermediate', '-t', ',,', '-i', certificateFile, ...database])
}

/** Two databases: `sign` with the keys, and `verify`, which knows no leaf and takes it from the message. */
async function makeDatabases(folder: string, pki: Pki): Promise<void> {
  await makeDatabase(join(folder, 'sign'), pki)
  await makeDatabase(join(folder, 'verify'), pki)
  await writeFile(join(folder, 'empty'), '\n')
  for (const name of signingKeys) {
    const { keyFile, certificateFile } = pki.leaf(name)
    const p12 = join(folder, `${name}.p12`)
    const password = `file:${join(folder, 'empty')}`
    const input = ['-inkey', keyFile, '-in', certificateFile, '-name', name]
    await mustRun('openssl', ['pkcs12', '-export', ...input, '-passout', password, '-out', p12])
    await mustRun('pk12util', ['-i', p12, '-d', `sql:${join(folder, 'sign')}`, '-w', join(folder, 'empty')])
  }
}

export class Nss implements Peer {
  readonly name = 'NSS'
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(pki: Pki): Promise<Nss> {
    const source = readFileSync(fileURLToPath(import.meta.url), 'utf8')
    // The root is a part of the key: another PKI needs other databases.
    const make = (folder: string) => makeDatabases(folder, pki)
    return new Nss(await cachedFolder('nss', [source, pki.root.certificatePem], make))
  }

  canSign({ leaf, scheme }: Algorithm, options: Options): Can {
    if (scheme === 'EdDSA') return noEdDsa
    if (scheme === 'PSS') {
      return leaf === 'rsa2048'
        ? 'cmsutil makes PSS only with an id-RSASSA-PSS key'
        : `${noPssKey}, its own too`
    }
    if (scheme === 'ECDSA' && options.signedAttrs === false) return rawEcdsa
    if (options.sid === 'subjectKeyIdentifier') return 'cmsutil has no option for the signer identifier'
    if (options.certificates !== undefined && options.certificates !== 'chain') {
      return 'cmsutil always puts in the chain without its root'
    }
    if (options.signingCertificate) return 'NSS does not write signing-certificate-v2'
    if (options.algorithmProtection) return 'NSS does not know CMSAlgorithmProtection'
    return true
  }

  canVerify({ leaf, scheme }: Algorithm, options: Options): Can {
    if (scheme === 'EdDSA') return noEdDsa
    if (scheme === 'PSS' && leaf !== 'rsa2048') return noPssKey
    if (scheme === 'PSS' && options.signedAttrs === false) return barePss
    if (options.certificates === 'none' && options.sid === 'subjectKeyIdentifier') return onlyInMessage
    return true
  }

  /** One signer. The lengths are always indefinite. */
  async sign(job: SignJob): Promise<Uint8Array> {
    const [algorithm, ...others] = job.signers
    if (algorithm === undefined || others.length > 0) throw new Error('cmsutil makes one signer')
    return withFolder(async (folder) => {
      const content = await folder.put('content', job.content)
      const out = folder.at('out')
      // -Y NONE: else it wants the signer's certificate to fit for encryption.
      const signer = ['-N', algorithm.leaf, '-H', algorithm.hash.replace('-', ''), '-Y', 'NONE']
      const options = [...(job.attached ? [] : ['-T']), ...(job.signedAttrs === false ? [] : ['-G'])]
      const database = ['-d', `sql:${join(this.#folder, 'sign')}`]
      await mustRun('cmsutil', ['-S', ...database, ...signer, ...options, '-i', content, '-o', out])
      return new Uint8Array(await readFile(out))
    })
  }

  /** The chain is checked to the root, for e-mail signing. */
  async verify(job: VerifyJob): Promise<Verdict> {
    return withFolder(async (folder) => {
      let database = join(this.#folder, 'verify')
      if (job.certificates !== undefined) {
        database = folder.at('database')
        await cp(join(this.#folder, 'verify'), database, { recursive: true })
        for (const { name, certificateFile } of job.certificates) {
          const input = ['-i', certificateFile, '-d', `sql:${database}`]
          const added = await run('certutil', ['-A', '-n', name, '-t', ',,', ...input])
          if (added.status !== 0) return { ok: false, detail: added.stderr.trim() }
        }
      }
      const message = await folder.put('message', job.message)
      const detached = job.content === undefined ? [] : ['-c', await folder.put('content', job.content)]
      // No -h: with it the status is 0 for a bad signature too.
      const result = await run('cmsutil', ['-D', '-d', `sql:${database}`, '-i', message, ...detached])
      const detail = result.stderr.trim()
      if (result.status !== 0) return { ok: false, detail }
      return { ok: true, detail, content: new Uint8Array(result.stdout) }
    })
  }
}
