import { createPrivateKey, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { der, encodePem } from '../../src/asn1/index.ts'
import { publicKeyOf, readCertificates, readPrivateKey } from '../../src/credentials/index.ts'
import { SealkitError } from '../../src/errors.ts'
import {
  countKinds,
  expectOnlyTypedErrors,
  malformedVariants,
  neverValid,
  type Variant,
} from '../support/malformed.ts'
import { encryptKey } from './make-encrypted.ts'
import { vector } from './support.ts'

const der8 = (name: string): Uint8Array =>
  createPrivateKey(Buffer.from(vector(name))).export({ format: 'der', type: 'pkcs8' })

const INPUTS: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['PKCS#8, RSA', vector('rsa.pkcs8.der')],
  ['PKCS#8, RSA-PSS', der8('rsa-pss.pkcs8.pem')],
  ['PKCS#8, P-256', vector('p256.pkcs8.der')],
  ['PKCS#8, Ed25519', der8('ed25519.pkcs8.pem')],
  ['PKCS#1', vector('rsa.pkcs1.der')],
  ['SEC 1', vector('p256.sec1.der')],
]

const password = 'test'
const read = (bytes: Uint8Array): Promise<KeyObject> => readPrivateKey(bytes, { password })
const names = (variants: Variant[]): string[] => variants.map(({ name }) => name)

/** The bare public key: parameters of RSA-PSS may differ. */
const bits = (key: KeyObject): string =>
  ((publicKeyOf(key).keyObject as KeyObject).export({ format: 'der', type: 'spki' }) as Buffer).toString(
    'hex',
  )

/** Kinds of damage that can leave a well-formed key. */
const MAY_BE = new Set(['content', 'removed', 'tag', 'swapped'])

describe.each(INPUTS)('malformed %s', (name, bytes) => {
  it('gives the same key, or a typed error', async () => {
    const expected = bits(await read(bytes))
    // Ed25519 alone carries no public key by which another seed could be told.
    const readSame = async (input: Uint8Array): Promise<void> => {
      const key = await read(input)
      if (!name.includes('Ed25519')) expect(bits(key)).toBe(expected)
    }
    const accepted = await expectOnlyTypedErrors(readSame, malformedVariants(bytes))
    expect(names(accepted.filter(neverValid))).toEqual([])
    expect(Object.keys(countKinds(accepted)).filter((kind) => !MAY_BE.has(kind))).toEqual([])
    // Of some thousand. In RSA it is the numbers for the Chinese remainder theorem: OpenSSL checks each result
    // that they give, and signs without them where it is wrong.
    expect(accepted.length).toBeLessThan(name.includes('RSA') || name === 'PKCS#1' ? 32 : 8)
  })
})

describe('malformed EncryptedPrivateKeyInfo', () => {
  it('is a typed error, or opens to the same key', async () => {
    const plain = vector('p256.pkcs8.der')
    const expected = bits(await read(plain))
    const readSame = async (bytes: Uint8Array): Promise<void> =>
      expect(bits(await read(bytes))).toBe(expected)
    const accepted = await expectOnlyTypedErrors(readSame, malformedVariants(encryptKey(plain)))
    expect(names(accepted.filter(neverValid))).toEqual([])
    // The NULL of the PRF, and iterations that are the same under another name.
    expect(names(accepted).length).toBeLessThan(4)
  })

  it('with a malformed key inside is a typed error', async () => {
    const inside = vector('p256.sec1.der')
    const variants = [...malformedVariants(inside)].filter(({ bytes }) => bytes.length < 1000)
    const accepted = await expectOnlyTypedErrors((bytes) => read(encryptKey(bytes)), variants)
    expect(names(accepted.filter(neverValid))).toEqual([])
  })
})

describe('malformed certificate bag', () => {
  it('gives certificates or a typed error', async () => {
    const bytes = vector('chain.p7b.der')
    const small = [...malformedVariants(bytes)].filter(({ bytes: { length } }) => length < 4096)
    const accepted = await expectOnlyTypedErrors((input) => readCertificates(input), small)
    // What is inside a certificate is for test/x509: its key and extensions are parsed when they are asked for.
    const inBag = accepted.filter(({ name }) => !/^root\.1\.0\.3\.\d+\./.test(name))
    expect(names(inBag.filter(neverValid))).toEqual([])
    expect(countKinds(inBag).ber, 'BER is read').toBeGreaterThan(0)
  })
})

describe('anything at all', () => {
  const readers = [
    (input: Uint8Array | string) => readPrivateKey(input, { password }),
    async (input: Uint8Array | string) => readCertificates(input),
  ]

  it('is a typed error: bytes, DER-like bytes, text, PEM around bytes', async () => {
    const inputs = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => der.sequence([der.integer(0), bytes])),
      fc
        .array(fc.constantFrom(0x30, 0x02, 0x04, 0x06, 0x03, 0x00, 0x01, 0x05, 0x80, 0xa0), { maxLength: 60 })
        .map((octets) => Uint8Array.from(octets)),
      fc.string(),
      fc
        .tuple(
          fc.constantFrom('PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PARAMETERS', 'CERTIFICATE', 'PKCS7'),
          fc.uint8Array({ minLength: 1, maxLength: 100 }),
        )
        .map(([label, bytes]) => encodePem(label, bytes)),
    )
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        for (const reader of readers) {
          const outcome = await reader(input).catch((error: unknown) => error)
          expect(outcome).toBeInstanceOf(SealkitError)
        }
      }),
      { numRuns: 1500 },
    )
  })
})
