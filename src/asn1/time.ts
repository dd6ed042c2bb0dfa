/**
 * Decodes UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 restricts them: `YYMMDDHHMMSSZ` or
 * `YYYYMMDDHHMMSSZ`, in UTC, with seconds (no leap second). Fractions are taken only where `fractions` is
 * set (RFC 3161 2.4.2); what is finer than a millisecond is cut off.
 *
 * @param text the characters of the time
 * @param utc true for UTCTime: two-digit years 50 to 99 are 19xx, 00 to 49 are 20xx
 * @returns the time, or undefined where the text is not such a time
 */
export function decodeTime(text: string, utc: boolean, fractions = false): Date | undefined {
  const form = utc ? UTC_TIME : fractions ? GENERALIZED_TIME_FRACTIONS : GENERALIZED_TIME
  const match = form.exec(text)
  if (match === null) return undefined
  const [, y, month, day, hour, minute, second, fraction] = match
  const short = Number(y)
  const year = utc ? (short < 50 ? 2000 + short : 1900 + short) : short
  // By digits: 0.001 * 1000 and its like need not be whole.
  const milliseconds = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3))
  const date = new Date(0)
  // setUTC…, since Date.UTC takes the years 0 to 99 for 19xx.
  date.setUTCFullYear(year, Number(month) - 1, Number(day))
  date.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds)
  const exact =
    date.getUTCMonth() + 1 === Number(month) &&
    date.getUTCDate() === Number(day) &&
    date.getUTCHours() === Number(hour) &&
    date.getUTCMinutes() === Number(minute) &&
    date.getUTCSeconds() === Number(second)
  return exact ? date : undefined
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
// DER: no trailing zero in the fraction (X.690 11.7.3).
const GENERALIZED_TIME_FRACTIONS = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/

/** True where RFC 5280 and RFC 5652 ask for UTCTime: the years 1950 to 2049. */
export function isUtcTimeYear(date: Date): boolean {
  const year = date.getUTCFullYear()
  return year >= 1950 && year < 2050
}

/**
 * Characters of a UTCTime (`utc`) or GeneralizedTime, in UTC and whole seconds, fractions cut off.
 *
 * @param utc two-digit year; right only where {@link isUtcTimeYear} holds
 * @throws TypeError for an invalid date or a year outside 0 to 9999
 */
export function encodeTime(date: Date, utc: boolean): string {
  const year = date.getUTCFullYear()
  if (!(year >= 0 && year <= 9999)) throw new TypeError(`a time must lie in the years 0 to 9999, not ${date}`)
  const digits = date.toISOString().replace(/[-:T]|\.\d+Z$/g, '')
  return `${utc ? digits.slice(2) : digits}Z`
}
