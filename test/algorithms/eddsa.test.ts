import { createPublicKey, verify as nodeVerify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importPublicKey, parseSignatureAlgorithm, verifySignature } from '../../src/algorithms/index.ts'
import { concatBytes } from '../../src/asn1/index.ts'
import {
  add,
  type Curve,
  ed448,
  ed25519,
  encode,
  encodePoint,
  littleEndian,
  modulo,
  multiply,
  number,
  type Point,
  recoverX,
  torsionPoints,
} from './edwards.ts'
import { codeOf, edSpki, hex, vector } from './helpers.ts'

const ALGORITHM = { Ed25519: '300506032b6570', Ed448: '300506032b6571' } as const

function verify(curve: Curve, key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const publicKey = importPublicKey(edSpki(curve.name, key))
  return verifySignature(parseSignatureAlgorithm(hex(ALGORITHM[curve.name])), publicKey, message, signature)
}

function importCode(curve: Curve, key: Uint8Array): string {
  return codeOf(() => importPublicKey(edSpki(curve.name, key)).type)
}

/** Signs with a chosen secret and nonce, for a public key that may have something added to it. */
function sign(curve: Curve, secret: bigint, key: Uint8Array, nonce: bigint, message: Uint8Array): Uint8Array {
  const R = encode(curve, multiply(curve, nonce, curve.base))
  const S = modulo(nonce + curve.challenge(R, key, message) * secret, curve.L)
  return concatBytes([R, littleEndian(S, curve.length)])
}

describe.each([
  { curve: ed25519, torsion: 8 },
  { curve: ed448, torsion: 4 },
])('$curve.name', ({ curve, torsion }) => {
  const points = torsionPoints(curve)
  const message = hex('0102')

  it('has the right arithmetic in this test: RFC 8032 keys are multiples of the base point', () => {
    expect(multiply(curve, curve.L, curve.base)).toEqual({ x: 0n, y: 1n })
    const key = encode(curve, multiply(curve, 12345n, curve.base))
    expect(verify(curve, key, message, sign(curve, 12345n, key, 678n, message))).toBe(true)
    expect(verify(curve, key, message, sign(curve, 12346n, key, 678n, message))).toBe(false)
  })

  it(`refuses each of the ${torsion} points of small order, with either sign`, () => {
    expect(points).toHaveLength(torsion)
    for (const { y } of points) {
      for (const sign of [0, 1]) {
        expect(importCode(curve, encodePoint(curve, y, sign)), `y = ${y}, sign ${sign}`).toBe(
          'ERR_KEY_INVALID',
        )
      }
    }
  })

  it('refuses no neighbour of them', () => {
    const small = new Set(points.map(({ y }) => y))
    const neighbours = points.flatMap(({ y }) => [modulo(y + 1n, curve.p), modulo(y - 1n, curve.p)])
    for (const y of neighbours.filter((value) => !small.has(value))) {
      expect(importCode(curve, encodePoint(curve, y, 0))).toBe(`returned ${curve.name}`)
    }
  })

  it('refuses y at or above the prime (RFC 8032 5.1.3, 5.2.3), small order or not', () => {
    const room = 2n ** BigInt(8 * curve.length - 1)
    for (const over of [0n, 1n, 2n, 3n, 4n, 5n, 18n]) {
      for (const sign of [0, 1]) {
        expect(importCode(curve, encodePoint(curve, curve.p + over, sign)), `${over}`).toBe('ERR_KEY_INVALID')
      }
    }
    expect(importCode(curve, encodePoint(curve, room - 1n, 0))).toBe('ERR_KEY_INVALID')
    expect(importCode(curve, encodePoint(curve, curve.p - 2n, 0))).toBe(`returned ${curve.name}`)
  })

  it('verifies nothing with a key that is no point of the curve', () => {
    let y = 2n
    while (recoverX(curve, y) !== undefined) y++
    const key = encodePoint(curve, y, 0)
    expect(verify(curve, key, message, sign(curve, 5n, key, 7n, message))).toBe(false)
    expect(verify(curve, key, message, new Uint8Array(2 * curve.length))).toBe(false)
  })

  it('refuses S + L, S + 2L and so on: one signature has one form', () => {
    const key = encode(curve, multiply(curve, 99n, curve.base))
    const good = sign(curve, 99n, key, 3n, message)
    const [R, S] = [good.subarray(0, curve.length), number(good.subarray(curve.length))]
    expect(verify(curve, key, message, good)).toBe(true)
    for (let value = S + curve.L; value < 2n ** BigInt(8 * curve.length); value += curve.L) {
      const other = concatBytes([R, littleEndian(value, curve.length)])
      expect(verify(curve, key, message, other)).toBe(false)
      if (curve.name === 'Ed448' && value > 40n * curve.L) break
    }
    expect(verify(curve, key, message, concatBytes([R, littleEndian(curve.L, curve.length)]))).toBe(false)
  })

  it.each([0, 31, 33, 56, 58])('refuses a key of %i bytes', (length) => {
    expect(importCode(curve, new Uint8Array(length).fill(9))).toBe('ERR_KEY_INVALID')
  })

  it('refuses the all-zero signature, and R of small order, under an honest key', () => {
    const key = encode(curve, multiply(curve, 77n, curve.base))
    expect(verify(curve, key, message, new Uint8Array(2 * curve.length))).toBe(false)
    for (const R of points) {
      const forged = concatBytes([encode(curve, R), littleEndian(0n, curve.length)])
      expect(verify(curve, key, message, forged)).toBe(false)
    }
  })
})

