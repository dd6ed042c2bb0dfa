/** The ways that a browser takes, where node:crypto is not: each must give what node:crypto gives. */
import * as node from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { digest, type HashName, hashAlgorithm } from '../../../src/algorithms/index.ts'
import * as ciphers from '../../../src/credentials/encryption/ciphers.ts'
import { hmac, type PrfHash } from '../../../src/credentials/encryption/hmac.ts'
import { md5 } from '../../../src/credentials/encryption/md5.ts'
import { pbkdf2 } from '../../../src/credentials/encryption/pbkdf2.ts'
import type { KdfHash } from '../../../src/credentials/encryption/pkcs12-kdf.ts'
import { scrypt } from '../../../src/credentials/encryption/scrypt.ts'
import { readCredentials } from '../../../src/credentials/index.ts'
import { root } from '../../support/tools.ts'
import { codeOf, vector } from '../support.ts'

vi.mock('../../../src/algorithms/node-crypto.ts', async (original) => {
  const { needNodeCrypto: _, ...rest } = await original<Record<string, unknown>>()
  const { AlgorithmError } = await import('../../../src/errors.ts')
  const needNodeCrypto = (what: string): never => {
    throw new AlgorithmError('ERR_ALGORITHM_UNAVAILABLE', what)
  }
  return { ...rest, nodeCrypto: undefined, needNodeCrypto }
})

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const password = Buffer.from('correct hörse €')
const salt = Buffer.from('salt of some length')
const KDF_HASHES: readonly KdfHash[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']

describe('without node:crypto', () => {
  it.each<[PrfHash, string]>([
    ...KDF_HASHES.map((hash): [PrfHash, string] => [hash, hash.replace('-', '')]),
    ['SHA-512/224', 'sha512-224'],
    ['SHA-512/256', 'sha512-256'],
  ])('PBKDF2 with %s', async (hash, name) => {
    const made = await pbkdf2(hash, password, salt, 1000, 70)
    expect(hex(made)).toBe(hex(node.pbkdf2Sync(password, salt, 1000, 70, name)))
  })

  it.each(KDF_HASHES)('HMAC with %s', async (hash) => {
    const expected = node.createHmac(hash.replace('-', ''), password).update(salt).digest()
    expect(hex(await hmac(hash, password, salt))).toBe(hex(expected))
  })

  it('scrypt', async () => {
    const made = await scrypt(password, salt, { N: 1024, r: 8, p: 2 }, 40)
    expect(hex(made)).toBe(hex(node.scryptSync(password, salt, 40, { N: 1024, r: 8, p: 2 })))
  })

  it('MD5', async () => {
    const digestOf = await md5()
    expect(hex(digestOf(salt))).toBe(hex(node.createHash('md5').update(salt).digest()))
  })

  it.each<HashName>(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])('a digest with %s', (name) => {
    const expected = node.createHash(name.replace('-', '')).update(salt).digest()
    expect(hex(digest(hashAlgorithm(name), salt))).toBe(hex(expected))
  })

  it.each<HashName>(['MD5', 'SHAKE256'])('no digest with %s, said so', async (name) => {
    const made = async (): Promise<Uint8Array> => digest(hashAlgorithm(name), salt)
    await expect(made()).rejects.toMatchObject({ code: 'ERR_ALGORITHM_UNAVAILABLE' })
  })

  it.each([
    [ciphers.AES_128, 'aes-128-cbc'],
    [ciphers.AES_192, 'aes-192-cbc'],
    [ciphers.AES_256, 'aes-256-cbc'],
    [ciphers.TRIPLE_DES, 'des-ede3-cbc'],
  ])('$name, and undefined for wrong padding', async (cipher, name) => {
    const key = node.randomBytes(cipher.keyLength)
    const iv = node.randomBytes(cipher.blockLength)
    const encrypter = node.createCipheriv(name, key, iv)
    const data = Buffer.concat([encrypter.update(password), encrypter.final()])
    expect(await ciphers.decrypt(cipher, key, iv, data)).toEqual(new Uint8Array(password))
    expect(await ciphers.encrypt(cipher, key, iv, password)).toEqual(new Uint8Array(data))
    const raw = node.createCipheriv(name, key, iv).setAutoPadding(false)
    const unpadded = Buffer.concat([raw.update(Buffer.alloc(32)), raw.final()])
    expect(await ciphers.decrypt(cipher, key, iv, unpadded)).toBeUndefined()
  })

  it.each([
    'p256.pbes2-aes-192-cbc-hmacWithSHA224.pem',
    'p256.pbes2-aes-256-cbc-hmacWithSHA512.pem',
    'p256.pbes2-des3-hmacWithSHA256.pem',
    'p256.pbes2-rc2.pem',
    'p256.scrypt-16384.pem',
    'p256.pbe-md5-des.pem',
    'p256.pbe-sha1-rc2-64.pem',
    'p256.pbe-sha1-rc2-40.pem',
    'p256.pbe-sha1-rc4-128.pem',
    'p256.pbe-sha1-2des.pem',
    'p256.traditional-aes256.pem',
  ])('reads %s, and knows a wrong password', async (name) => {
    const { keys } = await readCredentials(vector(name), { password: 'test' })
    expect(hex(keys[0]?.key.pkcs8() ?? new Uint8Array())).toBe(hex(vector('p256.pkcs8.der')))
    expect(await codeOf(() => readCredentials(vector(name), { password: 'wrong' }))).toBe('PASSWORD_WRONG')
  })

  it('says that Camellia is not there', async () => {
    const file = vector('rsa.traditional-camellia128.pem')
    expect(await codeOf(() => readCredentials(file, { password: 'test' }))).toBe('UNSUPPORTED')
  })

  it.each([
    'openssl-aes256.p12',
    'forge-aes192.p12',
    'openssl-legacy.p12',
    'openssl-emoji-3des.p12',
    'openssl-pbes2-des.p12',
    'openssl-mac-sha224.p12',
    'openssl-empty-3des.p12',
  ])('opens %s, and knows a wrong password', async (file) => {
    const folder = join(root, 'vectors/pkcs12')
    const index: readonly Entry[] = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
    const entry = index.find((one) => one.file === file)
    const bytes = new Uint8Array(readFileSync(join(folder, file)))
    const { keys } = await readCredentials(bytes, { password: entry?.password ?? undefined })
    const found = keys.map(({ key }) =>
      node
        .createHash('sha256')
        .update(key.subjectPublicKeyInfo ?? '')
        .digest('hex')
        .slice(0, 16),
    )
    expect(found).toEqual(entry?.keys)
    expect(await codeOf(() => readCredentials(bytes, { password: 'wrong' }))).toBe('PASSWORD_WRONG')
  })
})

interface Entry {
  readonly file: string
  readonly password: string | null
  readonly keys: readonly string[]
}
