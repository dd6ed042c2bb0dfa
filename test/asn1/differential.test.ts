import { readdirSync, readFileSync } from 'node:fs'
import * as asn1js from 'asn1js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePem, readDer, toDefinite } from '../../src/asn1/index.ts'
import { describeShared, shared } from '../support/tools.ts'
import { choices, toBer } from './ber-writer.ts'
import { failure, hex, show } from './helpers.ts'
import { inputs } from './inputs.ts'
import { trees } from './model.ts'
import { asn1jsValues, ourValues } from './read-values.ts'
import { walk } from './walk.ts'

const ALL_STRINGS = new Set([0x03, 0x04, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1e])
// asn1js reads character strings in pieces wrongly: headers of pieces and all as text.
const THEIR_STRINGS = new Set([0x03, 0x04])

describe('what our writer writes', () => {
  it('asn1js and our reader read as it was meant', () => {
    fc.assert(
      fc.property(trees, ({ value, der }) => {
        expect(ourValues(der)).toEqual(value)
        expect(asn1jsValues(der)).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  it('asn1js writes back byte for byte', () => {
    fc.assert(
      fc.property(trees, ({ der }) => {
        expect(show(new Uint8Array(asn1js.fromBER(der).result.toBER()))).toBe(show(der))
      }),
      { numRuns: 200 },
    )
  })
})

describe('the same in BER', () => {
  it('toDefinite turns back into the DER', () => {
    let changed = 0
    fc.assert(
      fc.property(trees, fc.nat(), ({ der }, seed) => {
        const ber = toBer(der, choices(seed), ALL_STRINGS)
        const definite = toDefinite(ber)
        if (definite !== ber) changed++
        expect(show(definite)).toBe(show(der))
      }),
      { numRuns: 1000 },
    )
    expect(changed).toBeGreaterThan(300)
  })

  it('asn1js reads as we do', () => {
    fc.assert(
      fc.property(trees, fc.nat(), ({ value, der }, seed) => {
        const ber = toBer(der, choices(seed), THEIR_STRINGS)
        expect(asn1jsValues(ber)).toEqual(value)
        expect(ourValues(toDefinite(ber))).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })
})

describe('real inputs', () => {
  it.each(inputs)('%s', (_, bytes) => expect(ourValues(toDefinite(bytes))).toEqual(asn1jsValues(bytes)))
})

describeShared('../shared/vectors', () => {
  it.each(['digicert', 'gost'])('certificates in %s', (folder) => {
    const names = readdirSync(shared('vectors', folder), { recursive: true, encoding: 'utf8' })
    const blocks = names
      .filter((name) => /\.(pem|crt|cer)$/.test(name))
      .flatMap((name) => decodePem(readFileSync(shared('vectors', folder, name))))
      .filter((block) => ['CERTIFICATE', 'X509 CRL', 'CERTIFICATE REQUEST'].includes(block.label))
    expect(blocks.length).toBeGreaterThan(10)
    for (const { der } of blocks) expect(ourValues(der)).toEqual(asn1jsValues(der))
  })
})

// Where asn1js takes what we refuse. Each was judged: X.690 does not allow it in DER, and the last column says
// whether it would be BER (which toDefinite and definite rules then take).
describe('where asn1js is laxer', () => {
  it.each([
    ['TRUE other than FF', '010101', 'ERR_ASN1_NOT_DER', true],
    ['BOOLEAN of two octets', '01020000', 'ERR_ASN1_VALUE', false],
    ['padded INTEGER', '02020001', 'ERR_ASN1_VALUE', false],
    ['empty INTEGER', '0200', 'ERR_ASN1_VALUE', false],
    ['padded OID arc: 1.2.1 in another encoding', '06032a8001', 'ERR_ASN1_VALUE', false],
    ['empty OID', '0600', 'ERR_ASN1_VALUE', false],
    ['BIT STRING without its first octet', '0300', 'ERR_ASN1_VALUE', false],
    ['unused bits of no byte', '030105', 'ERR_ASN1_VALUE', false],
    ['unused bits that are set', '03020181', 'ERR_ASN1_NOT_DER', true],
    ['a length that is not the shortest', '02810105', 'ERR_ASN1_NOT_DER', true],
    ['a length of five octets', '04850000000001aa', 'ERR_ASN1_NOT_DER', true],
    ['indefinite length', '30800000', 'ERR_ASN1_NOT_DER', true],
    ['primitive SEQUENCE', '1000', 'ERR_ASN1_VALUE', false],
    ['end-of-contents alone', '0000', 'ERR_ASN1_VALUE', false],
    ['a high tag for a low number', '9f1e00', 'ERR_ASN1_VALUE', false],
    ['a high tag with a leading zero', '9f802000', 'ERR_ASN1_VALUE', false],
    ['invalid UTF-8', '0c02c328', 'ERR_ASN1_VALUE', false],
    ['PrintableString with *', '13012a', 'ERR_ASN1_VALUE', false],
    ['IA5String beyond ASCII', '1601ff', 'ERR_ASN1_VALUE', false],
    ['a lone surrogate', '1e02d83d', 'ERR_ASN1_VALUE', false],
    ['30 February', `170d${Buffer.from('260230000000Z').toString('hex')}`, 'ERR_ASN1_VALUE', false],
    ['SET out of order', '3106020105020104', 'ERR_ASN1_NOT_DER', true],
    ['unused bits before the last piece', '2380 030204f0 030200ff 0000', 'ERR_ASN1_NOT_DER', false],
    ['UTF8String as a piece of a UTF8String', '2c80 0c0161 0000', 'ERR_ASN1_NOT_DER', false],
  ])('%s', (name, digits, code, isBer) => {
    const bytes = hex(digits)
    const { offset, result } = asn1js.fromBER(bytes)
    expect([offset, result.error]).toEqual([bytes.length, ''])
    const set = name.startsWith('SET')
    const strict = (): unknown =>
      set ? readDer(bytes, '', (r) => r.setOf('', (s) => s.element(''))) : walk(bytes)
    expect(failure(strict)).toMatchObject({ code })
    const lenient = failure(() => walk(toDefinite(bytes), { rules: 'definite' }))
    expect(lenient === 'nothing thrown').toBe(isBer)
  })

  it('bytes after the element, which it leaves to the caller to see', () => {
    expect(asn1js.fromBER(hex('05000500'))).toMatchObject({ offset: 2 })
    expect(failure(() => walk(hex('05000500')))).toMatchObject({ code: 'ERR_ASN1_TRAILING_DATA' })
  })
})
