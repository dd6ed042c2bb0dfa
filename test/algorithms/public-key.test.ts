import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importPublicKey, type PublicKey } from '../../src/algorithms/index.ts'
import { concatBytes, decodePem, der } from '../../src/asn1/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import {
  codeOf,
  ecPublicKey,
  edSpki,
  errorOf,
  exportSpki,
  hex,
  rsaEncryption,
  rsaSpki,
  spki,
  vector,
} from './helpers.ts'

const importCode = (bytes: Uint8Array): string => codeOf(() => importPublicKey(bytes).type)
const fromVector = (name: string): Uint8Array =>
  Certificate.fromPem(vector('x509', `${name}.pem`)).subjectPublicKeyInfo
const P256 = der.oid('1.2.840.10045.3.1.7')

/** A modulus of so many bits: odd, its top bit set, nothing else about it right. */
const modulus = (bits: number): bigint => 2n ** BigInt(bits - 1) + 12345n

describe('import', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  const keys: [string, KeyObject, Partial<PublicKey>][] = [
    ['RSA', rsa, { type: 'RSA', bits: 2048 }],
    [
      'RSA, e = 3',
      generateKeyPairSync('rsa', { modulusLength: 1024, publicExponent: 3 }).publicKey,
      { type: 'RSA', bits: 1024 },
    ],
    [
      'P-256',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
      { type: 'EC', bits: 256, curve: 'P-256' },
    ],
    [
      'P-384',
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey,
      { type: 'EC', bits: 384, curve: 'P-384' },
    ],
    [
      'P-521',
      generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey,
      { type: 'EC', bits: 521, curve: 'P-521' },
    ],
    ['Ed25519', generateKeyPairSync('ed25519').publicKey, { type: 'Ed25519', bits: 256 }],
    ['Ed448', generateKeyPairSync('ed448').publicKey, { type: 'Ed448', bits: 456 }],
  ]
  it.each(keys)('%s: the key that node:crypto exported', (_, key, expected) => {
    const bytes = exportSpki(key)
    const imported = importPublicKey(bytes)
    expect(imported).toMatchObject({ curve: undefined, pss: undefined, ...expected })
    expect(imported.spki).toBe(bytes)
    expect(imported.keyObject?.equals(key)).toBe(true)
  })

  it('takes RSA without NULL, as old CAs wrote it', () => {
    const bare = spki([rsaEncryption], rsa.export({ format: 'der', type: 'pkcs1' }))
    expect(importPublicKey(bare).keyObject?.equals(rsa)).toBe(true)
  })

  it('takes a compressed point (RFC 5480 2.2)', () => {
    const key = importPublicKey(fromVector('key-p384-compressed'))
    const { x, y } = (key.keyObject as KeyObject).export({ format: 'jwk' })
    expect([key.type, key.curve]).toEqual(['EC', 'P-384'])
    const point = concatBytes([
      Uint8Array.of(4),
      Buffer.from(x ?? '', 'base64url'),
      Buffer.from(y ?? '', 'base64url'),
    ])
    expect(
      importPublicKey(spki([ecPublicKey, der.oid('1.3.132.0.34')], point)).keyObject?.equals(
        key.keyObject as KeyObject,
      ),
    ).toBe(true)
  })

  it('reads what an RSA-PSS key is restricted to (RFC 4055 1.2)', () => {
    const free = importPublicKey(fromVector('rsapss-key-sha512'))
    expect([free.type, free.bits, free.pss]).toEqual(['RSA-PSS', 2048, undefined])
    const { pss } = importPublicKey(fromVector('rsapss-key-restricted-sha384'))
    expect([pss?.hash.name, pss?.mgfHash.name, pss?.saltLength]).toEqual(['SHA-384', 'SHA-384', 40])
  })
})

