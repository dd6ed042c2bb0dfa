import { describe, expect, it } from 'vitest'
import { isDnsName, matchesDnsName, parseReference } from '../../src/path/host-name.ts'

describe('names of servers (RFC 9525)', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['EXAMPLE.com', 'example.com', true],
    ['*.example.com', 'a.example.com', true],
    ['*.EXAMPLE.com', 'a.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', '.example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['a.*.example.com', 'a.b.example.com', false],
    ['f*.example.com', 'foo.example.com', false],
    ['*o.example.com', 'foo.example.com', false],
    ['*', 'localhost', false],
    ['*.com', 'example.com', false],
    ['*.*.com', 'a.example.com', false],
    ['*.', 'a.', false],
    ['xn--*.example.com', 'xn--a.example.com', false],
    ['example.com.', 'example.com', false],
    ['example.com\u0000', 'example.com', false],
    ['192.0.2.1', '192.0.2.1', false],
  ])('%j for %j: %s', (presented, reference, expected) => {
    expect(matchesDnsName(presented, reference)).toBe(expected)
  })

  it.each([
    ['a', true],
    ['a-b.example', true],
    ['_dmarc.example.com', true],
    ['-a.example', false],
    ['a-.example', false],
    ['a..example', false],
    ['', false],
    ['a.b.', false],
    ['1.2.3.4', false],
    ['a.0', false],
    ['münchen.de', false],
    [`${'a'.repeat(63)}.com`, true],
    [`${'a'.repeat(64)}.com`, false],
    [`${'a.'.repeat(126)}a`, true],
    [`${'a.'.repeat(127)}a`, false],
    ['a b.com', false],
    ['a.com\n', false],
  ])('%j is a DNS name: %s', (text, expected) => {
    expect(isDnsName(text)).toBe(expected)
  })

  it('reads what a caller gives', () => {
    expect(parseReference('API.Example.com.')).toEqual({ type: 'dNSName', value: 'api.example.com' })
    expect(parseReference('192.0.2.1')).toEqual({ type: 'iPAddress', value: Uint8Array.of(192, 0, 2, 1) })
    const loopback = new Uint8Array(16)
    loopback[15] = 1
    expect(parseReference('[::1]')).toEqual({ type: 'iPAddress', value: loopback })
    expect(parseReference('::1')).toEqual({ type: 'iPAddress', value: loopback })
  })

  it.each([
    '',
    '*.example.com',
    'münchen.de',
    'https://example.com',
    'example.com:443',
    '1.2.3',
    '256.1.1.1',
    'a..b',
  ])('refuses %j as a name of a server', (text) => {
    expect(() => parseReference(text)).toThrow(TypeError)
  })
})
