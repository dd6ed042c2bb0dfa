import { describe, expect, it } from 'vitest'
import { verifySignature } from '../../src/algorithms/index.ts'
import { decodePem, der } from '../../src/asn1/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { Certificate, Name } from '../../src/x509/index.ts'
import { hex, vector } from '../algorithms/helpers.ts'
import {
  countKinds,
  expectOnlyTypedErrors,
  malformedVariants,
  neverValid,
  type Variant,
} from '../support/malformed.ts'
import { certificate, extension } from './build.ts'

const GETTERS = [
  ...['publicKey', 'signatureAlgorithm', 'keyUsage', 'extendedKeyUsage', 'basicConstraints'],
  ...['subjectKeyIdentifier', 'authorityKeyIdentifier', 'selfIssued', 'serialNumber'],
] as ('publicKey' | 'signatureAlgorithm' | 'keyUsage' | 'extendedKeyUsage' | 'basicConstraints')[]

/** Parses, with everything that is parsed on request: keys, algorithms, extensions. */
function readAll(bytes: Uint8Array): Certificate {
  const parsed = Certificate.parse(bytes)
  for (const getter of GETTERS) void parsed[getter]
  // Never for the terminal, whatever the name holds.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f]/.test(parsed.toString())) throw new Error('a control character in toString()')
  return parsed
}

const crafted = certificate({
  extensions: [
    extension('2.5.29.15', hex('03020780'), der.boolean(true)),
    extension('2.5.29.37', hex('300a06082b06010505070302')),
    extension('2.5.29.19', hex('30060101ff020100'), der.boolean(true)),
    extension('2.5.29.14', hex('0403010203')),
    extension('2.5.29.35', hex('30118003010203a1078205612e6f7267820105')),
  ],
  uniqueIds: [hex('81020001')],
})
const fromVector = (name: string): Uint8Array =>
  decodePem(vector('x509', `${name}.pem`))[0]?.der ?? new Uint8Array()
const INPUTS: Record<string, Uint8Array> = {
  crafted,
  names: fromVector('names'),
  'rsa-pss-sha512-mgf1-sha256': fromVector('rsa-pss-sha512-mgf1-sha256'),
  'rsapss-key-restricted-sha384': fromVector('rsapss-key-restricted-sha384'),
  'p256-sha256': fromVector('p256-sha256'),
  v1: fromVector('v1'),
}

describe.each(Object.entries(INPUTS))('Certificate.parse: %s', (name, input) => {
  it('is read undamaged', () => expect(readAll(input).der).toEqual(input))

  it('refuses damage with a typed error', async () => {
    const accepted = await expectOnlyTypedErrors(readAll, malformedVariants(input))
    // The OID 2.5.4.3 cut to 2.5: what is left happens to be an element, an attribute of another type.
    const never = accepted.filter(
      (variant) => neverValid(variant) && !/\.0\.0 .*: length 02$/.test(variant.name),
    )
    expect(never.map((variant) => variant.name)).toEqual([])
    // DER only, and no other form of a value: outside of what is read later (keys, extensions).
    const forms = (variant: Variant): boolean =>
      /^(ber|noncanonical)$/.test(variant.kind) && !variant.encapsulated
    expect(accepted.filter(forms).map((variant) => variant.name)).toEqual([])
    // Fields that are optional may go; names may have fewer RDNs.
    expect(countKinds(accepted).removed ?? 0).toBeLessThan(60)
  })

  it('verifies nothing once TBSCertificate has changed', async () => {
    const original = Certificate.parse(input)
    const issuer = original.selfIssued ? original : Certificate.parse(fromVector('p256-sha256'))
    const accepted = await expectOnlyTypedErrors(Certificate.parse, malformedVariants(input))
    expect(accepted.length).toBeGreaterThan(20)
    if (name === 'crafted') return
    let verified = 0
    for (const { bytes, name: damage } of accepted) {
      const parsed = Certificate.parse(bytes)
      const same =
        Buffer.compare(parsed.tbs, original.tbs) === 0 &&
        Buffer.compare(parsed.signature, original.signature) === 0
      let good = false
      try {
        good = verifySignature(parsed.signatureAlgorithm, issuer.publicKey, parsed.tbs, parsed.signature)
      } catch (error) {
        if (!(error instanceof SealkitError)) throw error
      }
      expect(good, damage).toBe(same)
      if (good) verified++
    }
    expect(verified).toBe(0)
  })
})

it('Name.parse', async () => {
  const { subject } = Certificate.parse(INPUTS['names'] as Uint8Array)
  const parse = (bytes: Uint8Array): void => {
    const name = Name.parse(bytes)
    void [name.toString(), name.commonName, name.equals(subject)]
  }
  const accepted = await expectOnlyTypedErrors(parse, malformedVariants(subject.der))
  // An empty name is one.
  expect(accepted.filter(neverValid).map((variant) => variant.name)).toEqual(['two bytes 30 0'])
})

describe('size', () => {
  it('takes a name of 5,000 RDNs and 1,000 extensions in its stride', () => {
    const rdn = der.set([der.sequence([der.oid('2.5.4.3'), der.utf8String('x')])])
    const subject = der.sequence(new Array<Uint8Array>(5_000).fill(rdn))
    const extensions = Array.from({ length: 1000 }, (_, i) => extension(`2.999.${i}`, hex('00')))
    const parsed = Certificate.parse(certificate({ subject, extensions }))
    expect([parsed.subject.rdns.length, parsed.extensions.length]).toEqual([5_000, 1000])
    expect(parsed.subject.equals(Name.parse(subject))).toBe(true)
  })

  it('stops at the limits of the reader', () => {
    const extensions = Array.from({ length: 70_000 }, (_, i) => extension(`2.999.${i}`, hex('00')))
    expect(() => Certificate.parse(certificate({ extensions }))).toThrow(/more than 200000 elements/)
  })
})
