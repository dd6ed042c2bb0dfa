import { type PassportShape, PassportToken } from './passport-token.ts'
import { type Clock, parseHttpDate, parseSetCookie } from './set-cookie.ts'

/** What the MOEX Passport answered, status 200 to 399. */
export interface PassportAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** How to read it. */
export interface PassportReading {
  readonly cookie: string
  readonly marker: string
  /** Our own clock. */
  readonly now: number
  /** URL-decode the value. */
  readonly decode: boolean
}

/** The token, or why there is none: `unreadable` is one that no server would have meant. */
export type PassportResult = PassportToken | 'denied' | 'missing' | 'unreadable'

const MAX_LENGTH = 16_384
/** What stands in a header: printable ASCII (RFC 6265 section 4.1.1, with the blanks and quotes that servers write). */
const COOKIE_VALUE = /^[\x20-\x7e]+$/
/** What a body must look like to be taken for a token and not for a message. */
const BODY_VALUE = /^[\w+/=.~:|%-]{32,}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x1f\x7f-\x9f]/

/** Finds the token in the answer: in the cookie, or else in the body. */
export function readPassportAnswer(answer: PassportAnswer, reading: PassportReading): PassportResult {
  const markers = (answer.headers.get(reading.marker) ?? '').toLowerCase().split(/[ ,]+/)
  if (markers.includes('denied')) return 'denied'
  const cookies = readCookies(answer.headers, reading)
  const cookie = cookies.alive.at(-1)
  if (cookie !== undefined) return tokenOf(cookie.value, 'cookie', reading, cookie.expiresAt)
  if (cookies.found && !markers.includes('granted')) return 'denied'
  const value = answer.status < 300 ? readBody(answer.text, reading.cookie) : undefined
  return value === undefined ? 'missing' : tokenOf(value, 'body', reading, undefined)
}

interface Cookies {
  /** Whether there was any of the name, one being deleted too. */
  readonly found: boolean
  readonly alive: readonly { value: string; expiresAt: number | undefined }[]
}

/** The cookies of the name as a browser would have them afterwards (RFC 6265 section 5.3). */
function readCookies(headers: Headers, { cookie, now }: PassportReading): Cookies {
  const clock: Clock = { now, serverNow: parseHttpDate(headers.get('date') ?? '') }
  const fields = headers.getSetCookie().map((field) => parseSetCookie(field, clock))
  const named = fields.filter((field) => field !== undefined).filter(({ name }) => name === cookie)
  const byPlace = new Map<string, (typeof named)[number]>()
  for (const field of named) {
    byPlace.delete(field.place)
    byPlace.set(field.place, field)
  }
  const alive = [...byPlace.values()].filter(
    ({ value, expiresAt }) => value !== '' && value !== '""' && (expiresAt ?? Infinity) > now,
  )
  return { found: named.length > 0, alive }
}

/** A body that is nothing but the token, or JSON with it in a field of the cookie's name. */
function readBody(text: string, name: string): string | undefined {
  const line = text.replace(/\r?\n$/, '')
  const value = line.startsWith('{') ? readJsonField(line, name) : line
  return value !== undefined && BODY_VALUE.test(value) ? value : undefined
}

function readJsonField(text: string, name: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const fields = new Map<string, unknown>(Object.entries(value ?? {}))
    const field = fields.get(name)
    return typeof field === 'string' ? field : undefined
  } catch {
    return undefined
  }
}

function tokenOf(
  written: string,
  shape: PassportShape,
  { decode }: PassportReading,
  expiresAt: number | undefined,
): PassportToken | 'unreadable' {
  if (written.length > MAX_LENGTH || !COOKIE_VALUE.test(written)) return 'unreadable'
  const value = decode ? urlDecode(written) : written
  if (value === undefined || CONTROL.test(value)) return 'unreadable'
  return new PassportToken(value, shape, expiresAt === undefined ? undefined : new Date(expiresAt))
}

function urlDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
