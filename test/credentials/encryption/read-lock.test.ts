import { describe, expect, it } from 'vitest'
import { der, readDer } from '../../../src/asn1/index.ts'
import type { FoundLock } from '../../../src/credentials/encryption/lock.ts'
import { EncryptionOid as Oid } from '../../../src/credentials/encryption/oids.ts'
import { passwordCandidates } from '../../../src/credentials/encryption/passwords.ts'
import { readLock } from '../../../src/credentials/encryption/read-lock.ts'
import { reading, unsupported } from '../../../src/credentials/errors.ts'
import { readCredentials } from '../../../src/credentials/index.ts'
import { withDefaults } from '../../../src/credentials/limits.ts'
import { countKinds, expectOnlyTypedErrors, malformedVariants, neverValid } from '../../support/malformed.ts'
import { codeOf, vector } from '../support.ts'

const bounds = withDefaults()
const read = (algorithm: Uint8Array): FoundLock =>
  reading('', () => readDer(algorithm, 'algorithm', (r) => r.sequence('', (s) => readLock(s, bounds))))

const octets = (length: number): Uint8Array => der.octetString(new Uint8Array(length).fill(7))
const pbe = (oid: string, salt = 8, iterations = 2048): Uint8Array =>
  der.sequence([der.oid(oid), der.sequence([octets(salt), der.integer(iterations)])])
const pbkdf2 = (...rest: Uint8Array[]): Uint8Array =>
  der.sequence([der.oid(Oid.pbkdf2), der.sequence([octets(8), der.integer(2048), ...rest])])
const pbes2 = (kdf: Uint8Array, ...scheme: Uint8Array[]): Uint8Array =>
  der.sequence([der.oid(Oid.pbes2), der.sequence([kdf, der.sequence(scheme)])])
const scrypt = (N: number): Uint8Array =>
  der.sequence([
    der.oid(Oid.scrypt),
    der.sequence([octets(8), der.integer(N), der.integer(8), der.integer(1)]),
  ])
const rc2 = (version: number, ...kdf: Uint8Array[]): Uint8Array =>
  pbes2(pbkdf2(...kdf), der.oid(Oid.rc2Cbc), der.sequence([der.integer(version), octets(8)]))

const AES = pbes2(
  pbkdf2(der.sequence([der.oid(Oid.hmacWithSHA512), der.null()])),
  der.oid(Oid.aes256Cbc),
  octets(16),
)

describe('what is read of an encryption', () => {
  it.each<[string, Uint8Array, string, string, number, number]>([
    ['PBES2', AES, 'PBES2 AES-256-CBC', 'PBKDF2 HMAC-SHA-512', 16, 2048],
    [
      'PBES2, SHA-1',
      pbes2(pbkdf2(), der.oid(Oid.aes256Cbc), octets(16)),
      'PBES2 AES-256-CBC',
      'PBKDF2 HMAC-SHA-1',
      16,
      4096,
    ],
    [
      'scrypt',
      pbes2(scrypt(1024), der.oid(Oid.aes128Cbc), octets(16)),
      'PBES2 AES-128-CBC',
      'scrypt',
      16,
      8192,
    ],
    ['RC2-128', rc2(58), 'PBES2 RC2-128-CBC', 'PBKDF2 HMAC-SHA-1', 8, 2048],
    ['RC2-40, a long key', rc2(160, der.integer(16)), 'PBES2 RC2-40-CBC', 'PBKDF2 HMAC-SHA-1', 8, 2048],
    ['3DES', pbe(Oid.pbeWithSHAAnd3KeyTripleDES), 'PBE SHA-1 3DES', 'PKCS#12 KDF SHA-1', 8, 6144],
    ['2DES', pbe(Oid.pbeWithSHAAnd2KeyTripleDES), 'PBE SHA-1 3DES', 'PKCS#12 KDF SHA-1', 8, 4096],
    ['RC2', pbe(Oid.pbeWithSHAAnd40BitRC2), 'PBE SHA-1 RC2-40', 'PKCS#12 KDF SHA-1', 8, 4096],
    ['RC4', pbe(Oid.pbeWithSHAAnd128BitRC4), 'PBE SHA-1 RC4-128', 'PKCS#12 KDF SHA-1', 1, 2048],
    ['PBES1', pbe(Oid.pbeWithMD5AndDES), 'PBES1 MD5 DES', 'PBKDF1 MD5', 8, 2048],
  ])('%s: its names, block and cost', (_, algorithm, name, keyDerivation, block, cost) => {
    const lock = read(algorithm)
    if ('unknown' in lock) throw new Error(lock.unknown)
    expect(lock.layer).toMatchObject({ algorithm: name, keyDerivation })
    expect([lock.blockLength, lock.cost]).toEqual([block, cost])
  })

  it.each([
    ['a scheme', der.sequence([der.oid('1.2.840.113549.1.5.1'), der.null()]), '1.2.840.113549.1.5.1'],
    ['a cipher', pbes2(pbkdf2(), der.oid('1.2.410.200004.1.4'), octets(16)), '1.2.410.200004.1.4'],
    ['a PRF', pbes2(pbkdf2(der.sequence([der.oid('1.2.3')])), der.oid(Oid.aes256Cbc), octets(16)), '1.2.3'],
    ['a derivation', pbes2(der.sequence([der.oid('1.2.4')]), der.oid(Oid.aes256Cbc), octets(16)), '1.2.4'],
    ['RC2 with 300 bits', rc2(300), Oid.rc2Cbc],
  ])('%s that is not known is named', (_, algorithm, oid) => {
    expect(read(algorithm)).toEqual({ unknown: oid })
  })

  it.each([
    ['PBES1 with a salt of 7 bytes', pbe(Oid.pbeWithMD5AndDES, 7)],
    ['no salt', pbe(Oid.pbeWithSHAAnd3KeyTripleDES, 0)],
    ['an IV of 15 bytes', pbes2(pbkdf2(), der.oid(Oid.aes256Cbc), octets(15))],
    ['AES-256 with a key of 16 bytes', pbes2(pbkdf2(der.integer(16)), der.oid(Oid.aes256Cbc), octets(16))],
    ['RC2 of a version that means nothing', rc2(77)],
    ['RC2 with a key of 200 bytes', rc2(58, der.integer(200))],
  ])('%s is damage', async (_, algorithm) => {
    expect(await codeOf(() => read(algorithm))).toBe('FORMAT')
  })
})

