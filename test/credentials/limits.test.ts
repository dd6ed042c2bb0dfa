import { describe, expect, it } from 'vitest'
import { der, encodePem } from '../../src/asn1/index.ts'
import { readCertificates, readPrivateKey } from '../../src/credentials/index.ts'
import { encryptKey, keyByScrypt, pbkdf2Algorithm, scryptAlgorithm } from './make-encrypted.ts'
import { codeOf, failure, spkiOf, spkiOfVector, vector } from './support.ts'

const PLAIN = vector('p256.pkcs8.der')
const withIterations = (iterations: number | bigint): Uint8Array =>
  encryptKey(PLAIN, { kdf: pbkdf2Algorithm(der.integer(iterations)) })
const pbe = (oid: string, iterations: number): Uint8Array => {
  const parameters = der.sequence([der.octetString(new Uint8Array(8)), der.integer(iterations)])
  return der.sequence([der.sequence([der.oid(oid), parameters]), der.octetString(new Uint8Array(16))])
}

/** The password must not be asked for: the work is bounded before. */
const password = (): never => {
  throw new Error('the password was asked for')
}

describe('limits before work', () => {
  it.each([
    ['PBKDF2, 10^7 iterations', withIterations(10_000_000), 'LIMIT'],
    ['PBKDF2, 2^31 iterations', withIterations(2 ** 31), 'LIMIT'],
    ['PBKDF2, 2^64 iterations', withIterations(2n ** 64n), 'FORMAT'],
    ['PBKDF2, no iterations', withIterations(0), 'FORMAT'],
    ['PBKDF2, -1 iterations', withIterations(-1), 'FORMAT'],
    ['PBE-SHA1-3DES, 10^8 iterations', pbe('1.2.840.113549.1.12.1.3', 1e8), 'LIMIT'],
    ['PBE-SHA1-2DES, 10^8 iterations', pbe('1.2.840.113549.1.12.1.4', 1e8), 'LIMIT'],
    ['PBE-SHA1-3DES, no iterations', pbe('1.2.840.113549.1.12.1.3', 0), 'FORMAT'],
    ['scrypt, N = 2^30', encryptKey(PLAIN, { kdf: scryptAlgorithm(2 ** 30, 8, 1) }), 'LIMIT'],
    ['scrypt, N = 2^20: a gibibyte', encryptKey(PLAIN, { kdf: scryptAlgorithm(2 ** 20, 8, 1) }), 'LIMIT'],
    ['scrypt, r = 2^29', encryptKey(PLAIN, { kdf: scryptAlgorithm(2, 2 ** 29, 1) }), 'LIMIT'],
    ['scrypt, p = 2^29', encryptKey(PLAIN, { kdf: scryptAlgorithm(2, 1, 2 ** 29) }), 'LIMIT'],
    ['scrypt, p = 1000', encryptKey(PLAIN, { kdf: scryptAlgorithm(2 ** 14, 8, 1000) }), 'LIMIT'],
    ['scrypt, N = 3', encryptKey(PLAIN, { kdf: scryptAlgorithm(3, 8, 1) }), 'FORMAT'],
    ['scrypt, N = 1', encryptKey(PLAIN, { kdf: scryptAlgorithm(1, 8, 1) }), 'FORMAT'],
    ['scrypt, N = 2^16 with r = 1', encryptKey(PLAIN, { kdf: scryptAlgorithm(2 ** 16, 1, 1) }), 'FORMAT'],
    ['scrypt, N = 2^64', encryptKey(PLAIN, { kdf: scryptAlgorithm(2n ** 64n, 8, 1) }), 'FORMAT'],
    [
      'PBKDF2, a key of 16 bytes',
      encryptKey(PLAIN, { kdf: pbkdf2Algorithm(der.integer(1), der.integer(16)) }),
      'FORMAT',
    ],
    ['scrypt, a key of 16 bytes', encryptKey(PLAIN, { kdf: scryptAlgorithm(1024, 8, 1, 16) }), 'FORMAT'],
    [
      'an IV of 8 bytes',
      encryptKey(PLAIN, {
        scheme: der.sequence([der.oid('2.16.840.1.101.3.4.1.42'), der.octetString(new Uint8Array(8))]),
      }),
      'FORMAT',
    ],
  ])('%s', async (_, bytes, code) => {
    expect(await codeOf(() => readPrivateKey(bytes, { password }))).toBe(code)
  })

  it('name the option that raises them', async () => {
    for (const [bytes, option] of [
      [withIterations(6_000_000), 'limits.maxIterations'],
      [encryptKey(PLAIN, { kdf: scryptAlgorithm(2 ** 19, 8, 1) }), 'limits.maxScryptMemory'],
      [encryptKey(PLAIN, { kdf: scryptAlgorithm(2 ** 17, 8, 8) }), 'limits.maxScryptCost'],
    ] as const) {
      expect((await failure(() => readPrivateKey(bytes, { password }))).hint).toContain(option)
    }
  })

  it('can be raised and lowered', async () => {
    const raised = { password, limits: { maxIterations: 1e7 } }
    await expect(readPrivateKey(withIterations(6_000_000), raised)).rejects.toThrow(
      'the password was asked for',
    )
    const limits = { maxIterations: 2047 }
    const file = vector('p256.pbes2-aes-256-cbc-hmacWithSHA256.pem')
    expect(await codeOf(() => readPrivateKey(file, { password, limits }))).toBe('LIMIT')
    const scrypt = vector('p256.scrypt-16384.pem')
    expect(
      await codeOf(() => readPrivateKey(scrypt, { password, limits: { maxScryptMemory: 2 ** 23 } })),
    ).toBe('LIMIT')
    expect(await codeOf(() => readPrivateKey(scrypt, { password, limits: { maxScryptCost: 2 ** 16 } }))).toBe(
      'LIMIT',
    )
  })

  it('let scrypt through that createPrivateKey of Node does not open (N = 2^15, r = 8)', async () => {
    const bytes = encryptKey(PLAIN, {
      kdf: scryptAlgorithm(2 ** 15, 8, 1, 32),
      key: keyByScrypt(2 ** 15, 8, 1),
    })
    expect(spkiOf(await readPrivateKey(bytes, { password: 'test' }))).toBe(spkiOfVector('p256'))
  })

  it('hold for the size of input and the number of blocks', async () => {
    const large = new Uint8Array(1024 * 1024 + 1)
    expect(await codeOf(() => readPrivateKey(large))).toBe('LIMIT')
    expect(await codeOf(() => readCertificates(' '.repeat(large.length)))).toBe('LIMIT')
    expect(await codeOf(() => readPrivateKey(PLAIN, { limits: { maxBytes: 10 } }))).toBe('LIMIT')
    const many = encodePem('X', Uint8Array.of(1)).repeat(1001)
    expect(await codeOf(() => readPrivateKey(many))).toBe('LIMIT')
    expect(await codeOf(() => readCertificates(vector('chain.p7b.der'), { limits: { maxBlocks: 2 } }))).toBe(
      'LIMIT',
    )
  })

  it('must be numbers', async () => {
    for (const wrong of [Number.NaN, -1, '9' as never]) {
      await expect(readPrivateKey(PLAIN, { limits: { maxIterations: wrong } })).rejects.toThrow(TypeError)
    }
  })
})
