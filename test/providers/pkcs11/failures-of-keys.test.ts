/** The twenty failures that users of PKCS#11 meet: 13, 14 and 16 to 19, those of modules, keys and signatures. */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPkcs11Key, type Pkcs11Key, type Pkcs11KeyOptions } from '../../../providers/pkcs11/index.ts'
import { verifySignature } from '../../../src/algorithms/index.ts'
import { openPki, type Pki } from '../../interop/support/pki.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith } from '../../support/tools.ts'
import { FakeCryptoki, openFake } from './support/fake-cryptoki.ts'
import { CKM, fakeEc, fakeRsa, fakeToken } from './support/fake-token.ts'
import { openNssToken } from './support/nss.ts'
import { RawModule } from './support/raw.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'
import {
  generateKey,
  issueFor,
  keyUri,
  makeKey,
  type Token,
  type TokenKey,
  writeCertificate,
} from './support/token-tool.ts'

const data = Buffer.from('to be signed')
const otherUser = fileURLToPath(new URL('./support/other-user.mjs', import.meta.url))
const isRight = ({ algorithm, certificate }: Pkcs11Key, signature: Uint8Array) =>
  verifySignature(algorithm, certificate.publicKey, data, signature)

describeWith(['pkcs11js', 'softhsm', 'opensc', 'openssl'], 'with SoftHSM2', () => {
  let pki: Pki
  let token: Token
  let key: TokenKey

  beforeAll(async () => {
    pki = await openPki()
    token = await openSoftHsm().addToken('failures')
    key = await makeKey(token, pki, { label: 'key', id: '01', kind: 'P-256' })
  })

  const open = (uri: string, options: Partial<Pkcs11KeyOptions> = {}) =>
    openPkcs11Key({ key: uri, module: token.module, pin: () => userPin, ...options })

  it('13 double initialize: what another initialised is used, and not finalised', async () => {
    using raw = new RawModule(token.module)
    const session = raw.session(raw.slot(token.label))
    const opened = await open(key.uri)
    expect(isRight(opened, await opened.sign(data))).toBe(true)
    await opened[Symbol.asyncDispose]()
    expect(raw.answer((pkcs11) => pkcs11.C_GetSessionInfo(session))).toBe('CKR_OK')
  })

  it('13 double initialize: several keys, opened at once and closed one after the other', async () => {
    const opened = await Promise.all(Array.from({ length: 5 }, () => open(key.uri)))
    for (const one of opened) {
      expect(isRight(one, await one.sign(data))).toBe(true)
      await one[Symbol.asyncDispose]()
    }
    // The last has finalised it, so it can be initialised.
    using raw = new RawModule(token.module)
    expect(raw.slot(token.label)).toBeDefined()
  })

  it('14 fork: another process has a module of its own', async () => {
    await using opened = await open(key.uri)
    const env = { ...token.env, SEALKIT_TEST_PIN: userPin }
    const { stdout } = await mustRun(process.execPath, [otherUser, token.module, token.label], { env })
    expect(`${stdout}`).toBe('CKR_OK CKR_OK CKR_OK CKR_OK')
    expect(isRight(opened, await opened.sign(data))).toBe(true)
  })

  it('14 fork: a worker thread has the same module, finalises it, and the key recovers', async () => {
    await using opened = await open(key.uri)
    await opened.sign(data)
    const env = { ...process.env, SEALKIT_TEST_PIN: userPin }
    const worker = new Worker(otherUser, { workerData: [token.module, token.label], env })
    const [said] = await once(worker, 'message')
    await worker.terminate()
    expect(said).toBe('CKR_CRYPTOKI_ALREADY_INITIALIZED CKR_USER_ALREADY_LOGGED_IN CKR_OK CKR_OK')
    const signing = await Promise.all(Array.from({ length: 8 }, () => opened.sign(data)))
    expect(signing.every((signature) => isRight(opened, signature))).toBe(true)
  })

  it('16 duplicate labels: the one that the certificate is for', async () => {
    const twins = [
      await makeKey(token, pki, { label: 'twin', id: '2a', kind: 'P-256' }),
      await makeKey(token, pki, { label: 'twin', id: '2b', kind: 'P-256' }),
    ]
    const uri = 'pkcs11:token=failures;object=twin'
    await expect(open(uri)).rejects.toMatchObject({ code: 'ERR_TOKEN_AMBIGUOUS' })
    for (const { certificate } of twins) {
      await using opened = await open(uri, { certificate })
      expect(isRight(opened, await opened.sign(data))).toBe(true)
      expect(opened.certificate.fingerprint()).toBe(certificate.fingerprint())
    }
  })

  it('17 key and certificate labels differ: they belong together by CKA_ID', async () => {
    const names = { label: 'the key', id: '3a' }
    const publicKey = await generateKey(token, { ...names, kind: 'P-256' })
    const certificate = await issueFor(pki, publicKey, 'differs')
    await writeCertificate(token, certificate, { label: 'CN=differs', id: '3a' })
    await using opened = await open(keyUri(token, names))
    expect(opened.certificate.fingerprint()).toBe(certificate.fingerprint())
    expect(isRight(opened, await opened.sign(data))).toBe(true)
  })

  it('18 ECDSA is raw r||s: what comes out is DER', async () => {
    await using opened = await open(key.uri)
    for (let time = 0; time < 20; time++) {
      const signature = await opened.sign(data)
      expect(signature[0]).toBe(0x30)
      expect(isRight(opened, signature)).toBe(true)
    }
  })
})

