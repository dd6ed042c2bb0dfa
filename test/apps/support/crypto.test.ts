/** Converting, keys, signing in the support page: the work without the page. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ConsumerAuthority } from '../../../apps/simulator/consumer-authority.ts'
import { cut, drawnChain, shortName } from '../../../apps/support/page/crypto/chain-layout.ts'
import { type ConvertOptions, convert } from '../../../apps/support/page/crypto/jobs/convert.ts'
import type { GivenFile } from '../../../apps/support/page/crypto/jobs/gather.ts'
import { look } from '../../../apps/support/page/crypto/jobs/look.ts'
import { alternativeNames, makeKey, subjectText } from '../../../apps/support/page/crypto/jobs/make-key.ts'
import { namingOf, outputName } from '../../../apps/support/page/crypto/jobs/names.ts'
import { identityOf, signHere } from '../../../apps/support/page/crypto/jobs/sign-here.ts'
import {
  completeSignature,
  prepareSignature,
  signOnServer,
  verifySignature,
} from '../../../apps/support/server/sign-verify.ts'
import type { ChainLink } from '../../../apps/support/sign-api.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith, tempDir } from '../../support/tools.ts'

const USER = 'a000012345_00012345'
const PASSWORD = 'correct horse'
const utf8 = new TextEncoder()
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')

const OPTIONS: ConvertOptions = {
  target: 'p12',
  profile: 'modern',
  password: PASSWORD,
  naming: { userId: USER, purpose: 'ssl', base: 'x' },
}

let pem: string
let keyPem: string
let certificatePem: string
let other: GivenFile
let ca: string
let file: GivenFile

beforeAll(async () => {
  const authority = await ConsumerAuthority.create('Consumers')
  const issued = await authority.issue(USER, {})
  ;({ pem, keyPem, certificatePem } = issued)
  ca = authority.ca
  file = given(`ocapi-${USER}-ssl.pem`, pem)
  other = given('other.pem', (await authority.issue('b_1', {})).certificatePem)
})

function given(name: string, content: string | Uint8Array, password?: string): GivenFile {
  return { name, bytes: typeof content === 'string' ? utf8.encode(content) : content, password }
}

describe('look', () => {
  it('tells key, certificate, match and days', async () => {
    const found = await look([file])
    expect(found.files).toMatchObject([{ state: 'open', form: 'PEM', hasKeys: true, convertible: true }])
    const days = (Date.parse(new X509Certificate(certificatePem).validTo) - Date.now()) / 86_400_000
    expect(found.keys).toMatchObject([{ certificate: { commonName: USER, daysLeft: Math.floor(days) } }])
  })

  it('puts key and certificate of two files together', async () => {
    const found = await look([given('key.pem', keyPem), given('cert.pem', certificatePem)])
    expect(found.keys).toMatchObject([{ certificate: { commonName: USER } }])
    expect(found.loneCertificates).toEqual([])
  })

  it('says that another certificate is not the one of the key', async () => {
    const found = await look([given('key.pem', keyPem), other])
    expect(found.keys).toMatchObject([{ certificate: undefined }])
    expect(found.loneCertificates).toMatchObject([{ commonName: 'b_1' }])
  })

  it('asks for a password where one is needed, and says when it is wrong', async () => {
    const [made] = await convert([file], OPTIONS)
    const locked = made?.bytes ?? new Uint8Array()
    expect((await look([given('a.p12', locked)])).files).toMatchObject([{ state: 'locked' }])
    const wrong = await look([given('a.p12', locked, 'no')])
    expect(wrong.files).toMatchObject([
      { state: 'locked', problem: { code: 'ERR_CREDENTIAL_PASSWORD_WRONG', file: 'a.p12' } },
    ])
    expect((await look([given('a.p12', locked, PASSWORD)])).keys).toHaveLength(1)
  })

  it('says what is no such file, and keeps the others', async () => {
    const found = await look([given('notes.txt', 'hello'), file])
    expect(found.files).toMatchObject([
      { state: 'failed', problem: { file: 'notes.txt' } },
      { state: 'open' },
    ])
    expect(found.keys).toHaveLength(1)
  })
})

describeWith('openssl', 'convert', () => {
  it.each(['modern', 'java', 'legacy'] as const)(
    'to P12 (%s), which OpenSSL opens, and back',
    async (profile) => {
      const [made] = await convert([file], { ...OPTIONS, profile })
      expect(made?.name).toBe(`ocapi-${USER}-ssl.p12`)
      const path = join(tempDir(), 'made.p12')
      writeFileSync(path, made?.bytes ?? '')
      const legacy = profile === 'legacy' ? ['-legacy'] : []
      const args = ['pkcs12', '-in', path, '-nodes', '-passin', `pass:${PASSWORD}`, ...legacy]
      const { stdout } = await mustRun('openssl', args)
      expect(stdout.toString()).toContain('PRIVATE KEY')
      const [back] = await convert([given('made.p12', readFileSync(path), PASSWORD)], {
        ...OPTIONS,
        target: 'pem',
        password: '',
      })
      expect(back).toMatchObject({ isOpen: true, name: `ocapi-${USER}-ssl.pem` })
      const again = await look([given('back.pem', back?.bytes ?? '')])
      expect(again.keys[0]?.fingerprint).toBe((await look([file])).keys[0]?.fingerprint)
    },
  )

  it('to PEM with a password that OpenSSL takes', async () => {
    const [made] = await convert([file], { ...OPTIONS, target: 'pem' })
    expect(made?.isOpen).toBe(false)
    const input = Buffer.from(made?.bytes ?? '')
    const { stdout } = await mustRun('openssl', ['pkey', '-passin', `pass:${PASSWORD}`], { input })
    expect(stdout.toString()).toContain('BEGIN PRIVATE KEY')
  })

  it('gives each of two keys a file of its own', async () => {
    const second = await makeKey({ ...NEW_KEY, password: '' })
    const made = await convert([file, given('second.pem', second.key.bytes)], { ...OPTIONS, target: 'pem' })
    expect(made.map(({ name }) => name)).toEqual([`ocapi-${USER}-ssl-1.pem`, `ocapi-${USER}-ssl-2.pem`])
  })

  it('refuses a key without its certificate', async () => {
    await expect(convert([given('key.pem', keyPem), other], OPTIONS)).rejects.toMatchObject({
      problem: { code: 'ERR_CREDENTIAL_KEY_MISMATCH' },
    })
    await expect(convert([other], OPTIONS)).rejects.toMatchObject({
      problem: { code: 'ERR_CREDENTIAL_NO_KEY' },
    })
  })
})

describeWith('java', 'a truststore', () => {
  it('that keytool lists', async () => {
    const [made] = await convert([given('ca.pem', ca), other], {
      ...OPTIONS,
      target: 'truststore',
      password: 'changeit',
    })
    expect(made?.name).toBe(`ocapi-${USER}-cacert.p12`)
    const path = join(tempDir(), 'trust.p12')
    writeFileSync(path, made?.bytes ?? '')
    const { stdout } = await mustRun('keytool', ['-list', '-keystore', path, '-storepass', 'changeit'])
    expect(stdout.toString().match(/trustedCertEntry/g)).toHaveLength(2)
  })
})

describe('names', () => {
  it('come from the convention, of the key before the CA certificates', () => {
    const naming = namingOf([`ocapi-${USER}-cacert.pem`, `ocapi-${USER}-signing (1).pem`])
    expect(outputName(naming, 'p12')).toBe(`ocapi-${USER}-signing.p12`)
  })

  it('else from the file', () => {
    expect(outputName(namingOf(['my key (2).pem']), 'p12')).toBe('my-key.p12')
    expect(outputName(namingOf(['../../etc/passwd']), 'pem')).toBe('etc-passwd.pem')
    expect(outputName(namingOf(['.pem']), 'pem')).toBe('credential.pem')
  })

  it('refuse a user id that cannot stand in one', () => {
    expect(() => outputName({ userId: '../x', purpose: 'ssl', base: 'x' }, 'p12')).toThrow('cannot stand')
  })
})

const NEW_KEY = {
  type: 'P-256',
  subject: { commonName: 'api, Inc.', organisation: 'A+B', unit: '', locality: '', state: '', country: 'lu' },
  alternativeNames: 'api.bank.example\n192.0.2.1, ops@bank.example',
  use: 'client',
  password: PASSWORD,
  userId: '',
} as const

describeWith('openssl', 'makeKey', () => {
  it.each(['P-256', 'RSA-2048', 'Ed25519'] as const)(
    '%s with a request that OpenSSL verifies',
    async (type) => {
      const made = await makeKey({ ...NEW_KEY, type })
      const input = Buffer.from(made.request.bytes)
      const { stdout, stderr } = await mustRun('openssl', ['req', '-verify', '-noout', '-text'], { input })
      expect(stderr.toString()).toContain('verify OK')
      const text = stdout.toString()
      expect(text).toMatch(/CN ?= ?"?api, Inc\./)
      expect(text).toContain('DNS:api.bank.example, IP Address:192.0.2.1, email:ops@bank.example')
      expect(text).toContain('TLS Web Client Authentication')
      const key = Buffer.from(made.key.bytes)
      expect(made.key.isOpen).toBe(false)
      expect(key.toString()).toContain('ENCRYPTED PRIVATE KEY')
      await mustRun('openssl', ['pkey', '-noout', '-passin', `pass:${PASSWORD}`], { input: key })
    },
  )

  it('says that an unencrypted key is one', async () => {
    const made = await makeKey({ ...NEW_KEY, password: '', userId: USER, use: 'signing' })
    expect(made.key).toMatchObject({ isOpen: true, name: `ocapi-${USER}-signing.key` })
    expect(made.request.name).toBe(`ocapi-${USER}-signing.csr`)
  })

  it('says which name is none', async () => {
    await expect(makeKey({ ...NEW_KEY, alternativeNames: 'IP:no' })).rejects.toMatchObject({
      problem: { code: 'ERR_CERTIFICATE_EXTENSION' },
    })
  })
})

describe('a subject', () => {
  it('has its special characters escaped, and no empty part', () => {
    expect(subjectText(NEW_KEY.subject)).toBe('CN=api\\, Inc.,O=A\\+B,C=LU')
  })

  it('has alternative names of their kinds', () => {
    expect(alternativeNames('2001:db8::1\nhttps://a.example/\nURI:urn:x')).toEqual([
      'IP:2001:db8::1',
      'URI:https://a.example/',
      'URI:urn:x',
    ])
  })
})

describeWith('openssl', 'signing', () => {
  it.each([true, false])('with the key in the page, detached: %s', async (detached) => {
    const content = base64('the passport token')
    const identity = await identityOf([file])
    const { state, ...toSign } = await prepareSignature({ content, ...identity, detached })
    const signature = await signHere([file], toSign)
    const { message, report } = await completeSignature({ state, signature, content })
    expect(report).toMatchObject({ verdict: 'certificate-not-validated', detached })
    const folder = tempDir()
    writeFileSync(join(folder, 'm.p7s'), Buffer.from(message, 'base64'))
    writeFileSync(join(folder, 'token.txt'), 'the passport token')
    const args = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', join(folder, 'm.p7s'), '-noverify']
    if (detached) args.push('-content', join(folder, 'token.txt'))
    const { stdout } = await mustRun('openssl', args)
    expect(stdout.toString()).toBe('the passport token')
  })

  it('refuses a signature that was changed on its way', async () => {
    const content = base64('x')
    const identity = await identityOf([file])
    const { state, ...toSign } = await prepareSignature({ content, ...identity, detached: true })
    const signature = Buffer.from(await signHere([file], toSign), 'base64')
    signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1
    const ask = { state, signature: base64(signature), content }
    await expect(completeSignature(ask)).rejects.toMatchObject({ code: 'ERR_CMS_SIGNATURE_INVALID' })
  })

  it('with a key of the server, verified with authorities and without', async () => {
    const path = join(tempDir(), 'own.pem')
    writeFileSync(path, pem, { mode: 0o600 })
    const content = base64('text')
    const { message } = await signOnServer({ content, settings: { key: path }, secrets: {} })
    const ask = { signature: message, content, system: false, anyUse: false }
    const without = await verifySignature({ ...ask, authorities: [] })
    expect(without.verdict).toBe('certificate-not-validated')
    expect(without.signers[0]?.chain).toMatchObject([{ role: 'leaf', trusted: false }])
    const judged = await verifySignature({ ...ask, authorities: [base64(ca)] })
    // It is for TLS alone.
    expect(judged.signers[0]).toMatchObject({
      verdict: 'invalid',
      chainProblem: expect.stringContaining('usage'),
    })
    expect(judged.signers[0]?.chain).toMatchObject([{ role: 'leaf', trusted: false }, { role: 'root' }])
    const taken = await verifySignature({ ...ask, authorities: [base64(ca)], anyUse: true })
    expect(taken.verdict).toBe('valid')
    expect(taken.signers[0]?.chain.at(-1)).toMatchObject({ role: 'root', trusted: true })
    const changed = await verifySignature({ ...ask, content: base64('texT'), authorities: [] })
    expect(changed).toMatchObject({ verdict: 'invalid' })
    expect(changed.signers[0]?.checks).toContainEqual(
      expect.objectContaining({ check: 'message-digest', outcome: 'failed' }),
    )
  })

  it('says that the key is missing', async () => {
    const ask = { content: base64('x'), settings: {}, secrets: {} }
    await expect(signOnServer(ask)).rejects.toMatchObject({ code: 'ERR_CONFIG_MISSING' })
  })
})

describe('a chain as it is drawn', () => {
  const link = (subject: string, issuer: string, from: string, to: string): ChainLink => {
    return { subject, issuer, notBefore: from, notAfter: to, role: 'leaf', trusted: false }
  }
  const now = Date.parse('2026-01-01')

  it('has the root above, one scale of time, and marks what has expired', () => {
    const chain = [
      link('CN=a', 'CN=r', '2024-01-01', '2025-01-01'),
      link('CN=r', 'CN=r', '2020-01-01', '2030-01-01'),
    ]
    const drawn = drawnChain(chain, now)
    expect(drawn.links.map(({ name, state }) => [name, state])).toEqual([
      ['r', 'valid'],
      ['a', 'expired'],
    ])
    const [root, leaf] = drawn.links
    expect(root?.from).toBeLessThan(leaf?.from ?? 0)
    expect(leaf?.to).toBeLessThan(drawn.now)
    expect(leaf?.y).toBeGreaterThan(root?.y ?? 0)
    expect(drawn.isOpen).toBe(false)
  })

  it('says where the issuer is missing', () => {
    expect(drawnChain([link('CN=a', 'CN=r', '2025-01-01', '2027-01-01')], now).isOpen).toBe(true)
  })

  it('shortens names', () => {
    expect(shortName('CN=Bank\\, Inc.,C=LU')).toBe('Bank, Inc.')
    expect(shortName('O=Bank')).toBe('O=Bank')
    expect([...cut('x'.repeat(99), 10)]).toHaveLength(10)
  })
})
