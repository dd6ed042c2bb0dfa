/** Keys in SoftHSM2: every kind of key and every choice, accepted by OpenSSL and Bouncy Castle. */
import { inspect } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPkcs11Key, type PinRequest, type Pkcs11KeyOptions } from '../../../providers/pkcs11/index.ts'
import { cmsSigner } from '../../../src/signer/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { describeWith } from '../../support/tools.ts'
import { useJudges } from './support/judges.ts'
import { openSoftHsm, type SoftHsm, userPin } from './support/softhsm.ts'
import {
  generateKey,
  issueFor,
  type KeyKind,
  keyUri,
  makeKey,
  type Token,
  type TokenKey,
  writeCertificate,
} from './support/token-tool.ts'

const content = Buffer.from('the content')
const kinds: readonly KeyKind[] = ['RSA-2048', 'RSA-4096', 'P-256', 'P-384', 'Ed25519']

describeWith(['pkcs11js', 'softhsm', 'opensc', 'openssl', 'bouncycastle'], 'keys in SoftHSM2', () => {
  const judges = useJudges()
  const keys = new Map<string, TokenKey>()
  let hsm: SoftHsm
  let token: Token

  beforeAll(async () => {
    hsm = openSoftHsm()
    token = await hsm.addToken('Trader 1')
    for (const [index, kind] of kinds.entries()) {
      keys.set(kind, await makeKey(token, judges.pki, { label: kind, id: `0${index + 1}`, kind }))
    }
  })

  const key = (name: string) => keys.get(name) as TokenKey
  const open = (uri: string, options: Partial<Pkcs11KeyOptions> = {}) =>
    openPkcs11Key({ key: uri, module: token.module, pin: () => userPin, ...options })

  it.each<readonly [KeyKind, Pkcs11KeyOptions['hash'], boolean]>([
    ['RSA-2048', undefined, false],
    ['RSA-2048', 'SHA-384', false],
    ['RSA-2048', 'SHA-512', false],
    ['RSA-2048', undefined, true],
    ['RSA-2048', 'SHA-384', true],
    ['RSA-4096', undefined, false],
    ['RSA-4096', 'SHA-512', true],
    ['P-256', undefined, false],
    ['P-256', 'SHA-512', false],
    ['P-384', undefined, false],
    ['P-384', 'SHA-256', false],
    ['Ed25519', undefined, false],
  ])('%s, hash %s, PSS %s: accepted', async (kind, hash, pss) => {
    await using signer = cmsSigner(await open(key(kind).uri, { hash, pss }))
    const message = await signer.signDetached(content)
    await judges.expectAccepted(message.der, content, { isEdDsa: kind === 'Ed25519' })
  })

  describe('a key with CKA_ALWAYS_AUTHENTICATE', () => {
    beforeAll(async () => {
      const options = { label: 'always', id: '0a', kind: 'RSA-2048', alwaysAuthenticate: true } as const
      keys.set('always', await makeKey(token, judges.pki, options))
    })

    it('asks for the PIN before each signature, and all are accepted', async () => {
      const asked: PinRequest['purpose'][] = []
      const pin = ({ purpose }: PinRequest) => {
        asked.push(purpose)
        return userPin
      }
      await using signer = cmsSigner(await open(key('always').uri, { pin }))
      expect(asked).toEqual(['login'])
      const messages = await Promise.all([1, 2, 3].map(() => signer.signDetached(content)))
      expect(asked).toEqual(['login', 'signature', 'signature', 'signature'])
      for (const message of messages) await judges.expectAccepted(message.der, content)
    })

    it('signs nothing with a wrong PIN, and well with the right one after it', async () => {
      const pins = [userPin, '00000000', userPin]
      await using key_ = await open(key('always').uri, { pin: () => pins.shift() as string })
      await expect(key_.sign(content)).rejects.toMatchObject({
        code: 'ERR_TOKEN_PIN_WRONG',
        ckr: 'CKR_PIN_INCORRECT',
      })
      await expect(key_.sign(content)).resolves.toHaveLength(256)
    })
  })

  describe('which key', () => {
    it('by label, by token and by what the key says of itself', async () => {
      await using byLabel = await open('pkcs11:token=Trader%201;object=P-256')
      await using again = await open(byLabel.uri)
      expect(again.certificate.fingerprint()).toBe(key('P-256').certificate.fingerprint())
      expect(again.uri).toBe(byLabel.uri)
    })

    it('two with one label: an error with the URI of each, and each URI opens its own', async () => {
      const twins = [
        await makeKey(token, judges.pki, { label: 'twin', id: '2a', kind: 'P-256' }),
        await makeKey(token, judges.pki, { label: 'twin', id: '2b', kind: 'P-256' }),
      ]
      const error = await open('pkcs11:token=Trader%201;object=twin').catch((thrown: Error) => thrown)
      expect(error).toMatchObject({ code: 'ERR_TOKEN_AMBIGUOUS' })
      const uris = (error as Error).message.match(/pkcs11:[^ ,]+/g) ?? []
      expect(uris).toHaveLength(2)
      const opened = await Promise.all(uris.map((uri) => open(uri)))
      const found = opened.map(({ certificate }) => certificate.fingerprint()).sort()
      expect(found).toEqual(twins.map(({ certificate }) => certificate.fingerprint()).sort())
      for (const one of opened) await one[Symbol.asyncDispose]()
    })

    it('two tokens with one label: an error with the URI of each', async () => {
      await hsm.addToken('double')
      await hsm.addToken('double')
      await expect(open('pkcs11:token=double')).rejects.toMatchObject({
        code: 'ERR_TOKEN_AMBIGUOUS',
        message: expect.stringMatching(/pkcs11:token=double;\S*serial=\S+.*pkcs11:token=double;\S*serial=/),
      })
    })

    it('none: the token is there, the key is not', async () => {
      await expect(open('pkcs11:token=Trader%201;object=nobody')).rejects.toMatchObject({
        code: 'ERR_TOKEN_KEY_NOT_FOUND',
      })
      await expect(open('pkcs11:token=nowhere')).rejects.toMatchObject({ code: 'ERR_TOKEN_NOT_FOUND' })
    })
  })

  describe('which certificate', () => {
    it('from a file, for a key that has none in the token', async () => {
      const names = { label: 'bare', id: '3a' }
      const publicKey = await generateKey(token, { ...names, kind: 'P-256' })
      const uri = keyUri(token, names)
      await expect(open(uri)).rejects.toMatchObject({ code: 'ERR_CREDENTIAL_NO_CERTIFICATE' })
      const certificate = await issueFor(judges.pki, publicKey, 'bare')
      await using signer = cmsSigner(await open(uri, { certificate }))
      await judges.expectAccepted((await signer.signDetached(content)).der, content)
    })

    it('not that of another key', async () => {
      const { certificate } = key('P-384')
      await expect(open(key('P-256').uri, { certificate })).rejects.toMatchObject({
        code: 'ERR_CREDENTIAL_KEY_MISMATCH',
      })
    })

    it('by its public key, where CKA_ID and label are others', async () => {
      const publicKey = await generateKey(token, { label: 'private', id: '3b', kind: 'P-256' })
      const certificate = await issueFor(judges.pki, publicKey, 'elsewhere')
      await writeCertificate(token, certificate, { label: 'certificate', id: '3c' })
      await using found = await open(keyUri(token, { id: '3b' }))
      expect(found.certificate.fingerprint()).toBe(certificate.fingerprint())
    })

    it('with its issuers, from the token', async () => {
      const { intermediate, root } = judges.pki
      const issuers = [intermediate, root].map(({ certificate }) => Certificate.parse(certificate))
      for (const [index, issuer] of issuers.entries()) {
        await writeCertificate(token, issuer, { label: `issuer ${index}`, id: `4${index}` })
      }
      await using opened = await open(key('P-256').uri)
      const found = opened.chain.map((one) => one.fingerprint())
      expect(found[0]).toBe(issuers[0]?.fingerprint())
    })
  })

  it('shows no PIN', async () => {
    await using opened = await open(`${key('P-256').uri}?pin-value=${userPin}`, { pin: undefined })
    const shown = `${opened} ${JSON.stringify(opened)} ${inspect(opened, { depth: 9, showHidden: true })} ${opened.uri}`
    expect(shown).toContain('P-256')
    expect(shown).not.toContain(userPin)
  })
})
