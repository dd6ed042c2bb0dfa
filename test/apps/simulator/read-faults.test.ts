import { describe, expect, it } from 'vitest'
import { FAULT_FORMS, readFault } from '../../../apps/simulator/read-faults.ts'

describe('readFault', () => {
  it.each([
    ['maintenance', { maintenance: true }],
    ['rate-limited', { rateLimited: { retryAfter: undefined } }],
    ['rate-limited=30', { rateLimited: { retryAfter: 30 } }],
    ['slow=500', { slow: { milliseconds: 500, where: 'head' } }],
    ['slow-body=1', { slow: { milliseconds: 1, where: 'body' } }],
    ['drop=in-body', { drop: 'in-body' }],
    ['malformed-json', { malformedJson: true }],
    ['huge-answer', { hugeAnswer: true }],
    ['clock-skew=-3600', { clockSkew: -3600 }],
    ['refresh-tokens=none', { refreshTokens: 'none' }],
    ['tls=1.2', { tls: '1.2' }],
    ['server-certificate=expired', { serverCertificate: 'expired' }],
    ['passport=denied-200', { passport: 'denied-200' }],
  ])('%s', (text, faults) => {
    expect(readFault(text)).toEqual(faults)
  })

  it.each([
    'maintenance=1',
    'slow',
    'slow=',
    'slow=-1',
    'slow=1.5',
    'drop',
    'drop=now',
    'tls=1.3',
    'rate-limited=x',
  ])('says how %s is written', (text) => {
    expect(() => readFault(text)).toThrow(/^it is written [a-z-]+/)
  })

  it.each(['', 'no', 'toString', '__proto__', '=1'])('names all for %j', (text) => {
    expect(() => readFault(text)).toThrow(FAULT_FORMS.join(', '))
  })
})