describe('RSA values', () => {
  it.each([
    ['1024 bits', modulus(1024), 65537n, 'returned RSA'],
    ['16,384 bits', modulus(16_384), 65537n, 'returned RSA'],
    ['16,385 bits', modulus(16_385), 65537n, 'ERR_KEY_INVALID'],
    ['20,000 bits', modulus(20_000), 65537n, 'ERR_KEY_INVALID'],
    ['even modulus', modulus(2048) + 1n, 65537n, 'ERR_KEY_INVALID'],
    ['modulus 0', 0n, 65537n, 'ERR_KEY_INVALID'],
    ['negative modulus', -modulus(2048), 65537n, 'ERR_KEY_INVALID'],
    ['exponent 1', modulus(2048), 1n, 'ERR_KEY_INVALID'],
    ['exponent 0', modulus(2048), 0n, 'ERR_KEY_INVALID'],
    ['exponent 2', modulus(2048), 2n, 'ERR_KEY_INVALID'],
    ['exponent 3', modulus(2048), 3n, 'returned RSA'],
    ['even exponent', modulus(2048), 65536n, 'ERR_KEY_INVALID'],
    ['negative exponent', modulus(2048), -3n, 'ERR_KEY_INVALID'],
    ['exponent 2^64 - 1', modulus(2048), 2n ** 64n - 1n, 'returned RSA'],
    ['exponent 2^64 + 1', modulus(2048), 2n ** 64n + 1n, 'ERR_KEY_INVALID'],
  ])('%s: %4$s', (_, n, e, expected) => {
    expect(importCode(rsaSpki(n, e))).toBe(expected)
  })

  it.each([3, 8, 511, 2047, 2048, 2049, 4096])('counts %i bits', (bits) => {
    expect(importPublicKey(rsaSpki(2n ** BigInt(bits) - 1n, 3n)).bits).toBe(bits)
    if (bits > 3) expect(importPublicKey(rsaSpki(2n ** BigInt(bits - 1) + 1n, 3n)).bits).toBe(bits)
  })

  it('refuses integers that are not minimal, a third one, and bytes behind them', () => {
    const rsaKey = (...parts: Uint8Array[]): Uint8Array =>
      spki([rsaEncryption, der.null()], der.sequence(parts))
    const [n, e] = [der.integer(modulus(2048)), der.integer(3)]
    expect(importCode(rsaKey(n, hex('02020003')))).toBe('ERR_ASN1_VALUE')
    expect(importCode(rsaKey(n, e, e))).toBe('ERR_ASN1_TRAILING_DATA')
    expect(importCode(rsaKey(n))).toBe('ERR_ASN1_TRUNCATED')
    const behind = spki([rsaEncryption, der.null()], concatBytes([der.sequence([n, e]), Uint8Array.of(0)]))
    expect(importCode(behind)).toBe('ERR_ASN1_TRAILING_DATA')
  })

  it('refuses other parameters', () => {
    expect(importCode(spki([rsaEncryption, P256], der.sequence([])))).toBe('ERR_ASN1_UNEXPECTED_TAG')
    const pss = der.oid('1.2.840.113549.1.1.10')
    expect(importCode(spki([pss, der.null()], der.sequence([])))).toBe('ERR_ASN1_UNEXPECTED_TAG')
  })
})

describe('EC points', () => {
  const CURVES = [
    ['P-256', '1.2.840.10045.3.1.7', 32, 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n],
    ['P-384', '1.3.132.0.34', 48, 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n],
    ['P-521', '1.3.132.0.35', 66, 2n ** 521n - 1n],
  ] as const

  describe.each(CURVES)('%s', (namedCurve, oid, length, prime) => {
    const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })
    const [X, Y] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
    const at = (...parts: Uint8Array[]): string =>
      importCode(spki([ecPublicKey, der.oid(oid)], concatBytes(parts)))
    const field = (value: bigint): Uint8Array => hex(value.toString(16).padStart(2 * length, '0'))
    const form = (value: number): Uint8Array => Uint8Array.of(value)

    it('is taken on the curve, uncompressed or compressed', () => {
      expect(at(form(4), X, Y)).toBe('returned EC')
      expect(at(form(2 + ((Y.at(-1) ?? 0) & 1)), X)).toBe('returned EC')
    })

    it('is refused off the curve', () => {
      const off = Uint8Array.from(Y, (octet, i) => (i === length - 1 ? octet ^ 1 : octet))
      expect(at(form(4), X, off)).toBe('ERR_KEY_INVALID')
      expect(at(form(4), new Uint8Array(length), new Uint8Array(length))).toBe('ERR_KEY_INVALID')
      // Of the small x, about half are none: at least one of sixteen.
      const small = Array.from({ length: 16 }, (_, i) => at(form(2), field(BigInt(i))))
      expect(new Set(small)).toEqual(new Set(['returned EC', 'ERR_KEY_INVALID']))
    })

    it('is refused with a coordinate at or above the prime', () => {
      expect(at(form(4), field(prime), Y)).toBe('ERR_KEY_INVALID')
      const above = BigInt(`0x${X.toString('hex')}`) + prime
      if (above < 2n ** BigInt(8 * length)) expect(at(form(4), field(above), Y)).toBe('ERR_KEY_INVALID')
      if (above < 2n ** BigInt(8 * length)) expect(at(form(2), field(above))).toBe('ERR_KEY_INVALID')
    })

    it('is refused at infinity, in the hybrid form, and in any other length', () => {
      expect(at(form(0))).toBe('ERR_KEY_INVALID')
      expect(at()).toBe('ERR_KEY_INVALID')
      expect(at(form(6 + ((Y.at(-1) ?? 0) & 1)), X, Y)).toBe('ERR_KEY_INVALID')
      for (const other of [0, 1, 5, 8, 255]) expect(at(form(other), X, Y)).toBe('ERR_KEY_INVALID')
      expect(at(form(4), X)).toBe('ERR_KEY_INVALID')
      expect(at(form(4), X, Y, form(0))).toBe('ERR_KEY_INVALID')
      expect(at(form(4), X, Y.subarray(1))).toBe('ERR_KEY_INVALID')
      expect(at(form(2), X, Y)).toBe('ERR_KEY_INVALID')
      expect(at(form(3), X.subarray(1))).toBe('ERR_KEY_INVALID')
    })
  })

  it('must name its curve: no explicit, implicit or missing parameters (RFC 5480 2.1.1, CVE-2020-0601)', () => {
    const error = errorOf(() => importPublicKey(fromVector('key-p256-explicit')))
    expect([error.code, error.message]).toEqual([
      'ERR_KEY_INVALID',
      expect.stringContaining('RFC 5480 2.1.1'),
    ])
    expect(importCode(spki([ecPublicKey, der.null()], new Uint8Array(65)))).toBe('ERR_KEY_INVALID')
    expect(importCode(spki([ecPublicKey], new Uint8Array(65)))).toBe('ERR_KEY_INVALID')
    expect(importCode(spki([ecPublicKey, P256, der.null()], new Uint8Array(65)))).toBe(
      'ERR_ASN1_TRAILING_DATA',
    )
  })
})