describeWith(['pkcs11js', 'softokn', 'nss', 'openssl'], 'with NSS softokn', () => {
  it('18 ECDSA is raw r||s, of mathematics that are not those of OpenSSL', async () => {
    const pki = await openPki()
    const token = await openNssToken()
    await token.add(pki.leaf('p384'))
    const { module, libraryParameters, pin } = token
    const uri = 'pkcs11:token=NSS%20Certificate%20DB;object=p384'
    await using opened = await openPkcs11Key({ key: uri, module, libraryParameters, pin: () => pin })
    expect(isRight(opened, await opened.sign(data))).toBe(true)
  })
})

describe('with a fake, since no module here does it', () => {
  const shortened = (raw: Buffer): Buffer => {
    const strip = (part: Buffer) => part.subarray(part.findIndex((octet) => octet !== 0))
    return Buffer.concat([strip(raw.subarray(0, 32)), strip(raw.subarray(32))])
  }

  it.each([
    ['r', (raw: Buffer) => raw[0] === 0 && raw[32] !== 0],
    ['s', (raw: Buffer) => raw[0] !== 0 && raw[32] === 0],
  ])('18 ECDSA is sometimes short: %s has lost a leading zero', async (_, isWanted) => {
    const { objects } = await fakeEc({ change: (raw) => (isWanted(raw) ? shortened(raw) : undefined) })
    const fake = new FakeCryptoki(fakeToken({ mechanisms: [CKM.ECDSA_SHA256], objects: [...objects] }))
    await using opened = await openFake(fake)
    expect(isRight(opened, await opened.sign(data))).toBe(true)
  })

  it('18 ECDSA of a length that cannot be is refused', async () => {
    const { objects } = await fakeEc({ change: (raw) => raw.subarray(0, 20) })
    const fake = new FakeCryptoki(fakeToken({ mechanisms: [CKM.ECDSA_SHA256], objects: [...objects] }))
    await using opened = await openFake(fake)
    await expect(opened.sign(data)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE_WRONG' })
  })

  it('18 a signature of another key never leaves', async () => {
    const [one, other] = [await fakeRsa(), await fakeRsa()]
    const wrong = {
      attributes: one.key.attributes,
      sign: other.key.sign as NonNullable<typeof other.key.sign>,
    }
    const fake = new FakeCryptoki(fakeToken({ objects: [wrong, one.certificate] }))
    await using opened = await openFake(fake)
    await expect(opened.sign(data)).rejects.toMatchObject({
      code: 'ERR_TOKEN_SIGNATURE_WRONG',
      hint: expect.any(String),
    })
  })

  it('19 no hash mechanisms: hashed here', async () => {
    const fake = new FakeCryptoki(
      fakeToken({ mechanisms: [CKM.RSA_PKCS], objects: [...(await fakeRsa()).objects] }),
    )
    await using opened = await openFake(fake, { hash: 'SHA-512' })
    expect(isRight(opened, await opened.sign(data))).toBe(true)
  })

  it('19 only hash mechanisms: hashed there', async () => {
    const token = fakeToken({ mechanisms: [CKM.SHA256_RSA_PKCS], objects: [...(await fakeRsa()).objects] })
    await using opened = await openFake(new FakeCryptoki(token))
    expect(isRight(opened, await opened.sign(data))).toBe(true)
  })

  it('19 PSS limits: no PSS, another hash: said when the key is opened', async () => {
    const token = fakeToken({ mechanisms: [CKM.SHA256_RSA_PKCS], objects: [...(await fakeRsa()).objects] })
    const fake = new FakeCryptoki(token)
    for (const options of [{ pss: true }, { hash: 'SHA-512' }] as const) {
      await expect(openFake(fake, options)).rejects.toMatchObject({
        code: 'ERR_TOKEN_MECHANISM',
        hint: expect.stringContaining('CKM_'),
      })
    }
    expect(fake.openSessions).toBe(0)
  })
})
