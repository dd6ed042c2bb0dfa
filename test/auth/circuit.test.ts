/** What an error means for those who come next. */
import { describe, expect, it } from 'vitest'
import { blockedBy, refusalAfter } from '../../src/auth/circuit.ts'
import { AuthError } from '../../src/errors.ts'

const NOW = 1_800_000_000_000
const refused = new AuthError('ERR_AUTH_REFUSED', 'no')
const busy = new AuthError('ERR_AUTH_RATE_LIMITED', 'later', { retryAfter: new Date(NOW + 1000) })

describe('a server that asks to wait', () => {
  it('is waited for', () => {
    expect(refusalAfter(busy, undefined, NOW)).toMatchObject({ code: busy.code, until: NOW + 1000, count: 0 })
  })

  it('does not end the pause after a refused password', () => {
    const before = refusalAfter(refused, undefined, NOW - 10_000)
    expect(blockedBy(before, NOW)?.code).toBe('ERR_AUTH_BLOCKED')
    expect(refusalAfter(busy, before, NOW)).toBeUndefined()
  })

  it('is waited for again when that pause is over', () => {
    const before = refusalAfter(refused, undefined, NOW - 60_000)
    expect(refusalAfter(busy, before, NOW)).toMatchObject({ code: busy.code, count: 1 })
  })
})
