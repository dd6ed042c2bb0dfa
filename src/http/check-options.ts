import { isContent } from '../credentials/input.ts'
import type { TrustSource } from '../trust/index.ts'
import { timeoutsOf, wholeNumber } from './limits.ts'
import type { TransportOptions } from './options.ts'
import { ownUserAgent } from './user-agent.ts'

const MiB = 1024 * 1024

/** The options with their defaults. */
export type CheckedOptions = ReturnType<typeof checkOptions>

/** @throws TypeError for an option of another type, or one that there is not */
export function checkOptions(given: TransportOptions) {
  const { ca, minVersion = 'TLSv1.2', userAgent = ownUserAgent(), proxy = 'environment' } = given
  if (ca === undefined) throw new TypeError("ca is needed: a CA bundle, or 'system' for the system's roots")
  if (minVersion !== 'TLSv1.2' && minVersion !== 'TLSv1.3') {
    throw new TypeError('minVersion must be TLSv1.2 or TLSv1.3')
  }
  if (typeof userAgent !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(userAgent)) {
    throw new TypeError('userAgent must be printable ASCII, 200 characters at most')
  }
  return {
    ...given,
    ca: sourcesOf(ca),
    minVersion,
    userAgent,
    proxy,
    timeouts: timeoutsOf(given.timeouts),
    retries: wholeNumber('retries', given.retries ?? 2, 0, 10),
    maxResponseBytes: wholeNumber('maxResponseBytes', given.maxResponseBytes ?? 16 * MiB, 1, 2 ** 40),
  } as const
}

/** One source, or several: a list of certificates is one. PEM text is taken too. */
export function sourcesOf(ca: TransportOptions['ca']): readonly TrustSource[] {
  return listOf(ca).map((source) =>
    typeof source === 'string' && isContent(source) ? new TextEncoder().encode(source) : source,
  )
}

function listOf(ca: TransportOptions['ca']): readonly TrustSource[] {
  if (!Array.isArray(ca)) return [ca as TrustSource]
  const isSources = ca.some(
    (each) => typeof each === 'string' || each instanceof URL || each instanceof Uint8Array,
  )
  return isSources || Array.isArray(ca[0]) ? (ca as readonly TrustSource[]) : [ca as TrustSource]
}
