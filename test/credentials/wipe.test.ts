import type * as crypto from 'node:crypto'
import { createPrivateKey } from 'node:crypto'
import { expect, it, vi } from 'vitest'

/** Every secret buffer that passes through node:crypto is kept here, to look at afterwards. */
const seen: Uint8Array[] = []
let failing = false

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  return {
    ...real,
    createPrivateKey(input: { key: Uint8Array }) {
      seen.push(input.key)
      return real.createPrivateKey(input as never)
    },
    createDecipheriv(name: string, key: Uint8Array, iv: Uint8Array) {
      seen.push(key)
      if (failing) throw new Error('FIPS mode')
      const decipher = real.createDecipheriv(name, key, iv)
      const update = decipher.update.bind(decipher)
      decipher.update = ((data: Uint8Array) => {
        const plain = update(data)
        seen.push(plain)
        return plain
      }) as never
      return decipher
    },
  }
})

const { readPrivateKey } = await import('../../src/credentials/index.ts')
const { vector } = await import('./support.ts')

it.each([
  'rsa.pkcs8.pem',
  'p256.sec1.der',
  'rsa.pbes2.der',
  'p256.scrypt-16384.pem',
  'p256.pbe-sha1-2des.pem',
  'rsa.traditional-aes256.pem',
  'p256.traditional-aes256.pem',
])('overwrites what held the key of %s, and its encryption key', async (name) => {
  seen.length = 0
  await readPrivateKey(vector(name), { password: 'test' })
  expect(seen.length).toBeGreaterThan(0)
  for (const secret of seen) {
    expect(secret.length).toBeGreaterThan(7)
    expect(secret.every((octet) => octet === 0)).toBe(true)
  }
})

it('overwrites them where the password is wrong too', async () => {
  seen.length = 0
  await expect(readPrivateKey(vector('rsa.pbes2.der'), { password: 'wrong' })).rejects.toThrow(
    'wrong password',
  )
  expect(seen.length).toBe(2)
  for (const secret of seen) expect(secret.every((octet) => octet === 0)).toBe(true)
})

it.each(['p256.pkcs8.pem', 'p256.sec1.pem', 'rsa.pkcs8.base64', 'rsa.pkcs1.pem'])(
  "leaves nothing of %s in the pool that Node's buffers share",
  async (name) => {
    const jwk = createPrivateKey(Buffer.from(vector(`${name.split('.')[0]}.pkcs8.pem`))).export({
      format: 'jwk',
    })
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

it('overwrites the encryption key where the cipher cannot be had', async () => {
  seen.length = 0
  failing = true
  await expect(readPrivateKey(vector('rsa.pbes2.der'), { password: 'test' })).rejects.toMatchObject({
    code: 'ERR_CREDENTIAL_UNSUPPORTED',
  })
  failing = false
  expect(seen.length).toBe(1)
  for (const secret of seen) expect(secret.every((octet) => octet === 0)).toBe(true)
})
