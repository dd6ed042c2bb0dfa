import { expect, it } from 'vitest'
import { retryAfterOf } from '../../src/http/index.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const DAY = 86_400_000

it.each([
  ['120', undefined, 120_000],
  ['0', undefined, 0],
  ['99999999999999', undefined, DAY],
  ['Sat, 21 Nov 2026 12:00:30 GMT', undefined, 30_000],
  ['Saturday, 21-Nov-26 12:00:30 GMT', undefined, 30_000],
  ['Sat Nov 21 12:00:30 2026', undefined, 30_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', undefined, 0],
  ['Sat, 21 Nov 2099 11:00:00 GMT', undefined, DAY],
  // The server's clock is an hour ahead.
  ['Sat, 21 Nov 2026 13:00:30 GMT', 'Sat, 21 Nov 2026 13:00:00 GMT', 30_000],
])('%s, Date %s: in %i ms', (value, date, wait) => {
  const headers = new Headers({ 'retry-after': value, ...(date === undefined ? {} : { date }) })
  expect(retryAfterOf(headers, NOW)).toEqual(new Date(NOW + wait))
})

it.each(['', '-5', '1.5', 'soon', '2026-11-21T12:00:30Z', 'Sat, 99 Nov 2026 12:00:30 GMT'])(
  '%j says nothing',
  (value) => {
    expect(retryAfterOf(new Headers({ 'retry-after': value }), NOW)).toBeUndefined()
  },
)

it('nor does a missing one', () => expect(retryAfterOf(new Headers(), NOW)).toBeUndefined())
