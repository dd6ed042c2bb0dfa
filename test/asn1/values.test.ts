import { describe, expect, it } from 'vitest'
import { contextTag, type DerReader, readDer } from '../../src/asn1/index.ts'
import { failure, hex, show } from './helpers.ts'

type Take = (reader: DerReader) => unknown

const der = (digits: string, take: Take): unknown => readDer(hex(digits), 'A', take)
const definite = (digits: string, take: Take): unknown =>
  readDer(hex(digits), 'A', take, { rules: 'definite' })

/** Expects the value to be refused at its own element, which is the second in a SEQUENCE: at byte 4. */
function refused(digits: string, take: Take, code = 'ERR_ASN1_VALUE'): void {
  const value = hex(digits)
  const bytes = Uint8Array.of(0x30, value.length + 2, 0x05, 0x00, ...value)
  const run = (): unknown =>
    readDer(bytes, 'A', (r) =>
      r.sequence('', (s) => {
        s.null('first')
        return take(s)
      }),
    )
  expect(failure(run), digits).toEqual({ code, offset: 4, path: 'A.b' })
}

describe('BOOLEAN (X.690 8.2, 11.1)', () => {
  const take: Take = (r) => r.boolean('b')
  it('reads 00 and FF', () => {
    expect(der('010100', take)).toBe(false)
    expect(der('0101ff', take)).toBe(true)
    expect(der('8201ff', (r) => r.boolean('b', contextTag(2, false)))).toBe(true)
  })
  it('refuses any other TRUE in DER, and takes it in BER', () => {
    refused('010101', take, 'ERR_ASN1_NOT_DER')
    refused('0101fe', take, 'ERR_ASN1_NOT_DER')
    expect(definite('010101', take)).toBe(true)
  })
  it('refuses another length, in BER too', () => {
    refused('0100', take)
    refused('0102ffff', take)
    expect(failure(() => definite('0102ffff', take))).toMatchObject({ code: 'ERR_ASN1_VALUE' })
  })
})