describe('EdDSA', () => {
  it.each(['Ed25519', 'Ed448'] as const)('%s has no parameters (RFC 8410 section 3)', (type) => {
    const oid = der.oid(type === 'Ed25519' ? '1.3.101.112' : '1.3.101.113')
    const key = new Uint8Array(type === 'Ed25519' ? 32 : 57)
    key[0] = 9
    expect(importCode(spki([oid], key))).toBe(`returned ${type}`)
    expect(importCode(spki([oid, der.null()], key))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(importCode(spki([oid, der.sequence([])], key))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(importCode(edSpki(type, key.subarray(1)))).toBe('ERR_KEY_INVALID')
  })

  it('does not take the key of one for the other', () => {
    expect(importCode(edSpki('Ed25519', new Uint8Array(57).fill(9)))).toBe('ERR_KEY_INVALID')
    expect(importCode(edSpki('Ed448', new Uint8Array(32).fill(9)))).toBe('ERR_KEY_INVALID')
  })
})

describe('keys that are not supported are named, with a hint', () => {
  it.each([
    ['key-x25519', 'X25519 (1.3.101.110)'],
    ['key-dsa', 'DSA (1.2.840.10040.4.1)'],
    ['key-secp256k1', 'elliptic curve secp256k1 (1.3.132.0.10)'],
  ])('%s', (name, words) => {
    const error = errorOf(() => importPublicKey(fromVector(name)))
    expect(error.code).toBe('ERR_ALGORITHM_UNKNOWN')
    expect(error.message).toContain(words)
    expect(error.hint).toContain('Ed25519')
  })

  it('whatever their parameters are', () => {
    const gost = [der.oid('1.2.643.2.2.20'), der.sequence([der.oid('1.2.643.2.2.32.2')])]
    expect(importCode(spki(gost, new Uint8Array(66)))).toBe('ERR_ALGORITHM_UNKNOWN')
    expect(importCode(spki([der.oid('2.999.1'), der.null(), der.null()], new Uint8Array(1)))).toBe(
      'ERR_ALGORITHM_UNKNOWN',
    )
    const almostP256 = der.oid('1.2.840.10045.3.1.4294967303') // 7 modulo 2^32
    expect(importCode(spki([ecPublicKey, almostP256], new Uint8Array(65)))).toBe('ERR_ALGORITHM_UNKNOWN')
  })
})

describe('structure', () => {
  const good = fromVector('rsa-sha256')

  it('refuses what is no SubjectPublicKeyInfo', () => {
    expect(importCode(new Uint8Array())).toBe('ERR_ASN1_TRUNCATED')
    expect(importCode(concatBytes([good, Uint8Array.of(0)]))).toBe('ERR_ASN1_TRAILING_DATA')
    expect(importCode(der.sequence([der.sequence([rsaEncryption, der.null()])]))).toBe('ERR_ASN1_TRUNCATED')
    const [block] = decodePem(vector('x509', 'rsa-sha256.pem'))
    expect(importCode(block?.der ?? new Uint8Array())).toMatch(/^ERR_ASN1_/)
    expect(() => importPublicKey('key' as never)).toThrow(TypeError)
  })

  it('refuses a key that is no whole number of bytes', () => {
    const imported = importPublicKey(fromVector('p256-sha256')).keyObject as KeyObject
    const { x = '', y = '' } = imported.export({ format: 'jwk' })
    const point = concatBytes([
      Uint8Array.of(4),
      Buffer.from(x, 'base64url'),
      Buffer.from(y, 'base64url'),
      Uint8Array.of(0),
    ])
    const odd = der.sequence([der.sequence([ecPublicKey, P256]), der.bitString(point, 1)])
    expect(importCode(odd)).toBe('ERR_ASN1_VALUE')
  })
})
