import { describe, expect, it } from 'vitest'
import {
  hashAlgorithm,
  importPublicKey,
  parsePssParameters,
  parseSignatureAlgorithm,
  readHashAlgorithm,
  verifySignature,
} from '../../src/algorithms/index.ts'
import { readDer } from '../../src/asn1/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../support/malformed.ts'
import { hex, vector } from './helpers.ts'

const names = [
  ...['rsa-sha256', 'rsapss-key-restricted-sha384', 'p256-sha256', 'key-p384-compressed', 'p521-sha512'],
  ...['ed25519', 'ed448', 'key-dsa', 'key-x25519', 'key-p256-explicit'],
]
const certificate = (name: string): Certificate => Certificate.fromPem(vector('x509', `${name}.pem`))

describe('importPublicKey', () => {
  it.each(names)('%s: each damage is refused with a typed error, or makes another key', async (name) => {
    const { subjectPublicKeyInfo: spki } = certificate(name)
    const accepted = await expectOnlyTypedErrors((bytes) => {
      const { keyObject } = importPublicKey(bytes)
      // What was taken is a key that node:crypto can use: nothing half imported.
      keyObject?.export({ format: 'der', type: 'spki' })
    }, malformedVariants(spki))
    const never = accepted.filter((variant) => neverValid(variant) || variant.kind === 'ber')
    expect(never.map((variant) => variant.name)).toEqual([])
    if (name === 'rsa-sha256') {
      // Inside the key: other values of the modulus and exponent, odd and positive. Outside: no NULL.
      expect(accepted.filter((variant) => !variant.encapsulated).map((variant) => variant.name)).toEqual([
        'root.0.1 (at 17): removed',
      ])
    }
    if (/^key-(dsa|x25519|p256-explicit)$/.test(name)) expect(accepted).toEqual([])
  })
})

describe('parseSignatureAlgorithm', () => {
  const pss =
    '304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020140'
  it.each([
    ['RSA', '300d06092a864886f70d01010b0500', ['root.1 (at 13): removed']],
    ['ECDSA', '300a06082a8648ce3d040302', []],
    ['Ed25519', '300506032b6570', []],
  ])('%s', async (_, encoding, taken) => {
    const accepted = await expectOnlyTypedErrors(parseSignatureAlgorithm, malformedVariants(hex(encoding)))
    // One bit more or less in the last arc may be another algorithm of the table: nothing else is taken.
    const others = accepted.filter((variant) => !variant.name.endsWith('last bit flipped'))
    expect(others.map((variant) => variant.name)).toEqual(taken)
  })

  it('RSASSA-PSS', async () => {
    const accepted = await expectOnlyTypedErrors(parseSignatureAlgorithm, malformedVariants(hex(pss)))
    // Left out fields have defaults (and RSA's NULL may go); another hash or salt length is another algorithm.
    expect(accepted.map((variant) => variant.kind).filter((kind) => kind !== 'content')).toEqual([
      ...['removed', 'removed', 'removed', 'removed', 'removed'],
    ])
    const content = accepted.filter((variant) => variant.kind === 'content').map((variant) => variant.name)
    expect(content.every((name) => /: (last bit flipped|emptied|zero byte appended)$/.test(name))).toBe(true)
  })

  it('verifies nothing with a damaged identifier that is still one', async () => {
    const signer = certificate('rsa-pss-sha512-mgf1-sha256')
    expect(verifySignature(signer.signatureAlgorithm, signer.publicKey, signer.tbs, signer.signature)).toBe(
      true,
    )
    let tried = 0
    for (const { bytes, name } of malformedVariants(signer.signatureAlgorithm.der)) {
      let good = false
      try {
        const algorithm = parseSignatureAlgorithm(bytes)
        tried++
        good = verifySignature(algorithm, signer.publicKey, signer.tbs, signer.signature, {
          allowWeakHashes: true,
        })
      } catch {}
      // Without its NULL, a hash is the same hash.
      expect(good, name).toBe(/^root\.1\.(0\.0|1\.0\.1)\.1 .* removed$/.test(name))
    }
    expect(tried).toBeGreaterThan(5)
  })
})

describe('the smaller parsers', () => {
  it('parsePssParameters', async () => {
    const bytes = hex(
      '3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
    )
    const accepted = await expectOnlyTypedErrors(parsePssParameters, malformedVariants(bytes))
    // An empty SEQUENCE: every field has its default.
    expect(accepted.filter(neverValid).map((variant) => variant.name)).toEqual(['two bytes 30 0'])
  })

  it.each([
    ['SHA-256', ['root.0 (at 2): NULL after it']],
    ['SHAKE256', []],
  ] as const)('readHashAlgorithm: %s', async (name, taken) => {
    const parse = (bytes: Uint8Array): unknown => readDer(bytes, '', (r) => readHashAlgorithm(r, ''))
    const accepted = await expectOnlyTypedErrors(parse, malformedVariants(hashAlgorithm(name).der))
    const others = accepted.filter((variant) => variant.kind !== 'content')
    expect(others.map((variant) => variant.name)).toEqual(taken)
  })
})
