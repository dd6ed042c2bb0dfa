/** GOST with others in one message, countersignatures, timestamps, keys elsewhere. */
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import {
  CmsSignature,
  complete,
  countersign,
  prepare,
  sign,
  type TimestampSource,
  verify,
} from '../../../src/cms/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { describeWith } from '../../support/tools.ts'
import { algorithmNamed } from '../support/peer.ts'
import { openPki, type Pki } from '../support/pki.ts'
import { withFolder } from '../support/run.ts'
import { openKey } from '../support/sealkit.ts'
import { engineDigest } from './support/openssl.ts'
import { gostNeeds, useGostPeers } from './support/peers.ts'
import { gostContent as content, gostFile, gostIdentity, gostSet, gostSets, pemBytes } from './support/pki.ts'
import { GostSealkit, gostCertificate } from './support/sealkit.ts'

const trust = () => ({ trusted: true }) as const

describeWith(gostNeeds, 'messages with GOST', () => {
  const peers = useGostPeers()
  const sealkit = new GostSealkit()
  let pki: Pki
  beforeAll(async () => {
    pki = await openPki()
  }, 120_000)

  const keyNamed = (name: string) => sealkit.key(gostIdentity(name))

  it('signers of every kind in one message', async () => {
    const gost = await Promise.all(['cryptopro-a', '512-a', '512-b'].map(keyNamed))
    const others = ['rsa2048 PKCS1 SHA-256', 'p256 ECDSA SHA-256', 'ed25519 EdDSA SHA-512'].map(
      algorithmNamed,
    )
    const signers = [...gost, ...(await Promise.all(others.map((one) => openKey(pki, one))))]
    const { der: message } = await sign(content, { signers, certificates: 'signer' })
    const report = await peers.bc.report({ message, content })
    expect(report.isDer).toBe(true)
    expect(report.signers.map(({ verified }) => verified)).toEqual(signers.map(() => true))
    const result = await verify(message, { content, trust })
    expect(result.signers.map(({ verdict }) => verdict)).toEqual(signers.map(() => 'valid'))
    const tampered = await verify(message, { content: content.subarray(1), trust })
    expect(tampered.signers.map(({ reason }) => reason)).toEqual(signers.map(() => 'message-digest-mismatch'))
  })

  it('a countersignature by GOST over one by GOST', async () => {
    const { der } = await sign(content, { signers: await keyNamed('512-a'), certificates: 'signer' })
    const signature = await countersign(CmsSignature.from(der), { key: await keyNamed('cryptopro-b') })
    const report = await peers.bc.report({ message: signature.der, content })
    expect(report.signers).toMatchObject([{ verified: true, countersigners: [{ verified: true }] }])
    expect((await verify(signature, { content, trust })).verdict).toBe('valid')
    const damaged = Buffer.from(signature.der)
    damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1
    expect(await verify(damaged, { content, trust })).toMatchObject({ verdict: 'invalid' })
  })

  it.each(gostSets)('$name: prepared here, signed by OpenSSL, completed here', async (set) => {
    const certificate = gostCertificate(set.name)
    const { toBeSigned, state } = await prepare(content, { certificate, signingCertificate: true })
    const elsewhere = (data: Uint8Array) => {
      const args = ['dgst', `-${engineDigest(set)}`, '-sign', gostFile('pki', `${set.name}.key`)]
      return peers.openssl.mustRun(args, data)
    }
    const { der: message } = await complete(state, (await elsewhere(toBeSigned)).stdout)
    expect(await sealkit.verify({ message, content })).toMatchObject({ ok: true })
    const job = { message, content, certificates: [gostIdentity('intermediate')] }
    expect(await peers.openssl.verify(job, { cades: true })).toMatchObject({ ok: true })
    const other = (await elsewhere(Buffer.concat([toBeSigned, Buffer.of(0)]))).stdout
    await expect(complete(state, other)).rejects.toMatchObject({ code: 'ERR_CMS_SIGNATURE_INVALID' })
  })

  /** `openssl ts` with a GOST key: the digest of its signature is Streebog. */
  async function authority(): Promise<TimestampSource> {
    return (query) =>
      withFolder(async (folder) => {
        const { openssl } = peers
        const extensions = await folder.put('extensions', 'extendedKeyUsage = critical, timeStamping\n')
        const [key, crt] = [folder.at('key'), folder.at('crt')]
        await openssl.mustRun([
          'genpkey',
          '-algorithm',
          'gost2012_256',
          '-pkeyopt',
          'paramset:TCA',
          '-out',
          key,
        ])
        const request = await openssl.mustRun([
          'req',
          '-new',
          '-key',
          key,
          '-md_gost12_256',
          '-subj',
          '/CN=TSA',
        ])
        await openssl.mustRun(
          [
            ...['x509', '-req', '-CA', gostFile('pki/intermediate.crt'), '-days', '2', '-out', crt],
            ...['-CAkey', gostFile('pki/intermediate.key'), '-md_gost12_256', '-extfile', extensions],
            ...['-set_serial', '77'],
          ],
          request.stdout,
        )
        const config = [
          '[tsa]\ndefault_tsa = main\n[main]',
          `serial = ${folder.at('serial')}`,
          'signer_digest = md_gost12_256\ndefault_policy = 1.3.6.1.4.1.99999.1',
          'digests = sha256, md_gost12_256, md_gost12_512\ness_cert_id_alg = sha256\n',
        ]
        const response = folder.at('response')
        await openssl.mustRun([
          ...['ts', '-reply', '-config', await folder.put('tsa.cnf', config.join('\n'))],
          ...[
            '-queryfile',
            await folder.put('query', query),
            '-signer',
            crt,
            '-inkey',
            key,
            '-out',
            response,
          ],
        ])
        return new Uint8Array(readFileSync(response))
      })
  }

  it('a timestamp of an authority with a GOST key', async () => {
    const options = { timestamp: await authority(), signingCertificate: true }
    const { der } = await sign(content, { signers: await keyNamed('512-c'), ...options })
    const result = await verify(der, { content, trust })
    expect(result.verdict).toBe('valid')
    expect(result.signers[0]?.timestamps).toMatchObject([{ verdict: 'valid' }])
    const damaged = Buffer.from(der)
    damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1
    expect((await verify(damaged, { content, trust })).verdict).toBe('invalid')
  })

  it('PEM, in both directions with OpenSSL', async () => {
    const set = gostSet('256-c')
    const ours = (await sign(content, { signers: await keyNamed(set.name) })).pem()
    const args = ['cms', '-cmsout', '-inform', 'PEM', '-outform', 'DER']
    const { stdout } = await peers.openssl.mustRun(args, Buffer.from(ours))
    expect(await peers.openssl.verify({ message: stdout, content })).toMatchObject({ ok: true })
    const theirs = await peers.openssl.sign({ content, set })
    const pem = await peers.openssl.mustRun(['cms', '-cmsout', '-inform', 'DER', '-outform', 'PEM'], theirs)
    expect((await verify(pem.stdout.toString(), { content, trust })).verdict).toBe('valid')
    expect(Buffer.from(pemBytes(pem.stdout.toString())).equals(theirs)).toBe(true)
    expect(Certificate.parse(gostIdentity(set.name).certificate).subject.toString()).toContain('256-c')
  })
})
