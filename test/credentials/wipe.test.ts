import { createPrivateKey, KeyObject, type webcrypto } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nodeCrypto } from '../../src/algorithms/node-crypto.ts'
import { readPrivateKey } from '../../src/credentials/index.ts'
import { PrivateKey } from '../../src/credentials/key/private-key.ts'
import { vector } from './support.ts'

/** Every secret that goes into or comes out of the functions that hold one, to look at afterwards. */
const seen: Uint8Array[] = []
let refuseCipher = false

const node = nodeCrypto as NonNullable<typeof nodeCrypto>
const { pbkdf2, scrypt, createDecipheriv } = node
const { fromPkcs8, fromPlainKey } = PrivateKey

beforeEach(() => {
  seen.length = 0
  refuseCipher = false
  const keep = (secret: unknown): void => void seen.push(secret as Uint8Array)
  vi.spyOn(node, 'pbkdf2').mockImplementation((password, ...rest) => {
    keep(password)
    pbkdf2(password, ...rest)
  })
  vi.spyOn(node, 'scrypt').mockImplementation(((password: Uint8Array, ...rest: [never, never, never]) => {
    keep(password)
    scrypt(password, ...rest)
  }) as never)
  vi.spyOn(node, 'createDecipheriv').mockImplementation(((...given: Parameters<typeof createDecipheriv>) => {
    keep(given[1])
    if (refuseCipher) throw new Error('FIPS mode')
    return createDecipheriv(...given)
  }) as never)
  vi.spyOn(PrivateKey, 'fromPkcs8').mockImplementation(async (pkcs8, what) => {
    keep(pkcs8)
    return await fromPkcs8.call(PrivateKey, pkcs8, what)
  })
  vi.spyOn(PrivateKey, 'fromPlainKey').mockImplementation(async (plain, what) => {
    keep(plain.privateKey)
    return await fromPlainKey.call(PrivateKey, plain, what)
  })
})
afterEach(() => vi.restoreAllMocks())

const isWiped = (secret: Uint8Array): boolean => secret.every((octet) => octet === 0)

it.each([
  'rsa.pbes2.der',
  'p256.scrypt-16384.pem',
  'p256.pbe-sha1-2des.pem',
  'p256.pbe-md5-des.pem',
  'rsa.traditional-aes256.pem',
  'p256.traditional-aes256.pem',
])('overwrites what held the key of %s, its password and its encryption key', async (name) => {
  await readPrivateKey(vector(name), { password: 'test' })
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.filter((secret) => !isWiped(secret))).toEqual([])
})

it.each(['rsa.pkcs8.pem', 'rsa.p12'])(
  'disposes of the keys of %s that it does not give out',
  async (name) => {
    const made = vi.mocked(PrivateKey.fromPkcs8)
    expect(await readPrivateKey(vector(name), { password: 'test' })).toBeInstanceOf(KeyObject)
    expect(made.mock.results.length).toBe(1)
    const key = (await made.mock.results[0]?.value) as PrivateKey
    expect(() => key.pkcs8()).toThrow('disposed of')
  },
)

it('overwrites them where the password is wrong too', async () => {
  await expect(readPrivateKey(vector('rsa.pbes2.der'), { password: 'wrong' })).rejects.toThrow(
    'wrong password',
  )
  expect(seen.length).toBe(2)
  expect(seen.every(isWiped)).toBe(true)
})

it('overwrites the encryption key where the cipher cannot be had', async () => {
  refuseCipher = true
  const camellia = vector('rsa.traditional-camellia256.pem')
  await expect(readPrivateKey(camellia, { password: 'test' })).rejects.toThrow(
    'Camellia-256-CBC is not available',
  )
  expect(seen.length).toBe(1)
  expect(seen.every(isWiped)).toBe(true)
})

it.each(['rsa.pbes2.der', 'p256.pbe-sha1-2des.pem'])(
  'opens %s, and overwrites what held its keys, where node:crypto lacks the cipher',
  async (name) => {
    refuseCipher = true
    expect(await readPrivateKey(vector(name), { password: 'test' })).toBeInstanceOf(KeyObject)
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.every(isWiped)).toBe(true)
  },
)

it.each(['p256.pkcs8.pem', 'p256.sec1.pem', 'rsa.pkcs8.base64', 'rsa.pkcs1.pem'])(
  "leaves nothing of %s in the pool that Node's buffers share",
  async (name) => {
    const jwk = createPrivateKey(Buffer.from(vector(`${name.split('.')[0]}.pkcs8.pem`))).export({
      format: 'jwk',
    }) as webcrypto.JsonWebKey
    const secret = Buffer.alloc(28)
    Buffer.from((jwk.p ?? jwk.d) as string, 'base64url').copy(secret, 0, 2)
    const input = vector(name)
    // Everything that was in the pool before makes room for a new one.
    const before = Buffer.from('x').buffer
    let pool = before
    while (pool === before) pool = Buffer.from('x'.repeat(1000)).buffer
    await readPrivateKey(input)
    const pools = [pool, Buffer.from('x').buffer].map((bytes) => Buffer.from(bytes))
    expect(pools.some((bytes) => bytes.includes(secret))).toBe(false)
    const shared = Buffer.from(secret.toString('hex'), 'hex').buffer
    expect(Buffer.from(shared).includes(secret)).toBe(true)
  },
)
