import { describe, expect, it } from 'vitest'
import { type NewCredentials, type WritePkcs12Options, writePkcs12 } from '../../../src/credentials/index.ts'
import { codeOf, failure } from '../support.ts'
import { makePair } from './make-pkcs12.ts'
import { at, contentOf, openByHand } from './support/open-by-hand.ts'

const leaf = makePair('ed25519')
const keys = [{ key: leaf.key, certificate: leaf.certificate }]
const password = 'correct horse'

const write = (
  options: Partial<WritePkcs12Options>,
  contents: NewCredentials = { keys },
): Promise<Uint8Array> => writePkcs12(contents, { password, ...options })

/** PBKDF2's iterations of the first safe, and the MAC's. */
async function iterationsOf(contents: NewCredentials, options: Partial<WritePkcs12Options> = {}) {
  const { pfx, authenticatedSafe } = openByHand(await write(options, contents), password)
  const kdf = at(authenticatedSafe.tree, 0, 1, 0, 1, 1, 1, 0, 1)
  const [pbkdf2, mac] = [contentOf(authenticatedSafe, at(kdf, 1)), contentOf(pfx, at(pfx.tree, 2, 2))]
  return [pbkdf2, mac].map((bytes) => Number.parseInt(Buffer.from(bytes).toString('hex'), 16))
}

describe('iterations', () => {
  it('are 250,000 by default', async () => {
    expect(await iterationsOf({ keys })).toEqual([250_000, 250_000])
  })

  it('are fewer where there are many keys: .NET allows 1,000,000 for all', async () => {
    const pairs = Array.from({ length: 4 }, () => makePair('ed25519'))
    expect(await iterationsOf({ keys: pairs })).toEqual([200_000, 250_000])
  })

  it('hold for the MAC too, unless it has its own', async () => {
    expect(await iterationsOf({ keys }, { iterations: 1000 })).toEqual([1000, 1000])
    expect(await iterationsOf({ keys }, { iterations: 1000, macIterations: 1001 })).toEqual([1000, 1001])
  })
})

describe('wrong use', () => {
  const cases: [string, Partial<Record<keyof WritePkcs12Options, unknown>>][] = [
    ['another profile', { profile: 'ancient' }],
    ['another cipher', { encryption: 'PBE-SHA1-RC2-40' }],
    ['another name of a cipher', { encryption: 'aes-256-cbc' }],
    ['another MAC', { mac: 'HMAC-MD5' }],
    ['__proto__ as a MAC', { mac: '__proto__' }],
    ['another PRF', { prf: 'MD5' }],
    ['another key derivation', { kdf: 'argon2' }],
    ['too few iterations', { iterations: 999 }],
    ['no iterations', { iterations: 0 }],
    ['too many iterations', { iterations: 5_000_001 }],
    ['more in all than readers allow', { iterations: 4_000_000 }],
    ['more in all than readers allow, legacy', { profile: 'legacy', iterations: 2_500_001 }],
    ['half an iteration', { iterations: 2000.5 }],
    ['NaN', { iterations: Number.NaN }],
    ['a string', { iterations: '2000' }],
    ['too few iterations for the MAC', { macIterations: 1 }],
    ['iterations with scrypt', { kdf: 'scrypt', iterations: 2000 }],
    ['a PRF with scrypt', { kdf: 'scrypt', prf: 'SHA-256' }],
    ['scrypt with triple DES', { profile: 'legacy', kdf: 'scrypt' }],
    ['a PRF with triple DES', { encryption: 'PBE-SHA1-3DES', prf: 'SHA-256' }],
    ['a number as the password', { password: 1234 }],
  ]
  it.each(cases)('%s is a TypeError', async (_, options) => {
    await expect(write(options as Partial<WritePkcs12Options>)).rejects.toThrow(TypeError)
  })

  const contents: [string, unknown][] = [
    ['nothing', {}],
    ['empty lists', { keys: [], certificates: [], crls: [] }],
    ['null', null],
    ['a public key', { keys: [{ key: leaf.spki }] }],
    ['PEM in place of a key', { keys: [{ key: 'PRIVATE KEY' }] }],
    [
      'a key and bytes in place of a certificate',
      { keys: [{ key: leaf.key, certificate: leaf.certificate.der }] },
    ],
    ['bytes in the chain', { keys: [{ key: leaf.key, chain: [leaf.certificate.der] }] }],
    ['bytes in place of a certificate', { certificates: [{ certificate: leaf.certificate.der }] }],
    ['a certificate that is not named', { certificates: [leaf.certificate] }],
    ['text in place of a CRL', { crls: ['X509 CRL'] }],
    ['bytes that are no DER in place of a CRL', { crls: [Uint8Array.of(1, 2, 3)] }],
  ]
  it.each(contents)('%s to write is a TypeError', async (_, given) => {
    await expect(write({ iterations: 1000 }, given as NewCredentials)).rejects.toThrow(TypeError)
  })
})

describe('a key and a certificate that do not belong together', () => {
  it('are refused', async () => {
    const { certificate } = makePair('ed25519', 'somebody else')
    const { code, message } = await failure(() => write({}, { keys: [{ key: leaf.key, certificate }] }))
    expect(code).toBe('ERR_CREDENTIAL_KEY_MISMATCH')
    expect(message).toContain('somebody else')
  })

  it('are refused before a password is asked for', async () => {
    const { certificate } = makePair('p256')
    const ask = (): never => {
      throw new Error('the password was asked for')
    }
    const contents = { keys: [{ key: leaf.key, certificate }] }
    expect(await codeOf(() => write({ password: ask }, contents))).toBe('KEY_MISMATCH')
  })
})

describe('passwords', () => {
  it.each([
    ['a NUL', 'a\0b'],
    ['a lone surrogate', 'a\udc00'],
    ['bytes that are not UTF-8', Uint8Array.of(0x61, 0xff)],
  ])('%s is unsuitable', async (_, given) => {
    expect(await codeOf(() => write({ password: given }))).toBe('PASSWORD_UNSUITABLE')
  })

  it.each(['pässword', 'ключ', 'tab\t', 'del\x7f'])('%j is unsuitable for Java', async (given) => {
    expect(await codeOf(() => write({ password: given, profile: 'java' }))).toBe('PASSWORD_UNSUITABLE')
    expect(await codeOf(() => write({ password: Buffer.from(given), profile: 'java' }))).toBe(
      'PASSWORD_UNSUITABLE',
    )
  })

  it('no error holds the password', async () => {
    const given = 'p\u00e4ssword'
    const error = await failure(() => write({ password: given, profile: 'java' }))
    expect(`${error.message} ${error.hint} ${error.stack}`).not.toContain(given)
  })

  it('a function is asked once; one that gives nothing is an error, not an empty password', async () => {
    let asked = 0
    const ask = (): string => {
      asked++
      return password
    }
    const file = await write({ password: ask, iterations: 1000 })
    expect(asked).toBe(1)
    expect(openByHand(file, password).keys).toHaveLength(1)
    expect(await codeOf(() => write({ password: () => undefined }))).toBe('PASSWORD_REQUIRED')
    expect(await codeOf(() => writePkcs12({ keys }, {} as WritePkcs12Options))).toBe('PASSWORD_REQUIRED')
  })

  it('bytes are the same as their characters, and are left as they are', async () => {
    const given = Buffer.from('ключ 🔑')
    const file = await write({ password: given, iterations: 1000 })
    expect(openByHand(file, 'ключ 🔑').keys).toHaveLength(1)
    expect(given.toString()).toBe('ключ 🔑')
  })
})
