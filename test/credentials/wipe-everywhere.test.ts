/** Looks for secrets in every array that was filled while a key was read, not in chosen places only. */
import { createPrivateKey } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nodeCrypto } from '../../src/algorithms/node-crypto.ts'
import { der } from '../../src/asn1/index.ts'
import { readPrivateKey } from '../../src/credentials/index.ts'
import { PrivateKey } from '../../src/credentials/key/private-key.ts'
import { encryptKey } from './make-encrypted.ts'
import { codeOf, vector } from './support.ts'

const filled = new Set<Uint8Array>()
const keep = (bytes: unknown): void => {
  if (bytes instanceof Uint8Array) filled.add(bytes)
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
const node = nodeCrypto as NonNullable<typeof nodeCrypto>
const { set } = typedArray
const { octetString, sequence } = der
const { createDecipheriv } = node
const { pkcs8 } = PrivateKey.prototype
const { encode } = TextEncoder.prototype

beforeEach(() => {
  filled.clear()
  vi.spyOn(typedArray, 'set').mockImplementation(function (this: Uint8Array, ...given) {
    keep(this)
    set.apply(this, given)
  })
  vi.spyOn(der, 'octetString').mockImplementation((...given) => {
    keep(given[0])
    const made = octetString(...given)
    keep(made)
    return made
  })
  vi.spyOn(der, 'sequence').mockImplementation((...given) => {
    const made = sequence(...given)
    keep(made)
    return made
  })
  vi.spyOn(PrivateKey.prototype, 'pkcs8').mockImplementation(function (this: PrivateKey) {
    const made = pkcs8.call(this)
    keep(made)
    return made
  })
  vi.spyOn(TextEncoder.prototype, 'encode').mockImplementation(function (
    this: InstanceType<typeof TextEncoder>,
    text,
  ) {
    const made = encode.call(this, text)
    keep(made)
    return made
  })
  vi.spyOn(node, 'createDecipheriv').mockImplementation(((...given: Parameters<typeof createDecipheriv>) => {
    const decipher = createDecipheriv(...given)
    for (const name of ['update', 'final'] as const) {
      const own = decipher[name].bind(decipher) as (...data: never[]) => unknown
      decipher[name] = ((...data: never[]) => {
        const made = own(...data)
        keep(made)
        return made
      }) as never
    }
    return decipher
  }) as never)
})
afterEach(() => vi.restoreAllMocks())

/** The beginning of a number that only the private key has. */
function secretOf(name: string): Buffer {
  const pem = Buffer.from(vector(`${name.split('.')[0]}.pkcs8.pem`))
  const { p, d } = createPrivateKey(pem).export({ format: 'jwk' })
  return Buffer.from((p ?? d) as string, 'base64url').subarray(0, 12)
}

/** Arrays with the secret in them, but those that the caller holds. */
const holding = (secret: Buffer, input: Uint8Array): Uint8Array[] =>
  [...filled].filter((bytes) => bytes.buffer !== input.buffer && Buffer.from(bytes).includes(secret))

it.each([
  'rsa.pkcs8.pem',
  'rsa.pkcs8.der',
  'rsa.pkcs1.pem',
  'rsa.pbes2.der',
  'rsa.traditional-aes256.pem',
  'rsa.p12',
  'p256.pkcs8.pem',
  'p256.sec1.pem',
  'p256.scrypt-16384.pem',
  'p256.pbe-sha1-2des.pem',
  'p256.pbe-md5-des.pem',
  'ed25519.pkcs8.pem',
])('no array that was filled while %s was read holds its key or password afterwards', async (name) => {
  const input = vector(name)
  const secret = secretOf(name)
  const dispose = vi.spyOn(PrivateKey.prototype, Symbol.dispose).mockImplementation(() => undefined)
  await readPrivateKey(input, { password: 'test' })
  // What is looked at is what holds the key: the copies that are given out of it are there, and wiped.
  expect(vi.mocked(PrivateKey.prototype.pkcs8)).toHaveBeenCalled()
  const [key] = dispose.mock.contexts as PrivateKey[]
  expect(Buffer.from(pkcs8.call(key as PrivateKey)).includes(secret)).toBe(true)
  dispose.mockRestore()
  key?.[Symbol.dispose]()
  expect(holding(secret, input).map((bytes) => bytes.length)).toEqual([])
  const passwords = [...filled].filter((bytes) => Buffer.from(bytes).equals(Buffer.from('test')))
  expect(passwords.length).toBe(0)
})

it('what opens to no key is overwritten', async () => {
  const secret = Buffer.from('these bytes are no private key')
  const input = encryptKey(secret)
  filled.clear()
  expect(await codeOf(() => readPrivateKey(input, { password: 'test' }))).toBe('PASSWORD_WRONG')
  expect(filled.size).toBeGreaterThan(0)
  expect(holding(secret, input)).toEqual([])
})
