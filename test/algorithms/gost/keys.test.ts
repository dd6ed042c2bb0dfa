import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encodeGostKeyAlgorithm } from '../../../src/algorithms/gost/key-algorithm.ts'
import { GostPrivateKey, readGostPrivateKey } from '../../../src/algorithms/gost/private-key.ts'
import {
  encodeGostPublicKey,
  type GostKeyShape,
  type GostPublicKey,
  importGostPublicKey,
  readGostKeyAlgorithm,
} from '../../../src/algorithms/gost/public-key.ts'
import { concatBytes, decodePem, der, readDer, toHex } from '../../../src/asn1/index.ts'
import { describeShared, shared } from '../../support/tools.ts'
import { codeOf, hex } from '../helpers.ts'
import { lift } from './textbook.ts'
import { big, setOf, sharedVectors } from './vectors.ts'

const shape256: GostKeyShape = {
  type: 'GOST3410-2012-256',
  parameterSet: setOf('1.2.643.7.1.2.1.1.1'),
  digestParamSet: undefined,
}
const shape512: GostKeyShape = {
  type: 'GOST3410-2012-512',
  parameterSet: setOf('1.2.643.7.1.2.1.2.3'),
  digestParamSet: undefined,
}

function little(value: bigint, length: number): Uint8Array {
  return hex(value.toString(16).padStart(2 * length, '0')).reverse()
}

function readAlgorithm(parts: readonly Uint8Array[]): GostKeyShape {
  return readDer(der.sequence(parts), '', (r) => r.sequence('', (s) => readGostKeyAlgorithm(s, s.oid(''))))
}

function readSpki(spki: Uint8Array): { shape: GostKeyShape; key: GostPublicKey } {
  return readDer(spki, '', (r) =>
    r.sequence('', (s) => {
      const shape = s.sequence('', (a) => readGostKeyAlgorithm(a, a.oid('')))
      return { shape, key: importGostPublicKey(shape, s.bitStringBytes('')) }
    }),
  )
}

/** What a PKCS#8 holds. TC26's example of 2020 says that one bit of its public key is unused, which it is not. */
function readPkcs8(bytes: Uint8Array): {
  algorithm: Uint8Array
  key: GostPrivateKey
  bits: Uint8Array | undefined
} {
  return readDer(bytes, '', (r) =>
    r.sequence('', (s) => {
      s.smallInteger('', 0, 1)
      const algorithm = s.nextBytes
      const shape = s.sequence('', (a) => readGostKeyAlgorithm(a, a.oid('')))
      const key = readGostPrivateKey(shape, s.octetString(''))
      return { algorithm, key, bits: s.done ? undefined : s.element('', 0x81).content.subarray(1) }
    }),
  )
}

function fromFile(file: string): Uint8Array {
  const bytes = readFileSync(file)
  return bytes[0] === 0x30
    ? Uint8Array.from(bytes)
    : (decodePem(bytes.toString('latin1'))[0]?.der as Uint8Array)
}

