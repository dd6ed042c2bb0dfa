import { describe, expect, it } from 'vitest'
import { SealkitError } from '../../src/errors.ts'
import { readTree } from './derTree.ts'
import { countKinds, expectOnlyTypedErrors, malformedVariants, neverValid } from './malformed.ts'

// SEQUENCE { OID 1.2.3, BOOLEAN TRUE, OCTET STRING { SEQUENCE { INTEGER 5 } } }
const DER = Uint8Array.from(Buffer.from('300e06022a030101ff04053003020105', 'hex'))

describe('malformedVariants', () => {
  it('changes the input in every variant, and never twice in the same way', () => {
    const variants = [...malformedVariants(DER)]
    const hex = variants.map((variant) => Buffer.from(variant.bytes).toString('hex'))
    expect(hex).not.toContain(Buffer.from(DER).toString('hex'))
    expect(new Set(variants.map((variant) => variant.name)).size).toBe(variants.length)
  })

  it('truncates at every byte and reaches into strings that hold DER', () => {
    const variants = [...malformedVariants(DER)]
    expect(variants.filter((variant) => variant.kind === 'truncated')).toHaveLength(DER.length - 1)
    expect(variants.some((variant) => variant.name.startsWith('root.2.0.0 ') && variant.encapsulated)).toBe(
      true,
    )
    expect(Object.keys(countKinds(variants)).sort()).toEqual(
      [
        ...['added', 'ber', 'content', 'depth', 'duplicated', 'length', 'noncanonical'],
        ...['removed', 'swapped', 'tag', 'tiny', 'trailing', 'truncated'],
      ].sort(),
    )
  })

  it('puts the lengths around a change right', () => {
    for (const variant of malformedVariants(DER)) {
      const wellFormed = ['ber', 'removed', 'duplicated', 'swapped', 'noncanonical'].includes(variant.kind)
      if (wellFormed) expect(() => readTree(variant.bytes), variant.name).not.toThrow()
      if (neverValid(variant) && variant.kind === 'truncated') expect(() => readTree(variant.bytes)).toThrow()
    }
  })
})

describe('expectOnlyTypedErrors', () => {
  it('passes typed errors, sync or async, and gives what was accepted', async () => {
    const parse = (bytes: Uint8Array): void => {
      if (bytes.length !== 5) throw new SealkitError('ERR_ASN1_VALUE', 'no')
    }
    const sync = await expectOnlyTypedErrors(parse, malformedVariants(DER))
    const async = await expectOnlyTypedErrors(async (bytes) => parse(bytes), malformedVariants(DER))
    expect(sync.map((variant) => variant.name)).toEqual(['truncated at 5 of 16'])
    expect(async).toEqual(sync)
  })

  it('fails for any other error, naming the variant', async () => {
    const outcome = expectOnlyTypedErrors((bytes) => {
      if (bytes.length === 0) throw new RangeError('out of bounds')
    }, malformedVariants(DER))
    await expect(outcome).rejects.toThrow(/not a SealkitError:\nempty: RangeError: out of bounds/)
  })

  it('fails where there is nothing to try', async () => {
    await expect(expectOnlyTypedErrors(() => undefined, [])).rejects.toThrow('no variants')
  })
})
