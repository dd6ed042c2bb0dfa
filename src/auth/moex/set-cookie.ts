/** One Set-Cookie field, as much of it as matters here. Times are milliseconds since 1970, by our own clock. */
export interface SetCookie {
  readonly name: string
  /** Exactly as it stands: quotes and percent signs are part of it (RFC 6265 section 5.2). */
  readonly value: string
  /** A cookie of the same name and place takes the earlier one's place. */
  readonly place: string
  /** Undefined for a cookie of the session. In the past for one that is being deleted. */
  readonly expiresAt: number | undefined
}

/** What times are counted from. */
export interface Clock {
  /** Our own time. */
  readonly now: number
  /** The server's, from its field Date; undefined where it has none. */
  readonly serverNow: number | undefined
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const LAST_MOMENT = 8.64e15
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110's own form of a date and Netscape's with hyphens. */
const DATE = /^[a-z]{3,9}, ?(\d{1,2})[ -]([a-z]{3})[ -](\d{2}|\d{4}) (\d{2}):(\d{2}):(\d{2}) gmt$/i

/** Reads the value of one Set-Cookie field (RFC 6265 section 5.2); undefined where it is none. */
export function parseSetCookie(field: string, clock: Clock): SetCookie | undefined {
  const semicolon = field.indexOf(';')
  const pair = semicolon < 0 ? field : field.slice(0, semicolon)
  const equals = pair.indexOf('=')
  const name = pair.slice(0, Math.max(equals, 0)).trim()
  if (!NAME.test(name)) return undefined
  const value = pair.slice(equals + 1).trim()
  const attributes = readAttributes(semicolon < 0 ? '' : field.slice(semicolon + 1))
  const place = JSON.stringify([attributes.get('domain')?.toLowerCase(), attributes.get('path')])
  return { name, value, place, expiresAt: expiryOf(attributes, clock) }
}

/** Milliseconds since 1970 of a date in a header; undefined where it is none. */
export function parseHttpDate(text: string): number | undefined {
  const [, day, month = '', year = '', hour, minute, second] = DATE.exec(text) ?? []
  const monthIndex = MONTHS.indexOf(month.toLowerCase())
  if (monthIndex < 0) return undefined
  // RFC 6265 section 5.1.1: two digits are 1970 to 2069.
  const fullYear = year.length === 4 ? Number(year) : Number(year) + (Number(year) >= 70 ? 1900 : 2000)
  const time = new Date(0)
  time.setUTCFullYear(fullYear, monthIndex, Number(day))
  time.setUTCHours(Number(hour), Number(minute), Number(second))
  const sameDay = time.getUTCDate() === Number(day) && time.getUTCHours() === Number(hour)
  return sameDay && Number(minute) < 60 && Number(second) < 60 ? time.getTime() : undefined
}

/** The last one of a name counts (RFC 6265 section 5.3). */
function readAttributes(text: string): Map<string, string> {
  const pairs = text.split(';').map((attribute): [string, string] => {
    const equals = attribute.indexOf('=')
    const name = equals < 0 ? attribute : attribute.slice(0, equals)
    return [name.trim().toLowerCase(), equals < 0 ? '' : attribute.slice(equals + 1).trim()]
  })
  // An attribute that cannot be read counts as not there.
  return new Map(pairs.filter(([name, value]) => isReadable(name, value)))
}

function isReadable(name: string, value: string): boolean {
  if (name === 'max-age') return /^-?\d+$/.test(value)
  if (name === 'expires') return parseHttpDate(value) !== undefined
  return true
}

function expiryOf(attributes: ReadonlyMap<string, string>, clock: Clock): number | undefined {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined) {
    const seconds = Number(maxAge)
    return seconds <= 0 ? 0 : Math.min(clock.now + seconds * 1000, LAST_MOMENT)
  }
  const expires = parseHttpDate(attributes.get('expires') ?? '')
  // A server whose clock is wrong means its own clock.
  return expires === undefined ? undefined : Math.max(0, expires + clock.now - (clock.serverNow ?? clock.now))
}
