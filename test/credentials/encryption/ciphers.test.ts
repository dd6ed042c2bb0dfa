import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as ciphers from '../../../src/credentials/encryption/ciphers.ts'
import { forgeCbc } from '../../../src/credentials/encryption/forge-cipher.ts'

const { decrypt, encrypt } = ciphers

/** Ciphers that node:crypto has without OpenSSL's legacy provider. */
const NODE: readonly (readonly [name: string, cipher: ciphers.Cipher, node: string])[] = [
  ['AES-128', ciphers.AES_128, 'aes-128-cbc'],
  ['AES-192', ciphers.AES_192, 'aes-192-cbc'],
  ['AES-256', ciphers.AES_256, 'aes-256-cbc'],
  ['triple DES', ciphers.TRIPLE_DES, 'des-ede3-cbc'],
]
const CAMELLIA: typeof NODE = [
  ['Camellia-128', ciphers.CAMELLIA_128, 'camellia-128-cbc'],
  ['Camellia-192', ciphers.CAMELLIA_192, 'camellia-192-cbc'],
  ['Camellia-256', ciphers.CAMELLIA_256, 'camellia-256-cbc'],
]

function nodeEncrypt(node: string, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createCipheriv(node, key, iv)
  return Buffer.concat([cipher.update(data), cipher.final()])
}
function nodeDecrypt(node: string, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer {
  const decipher = createDecipheriv(node, key, iv)
  return Buffer.concat([decipher.update(data), decipher.final()])
}
const same = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && Buffer.from(a).equals(b)

describe.each([...NODE, ...CAMELLIA])('%s', (_, cipher, node) => {
  const secrets = fc.tuple(
    fc.uint8Array({ minLength: cipher.keyLength, maxLength: cipher.keyLength }),
    fc.uint8Array({ minLength: cipher.blockLength, maxLength: cipher.blockLength }),
    fc.uint8Array({ maxLength: 100 }),
  )

  it('decrypts what node:crypto encrypts', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, async ([key, iv, data]) => {
        expect(same(await decrypt(cipher, key, iv, nodeEncrypt(node, key, iv, data)), data)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('gives undefined for padding that is wrong, in each way', async () => {
    const key = randomBytes(cipher.keyLength)
    const iv = randomBytes(cipher.blockLength)
    const block = cipher.blockLength
    const endings = [
      Array(block).fill(0),
      [...Array(block - 1).fill(1), block + 1],
      [...Array(block - 1).fill(1), 0xff],
      // Longer than one byte, and one of them is another.
      [...Array(block - 2).fill(9), 3, 2],
      [block - 1, ...Array(block - 2).fill(block), block],
    ]
    for (const ending of endings) {
      const raw = createCipheriv(node, key, iv).setAutoPadding(false)
      const data = Buffer.concat([raw.update(Buffer.alloc(block, 7)), raw.update(Uint8Array.from(ending))])
      expect(await decrypt(cipher, key, iv, Buffer.concat([data, raw.final()])), `${ending}`).toBeUndefined()
    }
    expect(await decrypt(cipher, key, iv, nodeEncrypt(node, key, iv, new Uint8Array()))).toEqual(
      new Uint8Array(),
    )
  })

  // Camellia is read only.
  if (cipher.kind === 'camellia') return
  it('encrypts what node:crypto decrypts', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, async ([key, iv, data]) => {
        expect(same(nodeDecrypt(node, key, iv, await encrypt(cipher, key, iv, data)), data)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe("node-forge's AES, which stands in where WebCrypto has none of 192 bits", () => {
  it('is AES', async () => {
    const [key, iv] = [randomBytes(24), randomBytes(16)]
    const data = Buffer.alloc(48, 'sixteen bytes ..')
    const made = await forgeCbc('AES-CBC', 'encrypt', key, iv, data, 0)
    const raw = createCipheriv('aes-192-cbc', key, iv).setAutoPadding(false)
    expect(same(made, raw.update(data))).toBe(true)
    expect(same(await forgeCbc('AES-CBC', 'decrypt', key, iv, made, 0), data)).toBe(true)
  })
})

describe('DES', () => {
  it('is triple DES with three equal keys, to node:crypto', async () => {
    const [key, iv] = [randomBytes(8), randomBytes(8)]
    const data = nodeEncrypt('des-ede3-cbc', Buffer.concat([key, key, key]), iv, Buffer.from('single'))
    expect(same(await decrypt(ciphers.DES, key, iv, data), Buffer.from('single'))).toBe(true)
  })
})

describe('RC2 (RFC 2268 section 5)', () => {
  it.each([
    [64, 'ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
    [64, '3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
    [64, '88', '0000000000000000', '61a8a244adacccf0'],
    [64, '88bca90e90875a', '0000000000000000', '6ccf4308974c267f'],
    [64, '88bca90e90875a7f0f79c384627bafb2', '0000000000000000', '1a807d272bbe5db1'],
    [128, '88bca90e90875a7f0f79c384627bafb2', '0000000000000000', '2269552ab0f85ca6'],
  ])('%i effective bits, key %s', async (bits, key, plain, made) => {
    const [secret, block] = [Buffer.from(key, 'hex'), Buffer.from(plain, 'hex')]
    const zeros = new Uint8Array(8)
    const data = await forgeCbc('RC2-CBC', 'encrypt', secret, zeros, block, bits)
    expect(Buffer.from(data).toString('hex')).toBe(made)
    expect(same(await forgeCbc('RC2-CBC', 'decrypt', secret, zeros, data, bits), block)).toBe(true)
  })
})
