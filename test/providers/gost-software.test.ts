/** openSoftwareKey with GOST keys. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openSoftwareKey } from '../../providers/software/index.ts'
import { verifySignature } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import {
  generateKey,
  issueTestCertificate,
  PrivateKey,
  writePem,
  writePkcs12,
} from '../../src/credentials/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { cmsSigner } from '../../src/signer/index.ts'
import type { Certificate } from '../../src/x509/index.ts'

const DATA = new TextEncoder().encode('the bytes to sign')

async function made(): Promise<{ key: PrivateKey; certificate: Certificate }> {
  const key = await generateKey('GOST3410-2012-256-A')
  return { key, certificate: await issueTestCertificate({ key, subject: 'CN=gost', days: 3 }) }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof SealkitError ? error.code : String(error)),
  )
}

describe('a GOST key', () => {
  it('opens from PEM, PKCS#12, PKCS#8 and a PrivateKey, and signs', async () => {
    const { key, certificate } = await made()
    const lock = { password: 'correct horse', iterations: 1000 }
    const sources = [
      { key: await writePem({ keys: [{ key, certificate }] }, lock), ...lock },
      { key: await writePkcs12({ keys: [{ key, certificate }] }, lock), ...lock },
      { key: key.pkcs8(), certificate },
      { key, certificate },
    ]
    for (const { key: source, password, certificate: beside } of sources.map((each) => ({
      certificate: undefined,
      password: undefined,
      ...each,
    }))) {
      const opened = await openSoftwareKey({ key: source, password, certificate: beside })
      expect(opened.algorithm).toMatchObject({ scheme: 'GOST3410-2012-256', family: 'GOST' })
      const signature = await opened.sign(DATA)
      expect(verifySignature(opened.algorithm, certificate.publicKey, DATA, signature)).toBe(true)
      await opened[Symbol.asyncDispose]()
    }
  })

  it('hashes before the call returns, signs many at once, and stops where it is told', async () => {
    const { key, certificate } = await made()
    const opened = await openSoftwareKey({ key, certificate })
    const data = Uint8Array.from(DATA)
    const pending = Array.from({ length: 5 }, () => opened.sign(data))
    data.fill(0)
    for (const signature of await Promise.all(pending)) {
      expect(verifySignature(opened.algorithm, certificate.publicKey, DATA, signature)).toBe(true)
    }
    const controller = new AbortController()
    const aborted = opened.sign(DATA, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    const last = opened.sign(DATA)
    const disposed = opened[Symbol.asyncDispose]()
    expect(await codeOf(opened.sign(DATA))).toBe('ERR_SIGNER_DISPOSED')
    await disposed
    expect(verifySignature(opened.algorithm, certificate.publicKey, DATA, await last)).toBe(true)
  })

  it('lets the event loop turn between two signatures', async () => {
    const opened = await openSoftwareKey(await made())
    let turns = 0
    let done = false
    const count = (): void => {
      turns++
      if (!done) setImmediate(count)
    }
    setImmediate(count)
    for (let i = 0; i < 5; i++) await opened.sign(DATA)
    done = true
    expect(turns).toBeGreaterThan(3)
  })

  it('shows nothing of itself', async () => {
    const { key, certificate } = await made()
    const number = Buffer.from(key.pkcs8()).subarray(-32)
    const opened = await openSoftwareKey({ key, certificate })
    const shown = `${opened} ${inspect(opened, { showHidden: true, depth: 9 })} ${JSON.stringify(opened)}`
    expect(shown).toContain('GOST3410-2012-256 with Streebog-256, CN=gost')
    expect(shown).not.toContain(number.toString('hex'))
    expect(shown).not.toContain(BigInt(`0x${Buffer.from(number).reverse().toString('hex')}`).toString())
  })

  it('is told from the key of another certificate; takes no hash, no padding', async () => {
    const { key } = await made()
    const { certificate } = await made()
    expect(await codeOf(openSoftwareKey({ key, certificate }))).toBe('ERR_CREDENTIAL_KEY_MISMATCH')
    const own = await issueTestCertificate({ key, subject: 'CN=own', days: 3 })
    const open = (choice: object): Promise<unknown> => openSoftwareKey({ key, certificate: own, ...choice })
    expect(await codeOf(open({ hash: 'SHA-256' }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
    expect(await codeOf(open({ pss: true }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
  })

  it('makes a signer of the family GOST', async () => {
    const signer = cmsSigner(await openSoftwareKey(await made()))
    expect(signer.family).toBe('GOST')
    expect((await signer.signDetached('token')).der.length).toBeGreaterThan(500)
    await signer[Symbol.asyncDispose]()
  })
})

it('a key of 2001 does not sign', async () => {
  const { key } = await made()
  const set = der.sequence([der.oid('1.2.643.2.2.35.1'), der.oid('1.2.643.2.2.30.1')])
  const algorithm = der.sequence([der.oid('1.2.643.2.2.19'), set])
  const number = key.pkcs8().slice(-32)
  const pkcs8 = der.sequence([der.integer(0), algorithm, der.octetString(der.octetString(number))])
  const issuer = await made()
  const old = await PrivateKey.fromPkcs8(pkcs8)
  expect(old.name).toBe('GOST 2001 CryptoPro-A')
  const certificate = await issueTestCertificate({
    publicKey: old.subjectPublicKeyInfo as Uint8Array,
    subject: 'CN=old',
    days: 3,
    issuer,
  })
  expect(await codeOf(openSoftwareKey({ key: old, certificate }))).toBe('ERR_ALGORITHM_WEAK')
})
