import { describe, expect, it } from 'vitest'
import { refusedAnswer } from '../../../src/auth/answer.ts'
import { callForbidden, loginRefused, refreshRefused } from '../../../src/auth/moex/token-refused.ts'

const url = new URL('https://sso.example/token?secret=1')
const NOW = Date.UTC(2026, 0, 1)

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  return refusedAnswer(
    new Response(null, { status, headers: { 'content-type': type, ...headers } }),
    text,
    [],
  )
}

const html = { 'content-type': 'text/html; charset=utf-8' }

describe('the answers of the token endpoint', () => {
  it.each([
    ['403 without a word', answer(403, ''), 'ERR_AUTH_REFUSED', 'ERR_AUTH_REFRESH_REFUSED'],
    ['403 as a page', answer(403, '<html>Forbidden', html), 'ERR_AUTH_REFUSED', 'ERR_AUTH_REFRESH_REFUSED'],
    ['401', answer(401, { error: 'invalid_client' }), 'ERR_AUTH_REFUSED', 'ERR_AUTH_REFRESH_REFUSED'],
    [
      'invalid_grant',
      answer(400, { error: 'invalid_grant' }),
      'ERR_AUTH_REFUSED',
      'ERR_AUTH_REFRESH_REFUSED',
    ],
    ['invalid_scope', answer(400, { error: 'invalid_scope' }), 'ERR_AUTH_SCOPE', 'ERR_AUTH_REFRESH_REFUSED'],
    [
      'invalid_request',
      answer(400, { error: 'invalid_request' }),
      'ERR_AUTH_REQUEST',
      'ERR_AUTH_REFRESH_REFUSED',
    ],
    ['400 that is no JSON', answer(400, 'no'), 'ERR_AUTH_REQUEST', 'ERR_AUTH_REFRESH_REFUSED'],
    [
      '400 with other types',
      answer(400, { error: ['invalid_grant'] }),
      'ERR_AUTH_REQUEST',
      'ERR_AUTH_REFRESH_REFUSED',
    ],
    ['404', answer(404, ''), 'ERR_AUTH_NOT_FOUND', 'ERR_AUTH_NOT_FOUND'],
    ['429', answer(429, '', { 'retry-after': '5' }), 'ERR_AUTH_RATE_LIMITED', 'ERR_AUTH_RATE_LIMITED'],
    ['503', answer(503, '<html>', html), 'ERR_AUTH_MAINTENANCE', 'ERR_AUTH_MAINTENANCE'],
    ['502 as a page', answer(502, '<html>Bad gateway', html), 'ERR_AUTH_MAINTENANCE', 'ERR_AUTH_MAINTENANCE'],
    ['500', answer(500, { error: 'unknown_error' }), 'ERR_AUTH_SERVER', 'ERR_AUTH_SERVER'],
    ['302', answer(302, '', { location: '/login?x=secret' }), 'ERR_AUTH_REDIRECT', 'ERR_AUTH_REDIRECT'],
  ])('%s', (_, given, login, refresh) => {
    for (const [error, code] of [
      [loginRefused(given, url, 'a b', NOW), login],
      [refreshRefused(given, url, NOW), refresh],
    ] as const) {
      expect(error).toMatchObject({ code, status: given.status })
      expect(error.hint).toMatch(/^[a-z]/)
      expect(error.message + error.hint).not.toContain('secret=1')
      if (given.status === 429) expect(error.retryAfter?.getTime()).toBe(NOW + 5000)
    }
  })

  it("the server's words are on one line, printable, and not too long", () => {
    const words = { error: 'invalid_grant', error_description: `no\u001b[31m\r\nway\u202e${'x'.repeat(500)}` }
    const { message } = loginRefused(answer(403, words), url, 'a', NOW)
    expect(message).toMatch(
      /^the login was refused by https:\/\/sso\.example\/token: status 403 \(invalid_grant: no \[31m way x+\)$/,
    )
    expect(message.length).toBeLessThan(400)
  })

  it('a call: 403 alone is explained', () => {
    expect(callForbidden(answer(401, ''), 'a', NOW)).toBeUndefined()
    expect(callForbidden(answer(403, ''), 'a', NOW)).toMatchObject({
      code: 'ERR_AUTH_FORBIDDEN',
      status: 403,
    })
  })
})
