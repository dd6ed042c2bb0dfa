/** Keys in NSS's own token, whose mathematics is not OpenSSL's: accepted by OpenSSL and Bouncy Castle. */
import { beforeAll, expect, it } from 'vitest'
import { openPkcs11Key, type Pkcs11KeyOptions } from '../../../providers/pkcs11/index.ts'
import { cmsSigner } from '../../../src/signer/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import type { LeafName } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { useJudges } from './support/judges.ts'
import { type NssToken, nssLabel, openNssToken } from './support/nss.ts'

const content = Buffer.from('the content')
const leaves = ['rsa2048', 'rsa4096', 'p256', 'p384'] as const

describeWith(['pkcs11js', 'softokn', 'nss', 'openssl', 'bouncycastle'], 'keys in NSS softokn', () => {
  const judges = useJudges()
  let token: NssToken

  beforeAll(async () => {
    token = await openNssToken()
    for (const name of leaves) await token.add(judges.pki.leaf(name))
  })

  /** NSS gives the key no label of its own, so the certificate says which is meant. */
  const open = (name: LeafName, options: Partial<Pkcs11KeyOptions> = {}) =>
    openPkcs11Key({
      key: `pkcs11:token=${encodeURIComponent(nssLabel)}`,
      module: token.module,
      libraryParameters: token.libraryParameters,
      pin: () => token.pin,
      certificate: Certificate.parse(judges.pki.leaf(name).certificate),
      ...options,
    })

  it.each<readonly [LeafName, Pkcs11KeyOptions['hash'], boolean]>([
    ['rsa2048', undefined, false],
    ['rsa2048', 'SHA-512', false],
    ['rsa2048', undefined, true],
    ['rsa4096', 'SHA-384', true],
    ['p256', undefined, false],
    ['p384', undefined, false],
    ['p384', 'SHA-512', false],
  ])('%s, hash %s, PSS %s: accepted', async (name, hash, pss) => {
    await using signer = cmsSigner(await open(name, { hash, pss }))
    await judges.expectAccepted((await signer.signDetached(content)).der, content)
  })

  it('many at once', async () => {
    await using signer = cmsSigner(await open('p256', { maxSessions: 8 }))
    const contents = Array.from({ length: 40 }, (_, index) => Buffer.from(`content ${index}`))
    const messages = await Promise.all(contents.map((each) => signer.signDetached(each)))
    for (const index of [0, 20, 39]) {
      await judges.expectAccepted(messages[index]?.der as Uint8Array, contents[index] as Buffer)
    }
  })

  it('the certificate of the token, by the URI that the key has', async () => {
    await using named = await open('p256')
    await using found = await open('p256', { key: named.uri, certificate: undefined })
    expect(found.certificate.fingerprint()).toBe(named.certificate.fingerprint())
  })

  it('another database: not while one is in use, and then another', async () => {
    const other = await openNssToken()
    await other.add(judges.pki.leaf('other'))
    const { libraryParameters } = other
    const first = await open('p256')
    await expect(open('other', { libraryParameters })).rejects.toMatchObject({
      code: 'ERR_TOKEN_MODULE_FAILED',
      message: expect.stringContaining('is in use with other libraryParameters'),
    })
    await first[Symbol.asyncDispose]()
    await using second = await open('other', { libraryParameters })
    expect(await second.sign(content)).toHaveLength(256)
    await expect(open('p256', { libraryParameters })).rejects.toMatchObject({ code: expect.any(String) })
  })
})