describe('a GOST AlgorithmIdentifier', () => {
  const key256 = der.oid('1.2.643.7.1.1.1.1')
  const key512 = der.oid('1.2.643.7.1.1.1.2')
  const key2001 = der.oid('1.2.643.2.2.19')
  const cryptoProA = der.oid('1.2.643.2.2.35.1')
  const set512a = der.oid('1.2.643.7.1.2.1.2.1')
  const streebog256 = der.oid('1.2.643.7.1.1.2.2')

  it.each([
    [key256, [cryptoProA, streebog256], 'GOST3410-2012-256', '1.2.643.7.1.1.2.2'],
    [key256, [cryptoProA], 'GOST3410-2012-256', undefined],
    [key512, [set512a], 'GOST3410-2012-512', undefined],
    [
      key2001,
      [cryptoProA, der.oid('1.2.643.2.2.30.1'), der.oid('1.2.643.2.2.31.1')],
      'GOST3410-2001',
      '1.2.643.2.2.30.1',
    ],
  ] as const)(
    'is read with what producers leave out or add (%#)',
    (oid, parameters, type, digestParamSet) => {
      expect(readAlgorithm([oid, der.sequence(parameters)])).toMatchObject({ type, digestParamSet })
    },
  )

  it.each([
    ['a set of 512 bits for a key of 256', [key256, der.sequence([set512a])], 'ERR_ALGORITHM_PARAMETERS'],
    ['a set of 256 bits for a key of 512', [key512, der.sequence([cryptoProA])], 'ERR_ALGORITHM_PARAMETERS'],
    ['a set of 512 bits for a key of 2001', [key2001, der.sequence([set512a])], 'ERR_ALGORITHM_PARAMETERS'],
    ['no parameters', [key256], 'ERR_ALGORITHM_PARAMETERS'],
    ['NULL', [key256, der.null()], 'ERR_ALGORITHM_PARAMETERS'],
    ['an unknown set', [key256, der.sequence([der.oid('1.2.643.7.1.2.1.1.9')])], 'ERR_ALGORITHM_UNKNOWN'],
    ['another algorithm', [der.oid('1.2.643.2.2.20'), der.sequence([cryptoProA])], 'ERR_ALGORITHM_UNKNOWN'],
    ['an empty SEQUENCE', [key256, der.sequence([])], 'ERR_ASN1_TRUNCATED'],
    ['no OID', [key256, der.sequence([der.null()])], 'ERR_ASN1_UNEXPECTED_TAG'],
    [
      'more than there is',
      [key256, der.sequence([cryptoProA, streebog256, streebog256, der.null()])],
      'ERR_ASN1_TRAILING_DATA',
    ],
  ] as const)('is refused with %s', (_, parts, code) => {
    expect(codeOf(() => readAlgorithm(parts))).toBe(code)
  })

  it('is written as RFC 9215 4.1 has it: the hash for the sets of CryptoPro alone', () => {
    const written = (type: GostKeyShape['type'], set: string): string =>
      toHex(encodeGostKeyAlgorithm({ type, parameterSet: setOf(set) }))
    const wanted = (...parts: readonly Uint8Array[]): string =>
      toHex(der.sequence([parts[0] as Uint8Array, der.sequence(parts.slice(1))]))
    expect(written('GOST3410-2012-256', '1.2.643.2.2.35.1')).toBe(wanted(key256, cryptoProA, streebog256))
    expect(written('GOST3410-2001', '1.2.643.2.2.35.1')).toBe(
      wanted(key2001, cryptoProA, der.oid('1.2.643.2.2.30.1')),
    )
    expect(written('GOST3410-2012-512', '1.2.643.7.1.2.1.2.1')).toBe(wanted(key512, set512a))
    expect(written('GOST3410-2012-256', '1.2.643.7.1.2.1.1.2')).toBe(
      wanted(key256, der.oid('1.2.643.7.1.2.1.1.2')),
    )
    expect(codeOf(() => written('GOST3410-2012-512', '1.2.643.7.1.2.1.1.1'))).toBe('ERR_ALGORITHM_PARAMETERS')
  })
})

describe.each([shape256, shape512])('a public key of $type', (shape) => {
  const { parameterSet } = shape
  const { p, x, y, bytes, curve } = parameterSet
  const point = (px: bigint, py: bigint): Uint8Array => concatBytes([little(px, bytes), little(py, bytes)])
  const imported = (octets: Uint8Array): string =>
    codeOf(() => importGostPublicKey(shape, der.octetString(octets)))

  it('is read in an OCTET STRING and without one, and written as it was', () => {
    const key = importGostPublicKey(shape, der.octetString(point(x, y)))
    expect(key).toEqual({ type: shape.type, parameterSet, x, y })
    expect(importGostPublicKey(shape, point(x, y))).toEqual(key)
    expect(readSpki(encodeGostPublicKey(key)).key).toEqual(key)
  })

  it('is refused off the curve, and where a coordinate is not below p', () => {
    expect(imported(point(x, y + 1n))).toBe('ERR_KEY_INVALID')
    expect(imported(point(y, x))).toBe('ERR_KEY_INVALID')
    expect(imported(point(0n, 0n))).toBe('ERR_KEY_INVALID')
    expect(imported(point(p, y))).toBe('ERR_KEY_INVALID')
    expect(imported(point(x, p))).toBe('ERR_KEY_INVALID')
    expect(imported(new Uint8Array(2 * bytes).fill(0xff))).toBe('ERR_KEY_INVALID')
  })

  it('is refused outside the group of prime order', () => {
    const beside = Array.from({ length: 20 }, (_, i) => lift(curve, BigInt(i + 1)))
    const codes = beside.flatMap((each) => (each ? [imported(point(each.x, each.y))] : []))
    expect(codes).toContain('ERR_KEY_INVALID')
  })

  it('is refused with another length, or in what is no OCTET STRING', () => {
    for (const length of [0, 1, bytes, 2 * bytes - 1, 2 * bytes + 1, 4 * bytes]) {
      expect(imported(new Uint8Array(length))).toBe('ERR_KEY_INVALID')
    }
    expect(codeOf(() => importGostPublicKey(shape, der.null()))).toBe('ERR_ASN1_UNEXPECTED_TAG')
    expect(codeOf(() => importGostPublicKey(shape, new Uint8Array(0)))).toBe('ERR_ASN1_TRUNCATED')
  })
})

