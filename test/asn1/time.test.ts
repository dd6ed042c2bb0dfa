import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { der, readDer } from '../../src/asn1/index.ts'
import { decodeTime, encodeTime } from '../../src/asn1/time.ts'

const utc = (text: string): string | undefined => decodeTime(text, true)?.toISOString()
const generalized = (text: string): string | undefined => decodeTime(text, false)?.toISOString()
const fractions = (text: string): string | undefined => decodeTime(text, false, true)?.toISOString()

describe('UTCTime (RFC 5280 4.1.2.5.1)', () => {
  it('takes the years 1950 to 2049', () => {
    expect(utc('500101000000Z')).toBe('1950-01-01T00:00:00.000Z')
    expect(utc('991231235959Z')).toBe('1999-12-31T23:59:59.000Z')
    expect(utc('000101000000Z')).toBe('2000-01-01T00:00:00.000Z')
    expect(utc('491231235959Z')).toBe('2049-12-31T23:59:59.000Z')
  })

  it.each([
    ...[
      '',
      '2611210000Z',
      '261121000000',
      '261121000000+0000',
      '261121000000z',
      '26112100000Z',
      '261121000000.5Z',
    ],
    ...[
      '20261121000000Z',
      ' 261121000000Z',
      '261121000000Z ',
      '261121000000Z\n',
      '26112100000٠Z',
      '2611210 0000Z',
    ],
  ])('refuses the form %j', (text) => expect(utc(text)).toBeUndefined())
})

describe('GeneralizedTime (RFC 5280 4.1.2.5.2)', () => {
  it('takes the years 0 to 9999', () => {
    expect(generalized('00000101000000Z')).toBe('0000-01-01T00:00:00.000Z')
    expect(generalized('00991231235959Z')).toBe('0099-12-31T23:59:59.000Z')
    expect(generalized('20500101000000Z')).toBe('2050-01-01T00:00:00.000Z')
    expect(generalized('99991231235959Z')).toBe('9999-12-31T23:59:59.000Z')
  })

  it.each([
    '20261121000000',
    '20261121000000.5Z',
    '202611210000Z',
    '20261121000000+0300',
    '261121000000Z',
    '120261121000000Z',
  ])('refuses the form %j', (text) => expect(generalized(text)).toBeUndefined())

  it('takes fractions where asked, in DER form (X.690 11.7.3)', () => {
    expect(fractions('20261121000000Z')).toBe('2026-11-21T00:00:00.000Z')
    expect(fractions('20261121000000.5Z')).toBe('2026-11-21T00:00:00.500Z')
    expect(fractions('20261121000000.001Z')).toBe('2026-11-21T00:00:00.001Z')
    expect(fractions('20261121000000.999999999Z')).toBe('2026-11-21T00:00:00.999Z')
    for (const text of [
      '20261121000000.Z',
      '20261121000000.50Z',
      '20261121000000.0Z',
      '20261121000000,5Z',
      '20261121000000.1234567891Z',
    ])
      expect(fractions(text), text).toBeUndefined()
    expect(decodeTime('261121000000.5Z', true, true)).toBeUndefined()
  })

  it('keeps every millisecond exactly', () => {
    for (let ms = 1; ms < 1000; ms++) {
      const text = String(ms).padStart(3, '0').replace(/0+$/, '')
      expect(decodeTime(`20261121000000.${text}Z`, false, true)?.getUTCMilliseconds()).toBe(ms)
    }
  })
})

describe('the calendar', () => {
  it('has leap years by the rule', () => {
    expect(generalized('20240229000000Z')).toBe('2024-02-29T00:00:00.000Z')
    expect(generalized('20000229000000Z')).toBe('2000-02-29T00:00:00.000Z')
    expect(generalized('20230229000000Z')).toBeUndefined()
    expect(generalized('21000229000000Z')).toBeUndefined()
  })

  it.each([
    ...['20261321000000Z', '20260021000000Z', '20261100000000Z', '20261132000000Z', '20261131000000Z'],
    ...['20261121240000Z', '20261121006000Z', '20261121000060Z', '20261231235960Z', '20261121235960Z'],
  ])('refuses %s', (text) => {
    expect(generalized(text)).toBeUndefined()
    expect(utc(text.slice(2))).toBeUndefined()
  })
})

describe('writing', () => {
  const text = (element: Uint8Array): string =>
    `${element[0] as number} ${Buffer.from(element.subarray(2)).toString('latin1')}`

  it('uses UTCTime from 1950 to 2049 and GeneralizedTime elsewhere (RFC 5280 4.1.2.5)', () => {
    expect(text(der.time(new Date('1949-12-31T23:59:59Z')))).toBe('24 19491231235959Z')
    expect(text(der.time(new Date('1950-01-01T00:00:00Z')))).toBe('23 500101000000Z')
    expect(text(der.time(new Date('2026-11-21T01:02:03Z')))).toBe('23 261121010203Z')
    expect(text(der.time(new Date('2049-12-31T23:59:59Z')))).toBe('23 491231235959Z')
    expect(text(der.time(new Date('2050-01-01T00:00:00Z')))).toBe('24 20500101000000Z')
    expect(text(der.generalizedTime(new Date('2026-11-21T01:02:03Z')))).toBe('24 20261121010203Z')
  })

  it('cuts fractions off', () => {
    expect(text(der.time(new Date('2026-11-21T01:02:03.999Z')))).toBe('23 261121010203Z')
    expect(text(der.time(new Date('1960-01-01T00:00:00.001Z')))).toBe('23 600101000000Z')
  })

  it('refuses invalid dates and years of more than four digits', () => {
    for (const date of [
      new Date(Number.NaN),
      new Date('+010000-01-01T00:00:00Z'),
      new Date('-000001-12-31T00:00:00Z'),
    ])
      expect(() => der.time(date)).toThrow(TypeError)
    expect(encodeTime(new Date('0000-01-01T00:00:00Z'), false)).toBe('00000101000000Z')
  })

  it('comes back as the same second', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(dates, (date) => {
        const second = Math.floor(date.getTime() / 1000) * 1000
        expect(readDer(der.time(date), '', (r) => r.time('')).getTime()).toBe(second)
        expect(readDer(der.generalizedTime(date), '', (r) => r.time('')).getTime()).toBe(second)
      }),
    )
  })
})
