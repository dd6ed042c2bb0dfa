/** GOST keys in files: read in every form, written in one, matched, used in requests; GOST ciphers are named. */
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { digest, hashAlgorithm, importPublicKey, verifySignature } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import {
  createCertificateRequest,
  generateKey,
  issueTestCertificate,
  keyFingerprint,
  matchesKey,
  PrivateKey,
  readCredentials,
  readPrivateKey,
  writePem,
  writePkcs12,
} from '../../src/credentials/index.ts'
import { samePublicKeyInfo } from '../../src/credentials/public-key-identity.ts'
import { CredentialError } from '../../src/errors.ts'
import { Certificate } from '../../src/x509/index.ts'
import { describeShared, shared } from '../support/tools.ts'

const vector = (file: string): Buffer => readFileSync(shared('vectors', file))
const PASSWORD = 'correct horse'

interface Entry {
  readonly file: string
  readonly kind: string
  readonly password?: string
  readonly certificate?: string
}

async function errorOf(run: () => Promise<unknown>): Promise<CredentialError> {
  try {
    await run()
  } catch (error) {
    if (error instanceof CredentialError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describeShared('keys of other programs', () => {
  const index = JSON.parse(readFileSync(shared('vectors', 'gost', 'INDEX.json'), 'utf8')) as Entry[]
  const plain = index.filter(
    ({ kind, file, password }) => kind === 'pkcs8' && !file.endsWith('.json') && password === undefined,
  )
  const locked = index.filter(
    ({ kind, password }) => (kind === 'pkcs8' || kind === 'pfx') && password !== undefined,
  )

  it('are there', () => expect([plain.length > 12, locked.length > 4]).toEqual([true, true]))

  it.each(plain)('$file: read, and the key of its certificate', async ({ file, certificate }) => {
    const { keys } = await readCredentials(vector(file))
    expect(keys).toHaveLength(1)
    const [{ key }] = keys as [(typeof keys)[0]]
    expect(key.name).toMatch(/^GOST 20(12 (256|512)-bit|01) (A|B|C|Test|CryptoPro-X?c?h?[AB])$/)
    if (certificate !== undefined && key.type !== 'GOST3410-2001') {
      const { publicKey } = Certificate.fromPem(vector(certificate))
      expect(samePublicKeyInfo(publicKey.spki, key.subjectPublicKeyInfo as Uint8Array)).toBe(true)
    }
    // What was masked or wrapped is written in one form.
    const again = await PrivateKey.fromPkcs8(key.pkcs8())
    expect(again.fingerprint).toBe(key.fingerprint)
    expect(again.pkcs8()).toEqual(key.pkcs8())
  })

  it.each(locked)('$file: the cipher is named', async ({ file, password }) => {
    const error = await errorOf(() => readCredentials(vector(file), { password: password ?? '' }))
    expect(error.code).toBe('ERR_CREDENTIAL_UNSUPPORTED')
    expect(error.message).toMatch(/GOST 28147-89|Magma|Kuznyechik|Streebog/)
    expect(error.hint).toMatch(/AES/)
  })
})

const TYPES = [
  'GOST3410-2012-256-A',
  'GOST3410-2012-256-B',
  'GOST3410-2012-512-B',
  'GOST3410-2012-512-C',
] as const

describe.each(TYPES)('a new key, %s', (type) => {
  it('signs by itself, is nothing for node:crypto, and shows its public side only', async () => {
    const key = await generateKey(type)
    const [, , size, set] = type.split('-') as [string, string, '256' | '512', string]
    expect(key.name).toBe(`GOST 2012 ${size}-bit ${set}`)
    expect([key.type, key.bits, key.curve]).toEqual([`GOST3410-2012-${size}`, Number(size), undefined])
    const hash = hashAlgorithm(`Streebog-${size}`)
    const data = Buffer.from('data')
    const { publicKey, signatureAlgorithm } = await createCertificateRequest({ subject: 'CN=x', key })
    const signature = key.toGostKey().sign(digest(hash, data))
    expect(verifySignature(signatureAlgorithm, publicKey, data, signature)).toBe(true)
    const error = await errorOf(() => key.toKeyObject())
    expect(error).toMatchObject({ code: 'ERR_CREDENTIAL_UNSUPPORTED' })
    expect(error.message).toContain(key.name)
    const number = Buffer.from(key.pkcs8())
      .subarray(-Number(size) / 8)
      .toString('hex')
    for (const gost of [key, key.toGostKey()]) {
      expect(
        `${gost} ${inspect(gost, { showHidden: true, depth: 9 })} ${JSON.stringify(gost)}`,
      ).not.toContain(number)
    }
  })

  it('goes through PEM and PKCS#12, locked by AES, with its certificate', async () => {
    const key = await generateKey(type)
    const certificate = await issueTestCertificate({ key, subject: 'CN=gost', days: 3 })
    const lock = { password: PASSWORD, iterations: 1000 }
    const forms = [
      await writePem({ keys: [{ key, certificate }] }),
      await writePem({ keys: [{ key, certificate }] }, lock),
      await writePkcs12({ keys: [{ key, certificate }] }, lock),
    ]
    for (const form of forms) {
      const { keys } = await readCredentials(form, { password: PASSWORD })
      expect(keys[0]?.key.fingerprint).toBe(key.fingerprint)
      expect(keys[0]?.key.pkcs8()).toEqual(key.pkcs8())
      expect(keys[0]?.certificate?.der).toEqual(certificate.der)
    }
    const { code, hint } = await errorOf(() => readPrivateKey(forms[0] as string))
    expect([code, hint]).toEqual(['ERR_CREDENTIAL_UNSUPPORTED', expect.stringContaining('software key')])
  })

  it('certificates: of its own, of a CA of the same kind, and matched', async () => {
    const [key, caKey] = [await generateKey(type), await generateKey(type)]
    const ca = await issueTestCertificate({ key: caKey, subject: 'CN=CA', days: 3, ca: true })
    const request = await createCertificateRequest({ subject: 'CN=of a request', key })
    expect(await request.verify()).toBe(true)
    const issuer = { certificate: ca, key: caKey }
    const certificate = await issueTestCertificate({ request, days: 3, issuer })
    const { signatureAlgorithm, tbs, signature } = certificate
    expect(verifySignature(signatureAlgorithm, ca.publicKey, tbs, signature)).toBe(true)
    const own = importPublicKey(key.subjectPublicKeyInfo as Uint8Array)
    expect([matchesKey(certificate, own), matchesKey(ca, own)]).toEqual([true, false])
    expect(keyFingerprint(certificate.subjectPublicKeyInfo)).toBe(key.fingerprint)
  })
})

describe('what is no key of GOST', () => {
  const pkcs8 = (set: string, octets: Uint8Array, ...more: Uint8Array[]): Uint8Array => {
    const algorithm = der.sequence([der.oid('1.2.643.7.1.1.1.1'), der.sequence([der.oid(set)])])
    return der.sequence([der.integer(more.length), algorithm, der.octetString(octets), ...more])
  }
  const SET = '1.2.643.7.1.2.1.1.1'

  it.each([
    ['a number of 0', pkcs8(SET, new Uint8Array(32))],
    ['a number of another length', pkcs8(SET, der.octetString(new Uint8Array(31).fill(1)))],
    ['a set of another size', pkcs8('1.2.643.7.1.2.1.2.1', new Uint8Array(32).fill(1))],
  ])('%s', async (_, bytes) => {
    expect((await errorOf(() => PrivateKey.fromPkcs8(bytes))).code).toBe('ERR_CREDENTIAL_FORMAT')
  })

  it('the public key of another', async () => {
    const other = await generateKey('GOST3410-2012-256-A')
    const good = new Uint8Array(32).fill(3)
    const bits = other.subjectPublicKeyInfo?.slice(-66) as Uint8Array
    const carried = der.implicit(1, der.bitString(bits))
    const error = await errorOf(() => PrivateKey.fromPkcs8(pkcs8(SET, good, carried)))
    expect([error.code, error.message]).toEqual([
      'ERR_CREDENTIAL_FORMAT',
      expect.stringContaining('public key of another private key'),
    ])
  })

  it('a set that is not known: kept as it is', async () => {
    const bytes = pkcs8('1.2.643.7.1.2.1.1.99', new Uint8Array(32).fill(1))
    const key = await PrivateKey.fromPkcs8(bytes)
    expect([key.type, key.subjectPublicKeyInfo]).toEqual([undefined, undefined])
    expect(key.pkcs8()).toEqual(bytes)
    expect(() => key.toGostKey()).toThrow(/no GOST key/)
  })
})

it('names of the same curve make the same key', async () => {
  const key = await generateKey('GOST3410-2012-256-B')
  const bytes = key.pkcs8()
  // id-tc26-gost-3410-2012-256-paramSetB is CryptoPro-A.
  const algorithm = der.sequence([der.oid('1.2.643.7.1.1.1.1'), der.sequence([der.oid('1.2.643.2.2.35.1')])])
  const octets = bytes.slice(-34)
  const renamed = await PrivateKey.fromPkcs8(
    der.sequence([der.integer(0), algorithm, der.octetString(octets)]),
  )
  expect(renamed.name).toBe('GOST 2012 256-bit CryptoPro-A')
  expect(renamed.fingerprint).not.toBe(key.fingerprint)
  const [one, other] = [key, renamed].map((each) => each.subjectPublicKeyInfo as Uint8Array) as [
    Uint8Array,
    Uint8Array,
  ]
  expect(samePublicKeyInfo(one, other)).toBe(true)
  const certificate = await issueTestCertificate({ key, subject: 'CN=b', days: 3 })
  expect(matchesKey(certificate, importPublicKey(other))).toBe(true)
  const third = await generateKey('GOST3410-2012-256-B')
  expect(matchesKey(certificate, importPublicKey(third.subjectPublicKeyInfo as Uint8Array))).toBe(false)
})