describe.each([shape256, shape512])('the octets of a private key of $type', (shape) => {
  const { q, bytes } = shape.parameterSet
  const d = q / 3n
  const read = (octets: Uint8Array): bigint =>
    big(toHex(readGostPrivateKey(shape, octets).privateKeyOctets().reverse()))
  const raw = little(d, bytes)

  it.each([
    ['bare', raw],
    ['in an OCTET STRING', der.octetString(raw)],
    ['as an INTEGER', der.integer(d)],
    ['masked', concatBytes([little((d * 3n) % q, bytes), little((q + 1n) / 3n, bytes)])],
    ['with a mask of 1, in an OCTET STRING', der.octetString(concatBytes([raw, little(1n, bytes)]))],
    ['with two masks', concatBytes([raw, little(q - 1n, bytes), little(q - 1n, bytes)])],
  ])('are read %s', (form, octets) => {
    if (form === 'masked' && (q + 1n) % 3n !== 0n) return
    expect(read(octets)).toBe(d)
  })

  it.each([
    ['0', new Uint8Array(bytes)],
    ['q', little(q, bytes)],
    ['0 as an INTEGER', der.integer(0)],
    ['q as an INTEGER', der.integer(q)],
    ['a negative INTEGER', der.integer(-5n)],
    ['a mask of 0', concatBytes([raw, new Uint8Array(bytes)])],
    ['no octets', der.octetString(new Uint8Array(0))],
    ['a byte too few', der.octetString(raw.subarray(1))],
    ['a thousand masks', der.octetString(new Uint8Array(1000 * bytes))],
  ])('are refused: %s', (_, octets) => {
    expect(codeOf(() => read(octets))).toBe('ERR_KEY_INVALID')
  })

  it('are taken modulo q: RFC 9215 C.2 has a number that is larger', () => {
    const largest = (1n << BigInt(8 * bytes)) - 1n
    expect(read(little(largest, bytes))).toBe(largest % q)
    expect(read(der.integer(q + 5n))).toBe(5n)
    const { type, parameterSet } = shape
    expect(codeOf(() => new GostPrivateKey(type, parameterSet, q))).toBe('ERR_KEY_INVALID')
    expect(codeOf(() => new GostPrivateKey(type, parameterSet, 0n))).toBe('ERR_KEY_INVALID')
  })

  it('are refused where they are nothing of the kind', () => {
    for (const octets of [new Uint8Array(0), der.null(), raw.subarray(1)]) {
      expect(codeOf(() => read(octets))).toMatch(/^ERR_ASN1_/)
    }
  })
})

it('a key of 2001 signs nothing', () => {
  const key = new GostPrivateKey('GOST3410-2001', setOf('1.2.643.2.2.35.1'), 5n)
  expect(codeOf(() => key.sign(new Uint8Array(32)))).toBe('ERR_ALGORITHM_WEAK')
})

describeShared('private keys of others', () => {
  type KeyVector = Record<'name' | 'pkcs8' | 'd' | 'x' | 'y' | 'spkiSha256', string>
  const { vectors } = sharedVectors<KeyVector>('gost-engine-pkcs8-keys.json')
  it.each(vectors)('$name', ({ pkcs8, d, x, y }) => {
    const { key } = readPkcs8(decodePem(pkcs8)[0]?.der as Uint8Array)
    expect(toHex(key.privateKeyOctets().reverse())).toBe(d)
    expect([key.publicKey.x, key.publicKey.y]).toEqual([big(x), big(y)])
  })

  interface Entry {
    readonly file: string
    readonly kind: string
    readonly algorithm: string
    readonly certificate?: string
  }
  const index: Entry[] = JSON.parse(readFileSync(shared('vectors', 'gost', 'INDEX.json'), 'utf8'))
  const files = index.filter(
    ({ kind, file, algorithm }) =>
      kind === 'pkcs8' && !file.endsWith('.json') && !algorithm.includes('PBES2'),
  )
  it.each(files)('$file has the public key of its certificate', ({ file, certificate }) => {
    const { key, bits } = readPkcs8(fromFile(shared('vectors', file)))
    if (bits !== undefined) {
      const { type, parameterSet } = key
      const told = importGostPublicKey({ type, parameterSet, digestParamSet: undefined }, bits)
      expect(told).toEqual(key.publicKey)
    }
    if (certificate === undefined) return
    const wanted = toHex(encodeGostPublicKey(key.publicKey)).slice(-4 * key.parameterSet.bytes)
    const text = toHex(fromFile(shared('vectors', certificate)))
    expect(text).toContain(wanted)
  })
})
