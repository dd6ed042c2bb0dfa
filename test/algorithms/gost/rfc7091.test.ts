import { describe, expect, it } from 'vitest'
import { readGostPrivateKey } from '../../../src/algorithms/gost/private-key.ts'
import { type GostKeyType, importGostPublicKey } from '../../../src/algorithms/gost/public-key.ts'
import { signWithNonce } from '../../../src/algorithms/gost/sign.ts'
import { orderGostSignature } from '../../../src/algorithms/gost/token-signature.ts'
import { digestNumber, verifyGost } from '../../../src/algorithms/gost/verify.ts'
import { toHex } from '../../../src/asn1/index.ts'
import { describeShared } from '../../support/tools.ts'
import { hex, vector } from '../helpers.ts'
import { big, type SignatureVector, setOf, sharedVectors } from './vectors.ts'

type Example = Record<'section' | 'parameterSet' | 'digest' | 'e' | 'd' | 'k' | 'x' | 'y' | 'r' | 's', string>
const { examples }: { examples: Example[] } = JSON.parse(vector('gost', 'rfc7091.json'))

function typeOf(bytes: 32 | 64): GostKeyType {
  return bytes === 32 ? 'GOST3410-2012-256' : 'GOST3410-2012-512'
}

describe.each(examples)('RFC 7091 section $section', ({ parameterSet: oid, digest, e, d, k, x, y, r, s }) => {
  const parameterSet = setOf(oid)
  const type = typeOf(parameterSet.bytes)
  const shape = { type, parameterSet, digestParamSet: undefined }

  it('signs with the k of the example', () => {
    const number = digestNumber(parameterSet, hex(digest))
    expect(number).toBe(big(e) % parameterSet.q)
    const signature = signWithNonce(parameterSet, big(d), number, big(k))
    expect(toHex(signature as Uint8Array)).toBe(s + r)
  })

  it('has the public key of the example, with which the signature verifies', () => {
    const key = readGostPrivateKey(shape, hex(d).reverse()).publicKey
    expect([key.x, key.y]).toEqual([big(x), big(y)])
    expect(verifyGost(key, hex(digest), hex(s + r))).toBe(true)
    expect(verifyGost(key, hex(digest), hex(r + s))).toBe(false)
  })
})

describeShared('signatures of others', () => {
  const files = ['botan-gost3410', 'pygost-gost3410', 'gost-engine-params']
  const vectors = files.flatMap((file) => sharedVectors<SignatureVector>(`${file}.json`).vectors)

  it.each(vectors)('$name', (each) => {
    const parameterSet = setOf(each.curveOid)
    const shape = { type: typeOf(parameterSet.bytes), parameterSet, digestParamSet: undefined }
    const key = importGostPublicKey(shape, hex(each.publicKeyOctets))
    expect([key.x, key.y]).toEqual([big(each.x), big(each.y)])
    const digest = hex(each.digest)
    const signature = hex(each.signatureSR)
    expect(verifyGost(key, digest, signature)).toBe(true)
    if (each.d !== undefined && each.k !== undefined) {
      const number = digestNumber(parameterSet, digest)
      expect(signWithNonce(parameterSet, big(each.d), number, big(each.k))).toEqual(signature)
    }
    if (each.signatureCryptoProRaw !== undefined) {
      expect(orderGostSignature(hex(each.signatureCryptoProRaw), key, digest)).toEqual(signature)
    }
  })
})
