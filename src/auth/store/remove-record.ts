import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { hasEnded, newOwner } from './lock-owner.ts'
import {
  type Draft,
  dropDraft,
  type LockRecord,
  lookAt,
  makeDraft,
  placeDraft,
  timeThere,
} from './lock-record.ts'

/** Ends the name of the right to remove a lock file. */
export const GUARD = '.guard'

/**
 * Removes the lock file at `path` if it still is `instance`: never one that came in its place.
 *
 * To look and then to remove is not enough. Of two who find the same dead lock, the second may look before and
 * remove after the first has removed it and somebody has made a new one: the new one would be gone while it is
 * held. A rename instead takes the wrong file just as well, and to put it back may come too late. So a file is
 * removed only by who has the right to remove this very instance: a guard, a file named after the instance, which is
 * made as locks are, so that one process has it at a time. Having it, one looks again; what is seen then cannot
 * change before the removal, because names are never written over and nobody else may remove it. A guard that comes
 * late, for an instance that is gone, does no harm: names of instances do not come again.
 *
 * Who is killed between the two steps leaves a guard, which is removed in the same way, by a guard of its own.
 *
 * @returns whether it was removed, by this call
 * @throws what the system says; AuthError `ERR_AUTH_STORE`
 */
export function removeRecord(path: string, instance: string, lease: number): boolean {
  const guard = join(dirname(path), `${instance}${GUARD}`)
  const draft = makeDraft(dirname(path), newOwner())
  try {
    const fd = placeDraft(draft, guard)
    if (fd === undefined) {
      const other = lookAt(guard)
      if (other !== undefined && isLeftOver(other, draft, lease)) removeRecord(guard, other.instance, lease)
      return false
    }
    if (fd !== draft.fd) fs.closeSync(fd)
    try {
      if (lookAt(path)?.instance !== instance) return false
      fs.unlinkSync(path)
      return true
    } finally {
      fs.rmSync(guard, { force: true })
    }
  } finally {
    dropDraft(draft)
  }
}

/** Guards are had for less than a millisecond: one that is as old as a lease has nobody. */
function isLeftOver({ owner, touched }: LockRecord, draft: Draft, lease: number): boolean {
  return (owner !== undefined && hasEnded(owner)) || timeThere(draft) - touched > lease
}
