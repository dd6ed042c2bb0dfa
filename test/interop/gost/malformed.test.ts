/** Every damage to real GOST keys: typed errors, and none is taken that no parser may take. */
import { describe, expect, it } from 'vitest'
import { importPublicKey } from '../../../src/algorithms/index.ts'
import { CertificateRequest, PrivateKey } from '../../../src/credentials/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../../support/malformed.ts'
import { elements } from '../support/forge.ts'
import { gostBytes, gostIdentity, pemBytes } from './support/pki.ts'
import { gostCertificate } from './support/sealkit.ts'

const names = ['256-a', 'cryptopro-b', '512-c', '512-a', '2001']

describe.each(names)('%s', (name) => {
  it('public key', async () => {
    const variants = malformedVariants(gostCertificate(name).subjectPublicKeyInfo)
    const accepted = await expectOnlyTypedErrors((bytes) => importPublicKey(bytes), variants)
    expect(accepted.filter(neverValid).map((one) => one.name)).toEqual([])
    // None of those taken has another point: a change of one byte of it leaves the curve.
    const { gost } = gostCertificate(name).publicKey
    for (const { bytes } of accepted)
      expect(importPublicKey(bytes).gost).toMatchObject({ x: gost?.x, y: gost?.y })
  }, 120_000)

  it('private key', async () => {
    const variants = malformedVariants(gostIdentity(name).key)
    // One with a set that is not known is kept as it is, and is no GOST key.
    const read = async (bytes: Uint8Array) => (await PrivateKey.fromPkcs8(bytes)).toGostKey()
    const accepted = await expectOnlyTypedErrors(read, variants)
    expect(accepted.filter(neverValid).map((one) => one.name)).toEqual([])
  }, 120_000)
})

describe('signed structures', () => {
  it('certificate: what is taken has the same key', async () => {
    const variants = malformedVariants(gostIdentity('256-a').certificate)
    const read = (bytes: Uint8Array) => {
      const one = Certificate.parse(bytes)
      return [one.publicKey, one.signatureAlgorithm]
    }
    const accepted = await expectOnlyTypedErrors(read, variants)
    expect(accepted.filter(neverValid).map((one) => one.name)).toEqual([])
  }, 120_000)

  it('request: none that was changed verifies', async () => {
    const der = pemBytes(gostBytes('pki/256-a.csr').toString())
    const info = (bytes: Uint8Array) => Buffer.from(elements(bytes)[0] ?? []).toString('hex')
    const read = async (bytes: Uint8Array) => {
      const request = CertificateRequest.parse(bytes)
      // NULL parameters of the signature's algorithm are not signed, and taken.
      if (await request.verify()) expect(info(bytes)).toBe(info(der))
    }
    await expectOnlyTypedErrors(read, malformedVariants(der))
  }, 120_000)
})
