import { numberOf } from '../clients/settings.ts'
import type { Facts } from './facts.ts'
import { known } from './step.ts'

/** Nobody waits longer for one step of a connection. */
const LONGEST = 10_000

/** The time limits of connections, in milliseconds: the profile's, where they are shorter than the usual ones. */
export function timeoutsOf(facts: Facts): { connect: number; proxy: number; tls: number } {
  const seconds = numberOf(known(facts.profile, 'the profile'), 'timeout')
  const limit = Math.min(LONGEST, seconds === undefined ? LONGEST : seconds * 1000)
  return { connect: limit, proxy: limit, tls: limit }
}
