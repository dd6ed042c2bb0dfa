import { createPrivateKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openSoftwareKey, SoftwareKey } from '../../providers/software/index.ts'
import { verifySignature } from '../../src/algorithms/index.ts'
import { readCertificates } from '../../src/credentials/index.ts'
import { AlgorithmError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { codeOf, failure, vector, vectorPath } from '../credentials/support.ts'
import { describeUnless, tempDir } from '../support/tools.ts'
import { certify } from './certify.ts'

const DATA = new TextEncoder().encode('the bytes to sign')
const text = (name: string): string => Buffer.from(vector(name)).toString('latin1')
const names = (certificates: readonly Certificate[]): (string | undefined)[] =>
  certificates.map(({ subject }) => subject.commonName)

async function expectSigns(key: SoftwareKey): Promise<void> {
  const signature = await key.sign(DATA)
  expect(verifySignature(key.algorithm, key.certificate.publicKey, DATA, signature)).toBe(true)
}

describe('openSoftwareKey', () => {
  const key = vectorPath('rsa.pkcs8.pem')
  const certificate = vectorPath('rsa.crt')
  const [leaf] = readCertificates(vector('rsa.crt')) as [Certificate]

  it.each([
    ['names of files', { key, certificate }],
    ['file URLs', { key: pathToFileURL(key), certificate: pathToFileURL(certificate) }],
    ['PEM text', { key: text('rsa.pkcs1.pem'), certificate: text('rsa.crt') }],
    ['bytes', { key: vector('rsa.pkcs8.der'), certificate: vector('rsa.crt.der') }],
    ['a KeyObject and a Certificate', { key: createPrivateKey(text('rsa.pkcs8.pem')), certificate: leaf }],
    ['a list of Certificates', { key, certificate: readCertificates(vector('chain-in-disorder.crt')) }],
    ['one text', { key: text('root.crt') + text('rsa.pkcs8.pem') + text('rsa.crt') }],
    [
      'an encrypted file as openssl pkcs12 writes it',
      { key: vectorPath('bag-attributes.pem'), password: 'test' },
    ],
    ['a certificate bag', { key, certificate: vectorPath('chain.p7b.der') }],
  ])('takes %s', async (_, options) => {
    await using opened = await openSoftwareKey(options)
    expect(opened).toBeInstanceOf(SoftwareKey)
    expect(opened.certificate.equals(leaf)).toBe(true)
    await expectSigns(opened)
  })

  it('finds certificate and chain among others, and orders the chain', async () => {
    const disorder = { key, certificate: vectorPath('chain-in-disorder.crt') }
    expect(names((await openSoftwareKey(disorder)).chain)).toEqual(['Issuing', 'Root'])
    const separate = { key, certificate, chain: text('root.crt') + text('p256.crt') + text('issuing.crt') }
    expect(names((await openSoftwareKey(separate)).chain)).toEqual(['Issuing', 'Root'])
    expect((await openSoftwareKey({ key, certificate })).chain).toEqual([])
    const inKeyFile = {
      key: text('root.crt') + text('rsa.pkcs8.pem') + text('issuing.crt') + text('rsa.crt'),
    }
    expect(names((await openSoftwareKey(inKeyFile)).chain)).toEqual(['Issuing', 'Root'])
  })

  it('takes of two certificates for the key the one that is valid, then the one valid longer', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const day = 86_400_000
    const [expired, short, long] = [-1, 5, 50].map((days) =>
      certify(privateKey, { notAfter: Date.now() + days * day }),
    ) as [Certificate, Certificate, Certificate]
    const pick = async (...list: Certificate[]): Promise<Certificate> =>
      (await openSoftwareKey({ key: privateKey, certificate: list })).certificate
    expect(await pick(expired, short, long)).toBe(long)
    expect(await pick(long, expired, short)).toBe(long)
    expect(await pick(expired, short)).toBe(short)
    expect(await pick(expired)).toBe(expired)
  })

  it('signs with every kind of key, and RSA with PSS', async () => {
    for (const options of [{ modulusLength: 2048 }, { modulusLength: 3072 }]) {
      const { privateKey } = generateKeyPairSync('rsa', options)
      for (const choice of [
        {},
        { hash: 'SHA-512' },
        { pss: true },
        { pss: { saltLength: 20 }, hash: 'SHA-384' },
      ] as const) {
        const opened = await openSoftwareKey({ key: privateKey, certificate: certify(privateKey), ...choice })
        expect(opened.algorithm.scheme).toBe('pss' in choice ? 'RSASSA-PSS' : 'RSASSA-PKCS1-v1_5')
        await expectSigns(opened)
      }
    }
    for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve })
      await expectSigns(await openSoftwareKey({ key: privateKey, certificate: certify(privateKey) }))
    }
    for (const type of ['ed25519', 'ed448'] as const) {
      const { privateKey } = generateKeyPairSync(type as 'ed25519')
      await expectSigns(await openSoftwareKey({ key: privateKey, certificate: certify(privateKey) }))
    }
    const pss = createPrivateKey(text('rsa-pss.pkcs8.pem'))
    const opened = await openSoftwareKey({ key: pss, certificate: certify(pss) })
    expect(opened.algorithm.scheme).toBe('RSASSA-PSS')
    await expectSigns(opened)
  })

  it('knows an RSA key again whose certificate restricts it to PSS', async () => {
    const pss = createPrivateKey(text('rsa-pss.pkcs8.pem'))
    // The same numbers as rsaEncryption: PKCS#1 inside PKCS#8.
    const pkcs8 = pss.export({ format: 'der', type: 'pkcs8' })
    const plain = pkcs8.subarray(pkcs8.indexOf(Buffer.from('02010002', 'hex'), 10) - 4)
    const opened = await openSoftwareKey({ key: plain, certificate: certify(pss) })
    expect(opened.algorithm.scheme).toBe('RSASSA-PSS')
    await expectSigns(opened)
  })

  it('says whose the certificate is where it is not the key’s', async () => {
    const error = await failure(() => openSoftwareKey({ key, certificate: vectorPath('p256.crt') }))
    expect(error.code).toBe('ERR_CREDENTIAL_KEY_MISMATCH')
    expect(error.message).toMatch(
      /the key's public key has SHA-256 [0-9a-f]{16}….* CN=Other leaf,O=sealkit test \(public key [0-9a-f]{16}…\)/,
    )
    expect(error.hint).toBeDefined()
    const many = await failure(() =>
      openSoftwareKey({ key: vector('ed25519.pkcs8.pem'), certificate: text('root.crt').repeat(6) }),
    )
    expect(many.message).toMatch(/ and 2 more$/)
    const beside = text('rsa.pkcs8.pem') + text('p256.crt')
    expect(await codeOf(() => openSoftwareKey({ key: beside }))).toBe('KEY_MISMATCH')
  })

  it('says that there is no certificate, and which file has none', async () => {
    const none = await failure(() => openSoftwareKey({ key }))
    expect([none.code, none.hint]).toEqual([
      'ERR_CREDENTIAL_NO_CERTIFICATE',
      expect.stringContaining('--cert'),
    ])
    expect(await codeOf(() => openSoftwareKey({ key, certificate: vectorPath('refused.csr.pem') }))).toBe(
      'NO_CERTIFICATE',
    )
  })

  it('refuses a choice that does not fit, a short key, and other types', async () => {
    const p256 = { key: vector('p256.pkcs8.pem'), certificate: vector('p256.crt') }
    await expect(openSoftwareKey({ ...p256, pss: true })).rejects.toMatchObject({
      code: 'ERR_ALGORITHM_KEY_MISMATCH',
    })
    await expect(openSoftwareKey({ key, certificate, hash: 'SHA-1' as never })).rejects.toThrow(TypeError)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const weak = { key: privateKey, certificate: certify(privateKey) }
    await expect(openSoftwareKey(weak)).rejects.toThrow(AlgorithmError)
    await expectRejected(weak, 'ERR_KEY_WEAK')
    expect((await openSoftwareKey({ ...weak, minRsaBits: 1024 })).certificate).toBe(weak.certificate)
    await expectRejected({ key, certificate, minRsaBits: 3072 }, 'ERR_KEY_WEAK')
    const { publicKey, privateKey: x25519 } = generateKeyPairSync('x25519')
    expect(await codeOf(() => openSoftwareKey({ key: x25519, certificate }))).toBe('UNSUPPORTED')
    for (const wrong of [undefined, 5, publicKey, null]) {
      await expect(openSoftwareKey({ key: wrong as never, certificate })).rejects.toThrow(TypeError)
    }
    await expect(openSoftwareKey({ key, certificate: [5] as never })).rejects.toThrow(TypeError)
    await expect(openSoftwareKey(undefined as never)).rejects.toThrow(TypeError)
  })

  async function expectRejected(options: Parameters<typeof openSoftwareKey>[0], code: string): Promise<void> {
    await expect(openSoftwareKey(options)).rejects.toMatchObject({ code })
  }

  it('asks for the password once, and passes limits on', async () => {
    let asked = 0
    const password = async (): Promise<string> => `${++asked === 1 ? 'test' : 'asked twice'}`
    await openSoftwareKey({ key: vectorPath('bag-attributes.pem'), password })
    expect(asked).toBe(1)
    const limits = { maxIterations: 10 }
    expect(
      await codeOf(() => openSoftwareKey({ key: vectorPath('bag-attributes.pem'), password, limits })),
    ).toBe('LIMIT')
  })

  it('ends with the reason of its signal', async () => {
    const reason = new Error('enough')
    await expect(openSoftwareKey({ key, certificate, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
  })
})

describeUnless(process.platform === 'win32' ? 'Windows has no file modes' : undefined, 'warnings', () => {
  it('say that the key file can be read by others; a certificate file may', async () => {
    const folder = tempDir()
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    writeFileSync(key, vector('rsa.pkcs8.pem'), { mode: 0o600 })
    copyFileSync(vectorPath('rsa.crt'), certificate)
    expect((await openSoftwareKey({ key, certificate })).warnings).toEqual([])
    writeFileSync(join(folder, 'open.pem'), vector('rsa.pkcs8.pem'), { mode: 0o644 })
    const { warnings } = await openSoftwareKey({ key: join(folder, 'open.pem'), certificate })
    expect(warnings).toEqual([
      expect.stringMatching(/open\.pem holds a private key and can be read by others \(mode 0644\)/),
    ])
  })
})

describe('SoftwareKey', () => {
  const open = (name: 'rsa' | 'p256'): Promise<SoftwareKey> =>
    openSoftwareKey({ key: vector(`${name}.pkcs8.pem`), certificate: vector(`${name}.crt`) })

  it.each(['rsa', 'p256'] as const)('is shared by many callers: %s', async (name) => {
    const key = await open(name)
    const contents = Array.from({ length: 50 }, (_, i) => new TextEncoder().encode(`content ${i}`))
    const signatures = await Promise.all(contents.map((content) => key.sign(content)))
    const publicKey = key.certificate.publicKey.keyObject as KeyObject
    contents.forEach((content, i) => {
      expect(verify('sha256', content, publicKey, signatures[i] as Uint8Array)).toBe(true)
    })
  })

  it('signs large content, and content that is written over after the call', async () => {
    const key = await open('p256')
    const publicKey = key.certificate.publicKey.keyObject as KeyObject
    for (const length of [0, 1, 65_536, 65_537, 3_000_000]) {
      const content = new Uint8Array(length).fill(7)
      const signing = key.sign(content)
      const copy = Uint8Array.from(content)
      content.fill(0)
      expect(verify('sha256', copy, publicKey, await signing), `${length}`).toBe(true)
    }
  })

  it('rejects what is aborted with the signal’s reason, and signs on', async () => {
    for (const name of ['rsa', 'p256'] as const) {
      const key = await open(name)
      const reason = new Error('enough')
      await expect(key.sign(DATA, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      const controller = new AbortController()
      const { signal } = controller
      const all = Promise.allSettled([
        key.sign(DATA, { signal }),
        key.sign(DATA),
        key.sign(DATA, { signal }),
        key.sign(DATA),
      ])
      controller.abort(reason)
      expect((await all).map((each) => (each.status === 'rejected' ? each.reason : 'signed'))).toEqual([
        reason,
        'signed',
        reason,
        'signed',
      ])
      await expectSigns(key)
    }
  })

  it('leaves no listener on a signal that serves many calls', async () => {
    const key = await open('p256')
    const { signal } = new AbortController()
    let listeners = 0
    const count = (method: 'addEventListener' | 'removeEventListener', step: number): void => {
      const original = signal[method].bind(signal) as (...args: unknown[]) => void
      signal[method] = ((...args: unknown[]) => {
        listeners += step
        original(...args)
      }) as never
    }
    count('addEventListener', 1)
    count('removeEventListener', -1)
    for (let i = 0; i < 20; i++) await key.sign(DATA, { signal })
    expect(listeners).toBe(0)
  })

  it('signs no more once disposed; what is in flight ends first', async () => {
    for (const name of ['rsa', 'p256'] as const) {
      const key = await open(name)
      const order: string[] = []
      const inFlight = Promise.all([1, 2, 3].map((i) => key.sign(DATA).then(() => order.push(`signed ${i}`))))
      const disposed = key[Symbol.asyncDispose]().then(() => order.push('disposed'))
      await expect(key.sign(DATA)).rejects.toMatchObject({ name: 'SignerError', code: 'ERR_SIGNER_DISPOSED' })
      await Promise.all([inFlight, disposed])
      expect(order.at(-1)).toBe('disposed')
      expect(order.length).toBe(4)
      await key[Symbol.asyncDispose]()
    }
  })

  it('rejects data that is no bytes', async () => {
    const key = await open('p256')
    for (const wrong of ['text', undefined, [1]])
      await expect(key.sign(wrong as never)).rejects.toThrow(TypeError)
  })
})
