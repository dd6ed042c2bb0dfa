/** Nobody is made to wait longer than a day by one header. */
const LONGEST = 24 * 3600 * 1000

/** An HTTP-date (RFC 9110 section 5.6.7): IMF-fixdate and RFC 850's end in GMT, asctime's names no zone. */
const ENDS_IN_GMT = /^[A-Za-z]{3,9}, \d{2}[ -][A-Za-z]{3}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/
const ASCTIME = /^[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/**
 * When a request may be made again, by the answer's Retry-After (RFC 9110 section 10.2.3): seconds or an HTTP-date,
 * which is compared with the server's own Date where there is one. At most a day from `now`, never before it.
 *
 * @param now milliseconds since 1970
 * @returns undefined where the header is missing or neither of the two
 * @example
 * ```ts
 * import { retryAfterOf } from 'sealkit/http'
 * const headers = new Headers({ 'retry-after': '120' })
 * console.log(retryAfterOf(headers, Date.now()))
 * ```
 */
export function retryAfterOf(headers: Headers, now: number): Date | undefined {
  const text = headers.get('retry-after')?.trim()
  if (text === undefined) return undefined
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : waitUntil(text, headers.get('date'), now)
  if (wait === undefined) return undefined
  return new Date(now + Math.min(Math.max(wait, 0), LONGEST))
}

function waitUntil(text: string, serverDate: string | null, now: number): number | undefined {
  const until = httpDate(text)
  if (until === undefined) return undefined
  return until - (httpDate(serverDate?.trim() ?? '') ?? now)
}

function httpDate(text: string): number | undefined {
  const zoned = ENDS_IN_GMT.test(text) ? text : ASCTIME.test(text) ? `${text} GMT` : undefined
  const time = zoned === undefined ? Number.NaN : Date.parse(zoned)
  return Number.isNaN(time) ? undefined : time
}
