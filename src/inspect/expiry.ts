import type { Certificate } from '../x509/index.ts'
import { daysBetween } from './certificate.ts'

/** Options of {@link checkExpiry}. */
export interface ExpiryOptions {
  /** Days ahead in which an end of validity is to be warned of. Default 30. */
  within?: number | undefined
  /** Default: now. */
  now?: Date | undefined
}

/** How long a certificate lasts. */
export interface ExpiryEntry {
  readonly certificate: Certificate
  /** Whole days until notAfter; negative where it has passed. */
  readonly daysLeft: number
  readonly status: 'ok' | 'expiring' | 'expired' | 'not-yet-valid'
}

/** What {@link checkExpiry} finds. */
export interface ExpiryReport {
  /** No certificate has expired or does so within the window. One that is not valid yet does not count. */
  readonly good: boolean
  /** The end of the window. */
  readonly until: Date
  /** Those that end first stand first. */
  readonly entries: readonly ExpiryEntry[]
}

const DAY = 86_400_000

/**
 * Tells which certificates have expired, or do so soon.
 *
 * @throws TypeError where `within` is no number of days from 0 to 36,500, or `now` no date
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readCertificates } from 'sealkit/credentials'
 * import { checkExpiry } from 'sealkit/inspect'
 * const { good, entries } = checkExpiry(readCertificates(readFileSync('cert.pem')), { within: 30 })
 * if (!good) console.error(`${entries[0]?.daysLeft} days left`)
 * ```
 */
export function checkExpiry(certificates: readonly Certificate[], options: ExpiryOptions = {}): ExpiryReport {
  const { within = 30, now = new Date() } = options
  if (typeof within !== 'number' || !(within >= 0 && within <= 36_500))
    throw new TypeError('within must be a number of days from 0 to 36500')
  if (!(now instanceof Date) || Number.isNaN(now.getTime())) throw new TypeError('now must be a date')
  const until = new Date(now.getTime() + within * DAY)
  const entries = certificates
    .map((certificate) => ({
      certificate,
      daysLeft: daysBetween(now, certificate.notAfter),
      status: statusOf(certificate, now, until),
    }))
    .sort((a, b) => +a.certificate.notAfter - +b.certificate.notAfter)
  return {
    good: entries.every(({ status }) => status !== 'expired' && status !== 'expiring'),
    until,
    entries,
  }
}

function statusOf({ notBefore, notAfter }: Certificate, now: Date, until: Date): ExpiryEntry['status'] {
  if (notAfter < now) return 'expired'
  if (notAfter <= until) return 'expiring'
  return notBefore > now ? 'not-yet-valid' : 'ok'
}
