/** Two-phase signing with the key elsewhere: here in a process of OpenSSL, which sees the bytes to sign and no more. */
import { expect, it } from 'vitest'
import { complete, prepare } from '../../src/cms/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import { describeWith } from '../support/tools.ts'
import { type Algorithm, algorithms, shortHash } from './support/peer.ts'
import { peerNeeds, usePeers } from './support/peers.ts'
import type { Identity } from './support/pki.ts'
import { mustRun, withFolder } from './support/run.ts'

const content = Buffer.from('a passport token')

/** A raw signature by OpenSSL. EdDSA cannot be signed by `openssl dgst`. */
async function signElsewhere(
  data: Uint8Array,
  { scheme, hash }: Algorithm,
  key: Identity,
): Promise<Uint8Array> {
  return withFolder(async (folder) => {
    const file = await folder.put('to-be-signed', data)
    const raw = ['pkeyutl', '-sign', '-rawin', '-inkey', key.keyFile, '-in', file]
    const pss = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:digest'].flatMap((option) => ['-pkeyopt', option])
    const digest = scheme === 'EdDSA' ? [] : ['-digest', shortHash(hash)]
    const { stdout } = await mustRun('openssl', [...raw, ...digest, ...(scheme === 'PSS' ? pss : [])])
    return new Uint8Array(stdout)
  })
}

describeWith(peerNeeds['Bouncy Castle'], 'two-phase signing', () => {
  const peers = usePeers(['OpenSSL', 'Bouncy Castle'])

  it.each(algorithms)('$name: OpenSSL signs, Bouncy Castle accepts', async (algorithm) => {
    const identity = peers.pki.leaf(algorithm.leaf)
    const { toBeSigned, state } = await prepare(content, {
      certificate: Certificate.parse(identity.certificate),
      pss: algorithm.scheme === 'PSS',
      hash: algorithm.scheme === 'EdDSA' || algorithm.hash === 'SHAKE256' ? undefined : algorithm.hash,
      signingCertificate: true,
    })
    const signature = await signElsewhere(toBeSigned, algorithm, identity)
    const { der: message } = await complete(state, signature)
    const { isDer, signers } = await peers.bc.report({ message, content })
    expect(isDer).toBe(true)
    expect(signers).toMatchObject([{ verified: true, signingCertificate: 'match' }])
    const other = await signElsewhere(Buffer.concat([toBeSigned, Buffer.from('.')]), algorithm, identity)
    await expect(complete(state, other)).rejects.toMatchObject({ code: 'ERR_CMS_SIGNATURE_INVALID' })
  })
})
