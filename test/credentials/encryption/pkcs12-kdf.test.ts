import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bmpPassword } from '../../../src/credentials/encryption/passwords.ts'
import { type KdfHash, type Purpose, pkcs12Kdf } from '../../../src/credentials/encryption/pkcs12-kdf.ts'

const HASHES: readonly KdfHash[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']
const IDS: Readonly<Record<Purpose, number>> = { key: 1, iv: 2, mac: 3 }

/** RFC 7292 appendix B.2 step by step, with numbers for the addition. */
function plainly(
  hash: KdfHash,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  purpose: Purpose,
  length: number,
): Buffer {
  const name = hash.replace('-', '')
  const v = hash === 'SHA-384' || hash === 'SHA-512' ? 128 : 64
  const filled = (bytes: Uint8Array): Buffer =>
    bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(Math.ceil(bytes.length / v) * v, bytes)
  const diversifier = Buffer.alloc(v, IDS[purpose])
  const blocks = Buffer.concat([filled(salt), filled(password)])
  const modulus = 1n << BigInt(v * 8)
  const digests: Buffer[] = []
  for (let got = 0; got < length; ) {
    let digest: Buffer = Buffer.concat([diversifier, blocks])
    for (let i = 0; i < iterations; i++) digest = createHash(name).update(digest).digest()
    digests.push(digest)
    got += digest.length
    const addend = BigInt(`0x${Buffer.alloc(v, digest).toString('hex')}`) + 1n
    for (let at = 0; at < blocks.length; at += v) {
      const sum = (BigInt(`0x${blocks.subarray(at, at + v).toString('hex')}`) + addend) % modulus
      blocks.write(sum.toString(16).padStart(v * 2, '0'), at, 'hex')
    }
  }
  return Buffer.concat(digests).subarray(0, length)
}

it.each(HASHES)('PKCS#12 key derivation with %s is RFC 7292 B.2 step by step', async (hash) => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 150 }).map((text) => bmpPassword(Buffer.from(text))),
        fc.constant(new Uint8Array()),
      ),
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom<Purpose>('key', 'iv', 'mac'),
      fc.integer({ min: 1, max: 200 }),
      async (password, salt, iterations, purpose, length) => {
        const made = await pkcs12Kdf(hash, password, salt, iterations, purpose, length)
        expect(Buffer.from(made).toString('hex')).toBe(
          plainly(hash, password, salt, iterations, purpose, length).toString('hex'),
        )
      },
    ),
    { numRuns: 120 },
  )
})

it('carries through a whole block', async () => {
  // All ones in the salt: each addition overflows.
  const salt = new Uint8Array(128).fill(0xff)
  for (const hash of HASHES) {
    const made = await pkcs12Kdf(hash, new Uint8Array(), salt, 2, 'key', 300)
    expect(Buffer.from(made).toString('hex')).toBe(
      plainly(hash, new Uint8Array(), salt, 2, 'key', 300).toString('hex'),
    )
  }
})

it('gives the same, however many turns it takes', async () => {
  const password = bmpPassword(Buffer.from('test'))
  const salt = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  for (const iterations of [20_000, 20_001, 20_002, 40_001, 40_002]) {
    const made = await pkcs12Kdf('SHA-256', password, salt, iterations, 'mac', 32)
    expect(Buffer.from(made).toString('hex')).toBe(
      plainly('SHA-256', password, salt, iterations, 'mac', 32).toString('hex'),
    )
  }
})
