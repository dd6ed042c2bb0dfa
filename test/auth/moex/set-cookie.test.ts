import { describe, expect, it } from 'vitest'
import { parseHttpDate, parseSetCookie } from '../../../src/auth/moex/set-cookie.ts'

const now = Date.UTC(2026, 0, 1)
const parse = (field: string, serverNow?: number) => parseSetCookie(field, { now, serverNow })

describe('the field Set-Cookie', () => {
  it.each([
    ['a=b', 'a', 'b'],
    ['a=b; Path=/; Secure; HttpOnly', 'a', 'b'],
    [' a = b ;x', 'a', 'b'],
    ['a=b=c==', 'a', 'b=c=='],
    ['a=%2Fb+c%3D', 'a', '%2Fb+c%3D'],
    ['a="b c"', 'a', '"b c"'],
    ['a=', 'a', ''],
    ['a=b;', 'a', 'b'],
    ["!#$%&'*+-.^_`|~=x", "!#$%&'*+-.^_`|~", 'x'],
  ])('%s', (field, name, value) => {
    expect(parse(field)).toMatchObject({ name, value, expiresAt: undefined })
  })

  it.each(['', 'a', ';a=b', '=b', 'a b=c', 'a(b)=c', '"a"=b', '; Max-Age=0', 'ä=b'])(
    '%j is none',
    (field) => {
      expect(parse(field)).toBeUndefined()
    },
  )

  it.each([
    ['a=b; Max-Age=60', now + 60_000],
    ['a=b; max-age=60; expires=Thu, 01 Jan 1970 00:00:00 GMT', now + 60_000],
    ['a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60', now + 60_000],
    ['a=b; Max-Age=60; Max-Age=30', now + 30_000],
    ['a=b; Max-Age=0', 0],
    ['a=b; Max-Age=-5', 0],
    ['a=b; Max-Age=99999999999999999999', 8.64e15],
    ['a=b; Max-Age=soon', undefined],
    ['a=b; Max-Age=1.5', undefined],
    ['a=b; Max-Age=', undefined],
    ['a=b; Max-Age=soon; Expires=Fri, 02 Jan 2026 00:00:00 GMT', now + 86_400_000],
    ['a=b; Max-Age=60; Max-Age=soon', now + 60_000],
    ['a=b; Expires=Fri, 02 Jan 2026 00:00:00 GMT', now + 86_400_000],
    ['a=b; Expires=Fri, 02-Jan-26 00:00:00 GMT', now + 86_400_000],
    ['a=b; Expires=Friday, 02-Jan-2026 00:00:00 GMT', now + 86_400_000],
    ['a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['a=b; Expires=tomorrow', undefined],
    ['a=b; Expires=Fri, 31 Feb 2026 00:00:00 GMT', undefined],
    ['a=b; Expires=Fri, 02 Jan 2026 24:00:00 GMT', undefined],
    ['a=b; Expires=Fri, 02 Jan 2026 00:60:00 GMT', undefined],
    ['a=b; Expires=Fri, 02 Foo 2026 00:00:00 GMT', undefined],
  ])('%s ends at %s', (field, expiresAt) => {
    expect(parse(field)?.expiresAt).toBe(expiresAt)
  })

  it("counts Expires from the server's clock where that is wrong", () => {
    const hour = 3_600_000
    const field = 'a=b; Expires=Thu, 01 Jan 2026 00:10:00 GMT'
    expect(parse(field, now - hour)?.expiresAt).toBe(now + hour + 600_000)
    expect(parse(field, now)?.expiresAt).toBe(now + 600_000)
  })

  it('tells places apart by domain and path', () => {
    const places = [
      'a=1',
      'a=2',
      'a=3; path=/',
      'a=4; Path=/; Domain=X.com',
      'a=5; domain=x.com; path=/',
    ].map((field) => parse(field)?.place)
    expect(places[0]).toBe(places[1])
    expect(places[3]).toBe(places[4])
    expect(new Set(places).size).toBe(3)
  })

  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sun, 06-Nov-2069 08:49:37 gmt', Date.UTC(2069, 10, 6, 8, 49, 37)],
    ['Sun, 06-Nov-69 08:49:37 GMT', Date.UTC(2069, 10, 6, 8, 49, 37)],
    ['Sun, 06-Nov-70 08:49:37 GMT', Date.UTC(1970, 10, 6, 8, 49, 37)],
    ['06 Nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06 Nov 1994 08:49:37 +0100', undefined],
    ['0', undefined],
    ['', undefined],
  ])('date %s', (text, time) => {
    expect(parseHttpDate(text)).toBe(time)
  })
})