describe('INTEGER (X.690 8.3)', () => {
  const octets: Take = (r) => show(r.integerBytes('b'))
  const small: Take = (r) => r.smallInteger('b', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

  it.each([
    ['020100', 0],
    ['02017f', 127],
    ['02020080', 128],
    ['02020100', 256],
    ['020180', -128],
    ['0202ff7f', -129],
    ['0201ff', -1],
    ['02061fffffffffff', 2 ** 45 - 1],
    ['02071fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['0207e0000000000001', Number.MIN_SAFE_INTEGER],
  ])('%s is %d', (digits, value) => {
    expect(der(digits, small)).toBe(value)
  })

  it('gives octets of any length as they are', () => {
    expect(der('020900ffffffffffffffff', octets)).toBe('00 ff ff ff ff ff ff ff ff')
    expect(der('0a0103', (r) => show(r.integerBytes('b', 0x0a)))).toBe('03')
  })

  it('refuses empty and padded ones, under BER rules too', () => {
    for (const digits of ['0200', '02020001', '0202007f', '0202ff80', '0202ffff', '0203000001']) {
      refused(digits, octets)
      refused(digits, small)
      expect(failure(() => definite(digits, octets))).toMatchObject({ code: 'ERR_ASN1_VALUE' })
    }
  })

  it('refuses what lies outside the bounds, however large', () => {
    const version: Take = (r) => r.smallInteger('b', 0, 5)
    expect(der('020105', version)).toBe(5)
    for (const digits of [
      '020106',
      '0201ff',
      '02050100000000',
      '020901000000000000 0000',
      '02080000000100000005',
    ])
      refused(digits, version)
    // 2^53, and 2^64 + 5 which arithmetic in 64 bits reads as 5
    refused('020720000000000000', small)
    refused('0207dfffffffffffff', small)
    refused('0209010000000000000005', version)
  })
})

describe('BIT STRING (X.690 8.6, 11.2)', () => {
  const take: Take = (r) => {
    const { bytes, unusedBits } = r.bitString('b')
    return `${show(bytes)}/${unusedBits}`
  }
  it('reads bytes and unused bits', () => {
    // X.690 8.6.4.2: '0A3B5F291CD'H
    expect(der('0307040a3b5f291cd0', take)).toBe('0a 3b 5f 29 1c d0/4')
    expect(der('030100', take)).toBe('/0')
    expect(der('03020780', take)).toBe('80/7')
  })
  it('refuses what is no BIT STRING', () => {
    for (const digits of ['0300', '030101', '03020880', '0302ff80']) {
      refused(digits, take)
      expect(failure(() => definite(digits, take))).toMatchObject({ code: 'ERR_ASN1_VALUE' })
    }
  })
  it('refuses unused bits that are set in DER, and takes them in BER', () => {
    refused('03020181', take, 'ERR_ASN1_NOT_DER')
    refused('030207c0', take, 'ERR_ASN1_NOT_DER')
    expect(definite('03020181', take)).toBe('81/1')
  })
  it('wants whole bytes where asked', () => {
    const whole: Take = (r) => show(r.bitStringBytes('b'))
    expect(der('03030001 02', whole)).toBe('01 02')
    refused('03020180', whole)
  })
})

describe('OCTET STRING, NULL', () => {
  it('reads octets under any tag', () => {
    expect(der('0400', (r) => show(r.octetString('b')))).toBe('')
    expect(der('8002abcd', (r) => show(r.octetString('b', contextTag(0, false))))).toBe('ab cd')
  })

  it('joins an implicitly tagged one in pieces under definite rules only', () => {
    const take: Take = (r) => show(r.octetString('b', contextTag(0, false)))
    expect(definite('a008 0402abcd 0402ef01', take)).toBe('ab cd ef 01')
    expect(definite('a000', take)).toBe('')
    expect(definite('8001ab', take)).toBe('ab')
    refused('a004 0402abcd', take, 'ERR_ASN1_UNEXPECTED_TAG')
    expect(failure(() => definite('a003 020105', take))).toEqual({
      code: 'ERR_ASN1_UNEXPECTED_TAG',
      offset: 2,
      path: 'A.b[0]',
    })
  })

  it('wants NULL empty', () => {
    expect(der('0500', (r) => r.null('b'))).toBeUndefined()
    refused('050100', (r) => r.null('b'))
    expect(der('8100', (r) => r.null('b', contextTag(1, false)))).toBeUndefined()
  })
})

describe('OBJECT IDENTIFIER', () => {
  const take: Take = (r) => r.oid('b')
  it('reads it under any tag', () => {
    expect(der('06092a864886f70d010702', take)).toBe('1.2.840.113549.1.7.2')
    expect(der('81022a03', (r) => r.oid('b', contextTag(1, false)))).toBe('1.2.3')
  })
  it('refuses empty, cut off and padded ones', () => {
    for (const digits of [
      '0600',
      '060180',
      '06022a80',
      '06032a8001',
      '0602802a',
      '060100'.replace('00', '80'),
    ])
      refused(digits, take)
  })
})

describe('string and time fields', () => {
  it('reads strings by their tag and refuses other types', () => {
    expect(der('0c04d0afd0bd', (r) => r.string('b'))).toBe('Ян')
    expect(der('13025255', (r) => r.string('b'))).toBe('RU')
    refused('0c02c328', (r) => r.string('b'))
    refused('13012a', (r) => r.string('b'))
    refused('020105', (r) => r.string('b'), 'ERR_ASN1_UNEXPECTED_TAG')
    refused('80024142', (r) => r.string('b'), 'ERR_ASN1_UNEXPECTED_TAG')
  })

  it('reads both types of time', () => {
    const utc = '170d3236313132313030303030305a' // 261121000000Z
    const generalized = '180f32303530303130313030303030305a' // 20500101000000Z
    expect(der(utc, (r) => r.time('b'))).toEqual(new Date('2026-11-21T00:00:00Z'))
    expect(der(generalized, (r) => r.time('b'))).toEqual(new Date('2050-01-01T00:00:00Z'))
    refused('170b323631313231303030305a', (r) => r.time('b'))
    refused(`1821${'30'.repeat(33)}`, (r) => r.time('b'))
    refused('0500', (r) => r.time('b'), 'ERR_ASN1_UNEXPECTED_TAG')
  })

  it('reads fractions only where they are asked for', () => {
    const fraction = '181132303236313132313030303030302e355a' // 20261121000000.5Z
    expect(der(fraction, (r) => r.time('b', { fractions: true }))).toEqual(new Date('2026-11-21T00:00:00.5Z'))
    refused(fraction, (r) => r.time('b'))
  })
})