describe('keys of mixed order: an honest key plus a point of small order', () => {
  /** For each rest of the challenge modulo the cofactor: does the signature verify? */
  function accepted(curve: Curve, torsion: Point): Map<number, boolean> {
    const secret = 424242n
    const key = encode(curve, add(curve, multiply(curve, secret, curve.base), torsion))
    const found = new Map<number, boolean>()
    for (let i = 0; found.size < curve.cofactor; i++) {
      const message = Uint8Array.of(i)
      const signature = sign(curve, secret, key, 31337n, message)
      const k = modulo(curve.challenge(signature.subarray(0, curve.length), key, message), curve.L)
      const rest = Number(k % BigInt(curve.cofactor))
      const good = verify(curve, key, message, signature)
      expect(found.get(rest) ?? good).toBe(good)
      found.set(rest, good)
    }
    return found
  }
  const ofFullOrder = (curve: Curve): Point =>
    torsionPoints(curve).find((T) => multiply(curve, BigInt(curve.cofactor / 2), T).y !== 1n) as Point

  it('Ed25519 verifies without the cofactor: only where the challenge removes the small part', () => {
    const found = accepted(ed25519, ofFullOrder(ed25519))
    expect([...found].filter(([, good]) => good).map(([rest]) => rest)).toEqual([0])
  })

  it('Ed448 verifies with the cofactor, as RFC 8032 5.2.7 allows', () => {
    const found = accepted(ed448, ofFullOrder(ed448))
    expect([...found.values()]).toEqual([true, true, true, true])
  })
})

describe('Ed25519 and Ed448 keys', () => {
  const { cases } = JSON.parse(vector('algorithms', 'rfc8032-eddsa.json')) as { cases: { spki: string }[] }

  it('are exported by node:crypto as they were given', () => {
    for (const { spki } of cases) {
      const key = importPublicKey(hex(spki))
      expect(key.keyObject?.export({ format: 'der', type: 'spki' }).toString('hex')).toBe(spki)
      expect(key.bits).toBe(key.type === 'Ed25519' ? 256 : 456)
    }
  })

  it('show why small order is refused: OpenSSL alone takes one Ed25519 signature for any message under the neutral element', () => {
    const neutral = encode(ed25519, { x: 0n, y: 1n })
    const jwk = { kty: 'OKP', crv: ed25519.name, x: Buffer.from(neutral).toString('base64url') }
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const R = encode(ed25519, multiply(ed25519, 3n, ed25519.base))
    const signature = concatBytes([R, littleEndian(3n, ed25519.length)])
    for (const any of ['one message', 'another']) {
      expect(nodeVerify(null, Buffer.from(any), key, signature)).toBe(true)
    }
  })
})
