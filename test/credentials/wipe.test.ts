import { createPrivateKey, KeyObject, type webcrypto } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readPrivateKey } from '../../src/credentials/index.ts'
import { PrivateKey } from '../../src/credentials/key/private-key.ts'
import { vector } from './support.ts'

/** Every secret that goes into or comes out of the functions that hold one, to look at afterwards. */
const seen: Uint8Array[] = []
let refuseCipher = false

beforeEach(() => {
  seen.length = 0
  refuseCipher = false
  const { subtle } = globalThis.crypto
  const real = {
    importKey: subtle.importKey.bind(subtle),
    deriveBits: subtle.deriveBits.bind(subtle),
    decrypt: subtle.decrypt.bind(subtle),
  }
  vi.spyOn(subtle, 'importKey').mockImplementation(((format: string, key: unknown, ...rest: never[]) => {
    if (key instanceof Uint8Array) seen.push(key)
    if (refuseCipher && rest[0] === 'AES-CBC') return Promise.reject(new Error('FIPS mode'))
    return real.importKey(format as never, key as never, ...(rest as unknown as [never, never, never]))
  }) as never)
  vi.spyOn(PrivateKey, 'fromPkcs8').mockImplementation(watched(PrivateKey.fromPkcs8.bind(PrivateKey)))
})
afterEach(() => vi.restoreAllMocks())

/** Keeps the PKCS#8 that was decrypted, and the key's own copy of it. */
function watched(original: typeof PrivateKey.fromPkcs8): typeof PrivateKey.fromPkcs8 {
  return async (pkcs8, what) => {
    seen.push(pkcs8)
    return await original(pkcs8, what)
  }
}

const isWiped = (secret: Uint8Array): boolean => secret.every((octet) => octet === 0)

it.each(['rsa.pbes2.der', 'p256.scrypt-16384.pem', 'p256.pbe-sha1-2des.pem', 'p256.pbe-md5-des.pem'])(
  'overwrites what held the key of %s, its password and its encryption key',
  async (name) => {
    await readPrivateKey(vector(name), { password: 'test' })
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.filter((secret) => !isWiped(secret))).toEqual([])
  },
)

it.each(['rsa.pkcs8.pem', 'rsa.p12'])(
  'disposes of the keys of %s that it does not give out',
  async (name) => {
    const disposed: PrivateKey[] = []
    const real = PrivateKey.prototype[Symbol.dispose]
    vi.spyOn(PrivateKey.prototype, Symbol.dispose as never).mockImplementation(function (this: PrivateKey) {
      disposed.push(this)
      real.call(this)
    } as never)
    expect(await readPrivateKey(vector(name), { password: 'test' })).toBeInstanceOf(KeyObject)
    expect(disposed.length).toBe(1)
    expect(() => disposed[0]?.pkcs8()).toThrow('disposed of')
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
  await expect(readPrivateKey(vector('rsa.pbes2.der'), { password: 'test' })).rejects.toThrow('FIPS mode')
  expect(seen.length).toBe(2)
  expect(seen.every(isWiped)).toBe(true)
})

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