describe.each([
  ['PBES2, AES', AES],
  ['PBES2, scrypt', pbes2(scrypt(1024), der.oid(Oid.aes128Cbc), octets(16))],
  ['PBES2, RC2', rc2(58)],
  ['PKCS#12, 3DES', pbe(Oid.pbeWithSHAAnd3KeyTripleDES)],
  ['PBES1', pbe(Oid.pbeWithSHA1AndRC2)],
])('malformed %s', (_, algorithm) => {
  it('is a typed error, or a lock within the limits', async () => {
    const accepted = await expectOnlyTypedErrors((bytes) => {
      const lock = read(bytes)
      // Damage to an OID makes another one.
      if ('unknown' in lock) throw unsupported(lock.unknown, '')
      expect(lock.cost).toBeGreaterThan(0)
      expect(lock.cost).toBeLessThanOrEqual(bounds.maxIterations * 4)
    }, malformedVariants(algorithm))
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
    expect(Object.keys(countKinds(accepted))).toContain('content')
  })
})

it('another password is another key, and the password stays as it was', async () => {
  const lock = read(pbe(Oid.pbeWithSHAAnd128BitRC4))
  if ('unknown' in lock) throw new Error(lock.unknown)
  const outcomes: string[] = []
  for (const text of ['one', 'two', 'three', 'one']) {
    const [password] = passwordCandidates(text)
    if (password === undefined) throw new Error('no form of the password')
    const derived = await lock.derive(password)
    outcomes.push(`${await derived.decrypt(new Uint8Array(16))}`)
    derived.wipe()
    expect(new TextDecoder().decode(password.utf8)).toBe(text)
  }
  expect(outcomes[3]).toBe(outcomes[0])
  expect(new Set(outcomes).size).toBe(3)
})

it('the sum over a PEM with many keys is bounded before one is derived', async () => {
  const locked = der.sequence([pbe(Oid.pbeWithSHAAnd3KeyTripleDES, 8, 400_000), octets(64)])
  const body = Buffer.from(locked).toString('base64')
  const one = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END ENCRYPTED PRIVATE KEY-----\n`
  let asked = 0
  const password = (): string => `${++asked}`
  expect(await codeOf(() => readCredentials(one.repeat(20), { password }))).toBe('LIMIT')
  expect(asked).toBe(0)
  const plain = new TextDecoder().decode(vector('p256.pkcs8.pem'))
  expect((await readCredentials(plain.repeat(2), { password })).keys.length).toBe(2)
})
