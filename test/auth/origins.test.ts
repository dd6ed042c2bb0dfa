import { describe, expect, it } from 'vitest'
import { checkOrigins, originAllowed } from '../../src/auth/origins.ts'

const allowed = (url: string, ...origins: string[]) => originAllowed(new URL(url), checkOrigins(origins))

describe('where a token may go', () => {
  it.each([
    ['https://api.example.com/x?y', 'https://api.example.com'],
    ['https://api.example.com/x', 'https://api.example.com/'],
    ['https://api.example.com:443/', 'https://API.example.com'],
    ['https://localhost:8443/api', 'https://localhost:8443'],
    ['https://[::1]:8443/api', 'https://[::1]:8443'],
    ['https://api.moex.com/', 'https://*.moex.com'],
    ['https://A.B.MOEX.com/', 'https://*.Moex.com'],
    ['https://play.moex.com/', 'https://other.example', 'https://*.moex.com'],
  ])('%s is within %s', (url, ...origins) => {
    expect(allowed(url, ...origins)).toBe(true)
  })

  it.each([
    ['http://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com:8443/', 'https://api.example.com'],
    ['https://api.example.com.evil.example/', 'https://api.example.com'],
    ['https://evilmoex.com/', 'https://*.moex.com'],
    ['https://moex.com/', 'https://*.moex.com'],
    ['https://moex.com./', 'https://*.moex.com'],
    ['https://api.moex.com./', 'https://*.moex.com'],
    ['https://api.moex.com:8443/', 'https://*.moex.com'],
    ['http://api.moex.com/', 'https://*.moex.com'],
    ['http://api.moex.com:443/', 'https://*.moex.com'],
    ['https://moex.com.evil.example/', 'https://*.moex.com'],
    ['https://evil.example/.moex.com', 'https://*.moex.com'],
    ['https://api.moex.com@evil.example/', 'https://*.moex.com'],
    ['https://api.example.com/'],
  ])('%s is not within %s', (url, ...origins) => {
    expect(allowed(url, ...origins)).toBe(false)
  })

  it.each([
    'http://api.example.com',
    'api.example.com',
    'https://',
    'https://api.example.com/path',
    'https://api.example.com?x',
    'https://user:pass@api.example.com',
    'https://*.com',
    'https://*',
    'https://*.*.example.com',
    'https://api.*.example.com',
    'https://*.example.com:8443',
    'https://*.example.com/path',
    'https://*.-.com',
    'https://a b',
    '',
  ])('%s is not taken for an origin', (origin) => {
    expect(() => checkOrigins([origin])).toThrow(TypeError)
  })

  it('does not show a password that stands in it', () => {
    expect(() => checkOrigins(['https://user:hunter2@api.example.com'])).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    )
  })
})
