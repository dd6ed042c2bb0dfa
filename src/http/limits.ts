import type { HttpTimeouts } from './options.ts'

const TIMEOUTS: Readonly<Required<Record<keyof HttpTimeouts, number>>> = {
  connect: 10_000,
  proxy: 10_000,
  tls: 10_000,
  headers: 30_000,
  body: 30_000,
  total: 120_000,
}

/** A timer of Node's takes no more. */
const LONGEST = 2 ** 31 - 1

/** The limits with their defaults. */
export function timeoutsOf(given: HttpTimeouts = {}): typeof TIMEOUTS {
  const all: Record<string, number> = { ...TIMEOUTS }
  for (const [name, value] of Object.entries(given)) {
    if (!(name in TIMEOUTS))
      throw new TypeError(`timeouts has no ${name}: ${Object.keys(TIMEOUTS).join(', ')}`)
    if (value !== undefined) all[name] = wholeNumber(`timeouts.${name}`, value, 1, LONGEST)
  }
  return all as typeof TIMEOUTS
}

/** @throws TypeError where it is no whole number from `least` to `most` */
export function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number
  throw new TypeError(`${name} must be a whole number from ${least} to ${most}`)
}
