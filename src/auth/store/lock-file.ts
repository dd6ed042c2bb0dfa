import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { storeError } from './folder.ts'
import { hasEnded, newOwner } from './lock-owner.ts'
import {
  type Draft,
  dropDraft,
  type LockRecord,
  lookAt,
  makeDraft,
  placeDraft,
  timeThere,
  touch,
} from './lock-record.ts'
import { removeRecord } from './remove-record.ts'

/** How a lock is waited for and held. */
export interface LockFileOptions {
  /** Milliseconds without a sign of life after which a holder counts as gone. */
  readonly lease: number
  /** Ends the waiting with its reason. */
  readonly signal: AbortSignal
}

/** A lock that is ours. */
export interface HeldLock {
  /** @throws AuthError `ERR_AUTH_STORE` where the file cannot be removed */
  release(): void
}

/** How many signs of life fall on a lease, and the longest time between two, in milliseconds. */
const BEATS = 5
const LONGEST_BEAT = 5000
/** Milliseconds between two looks at a lock that somebody holds: at first, and at most. */
const FIRST_PAUSE = 5
const LONGEST_PAUSE = 200

/**
 * Waits until the lock file can be made, and makes it.
 *
 * @throws the reason of `signal`; AuthError `ERR_AUTH_STORE` where files cannot be made there
 */
export async function acquireLock(path: string, options: LockFileOptions): Promise<HeldLock> {
  let draft: Draft | undefined
  let fd: number | undefined
  try {
    draft = makeDraft(dirname(path), newOwner())
    fd = await placeWhenFree(draft, path, options)
    return hold(path, fd, draft, options.lease)
  } catch (cause) {
    options.signal.throwIfAborted()
    throw storeError(`cannot lock ${path}`, cause)
  } finally {
    if (draft !== undefined) dropDraft(draft, fd)
  }
}

async function placeWhenFree(
  draft: Draft,
  path: string,
  { lease, signal }: LockFileOptions,
): Promise<number> {
  const isStale = staleWatch(draft, lease)
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    signal.throwIfAborted()
    const fd = placeDraft(draft, path)
    if (fd !== undefined) return fd
    const found = lookAt(path)
    const isGone = found !== undefined && isStale(found) && removeRecord(path, found.instance, lease)
    // Those who wait do not come at the same time again and again.
    if (!isGone) await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal })
  }
}

/**
 * Says whether the holder of the lock is gone: its process has ended, or it has given no sign of life for a lease.
 * A file's age alone does not tell: after a machine slept, all are old. So the file must also have stayed as it is
 * while we watched, as long as two signs take; and what watches does so by its own clock, and by that of the file
 * system, not by the holder's.
 */
function staleWatch(draft: Draft, lease: number): (found: LockRecord) => boolean {
  let seen = ''
  let since = 0
  return (found) => {
    if (found.owner !== undefined && hasEnded(found.owner)) return true
    const state = `${found.instance} ${found.touched}`
    if (state !== seen) [seen, since] = [state, performance.now()]
    const watched = performance.now() - since
    if (watched < 2 * beatOf(lease)) return false
    return watched > lease || timeThere(draft) - found.touched > lease
  }
}

/** Gives signs of life until the lock is released. They go to the file itself, whatever its name has come to mean. */
function hold(path: string, fd: number, { owner, length }: Draft, lease: number): HeldLock {
  const beat = setInterval(() => {
    try {
      touch(fd, length)
    } catch {
      // The next one may succeed. If none does, the lease ends.
    }
  }, beatOf(lease))
  beat.unref()
  return {
    release() {
      clearInterval(beat)
      fs.closeSync(fd)
      try {
        release(path, owner.nonce, lease)
      } catch (cause) {
        throw storeError(`cannot remove the lock ${path}`, cause)
      }
    },
  }
}

/** Removes our own file. Who took us for gone may be at it too; what is there after him is not ours to remove. */
function release(path: string, nonce: string, lease: number): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (removeRecord(path, nonce, lease) || lookAt(path)?.instance !== nonce) return
  }
}

function beatOf(lease: number): number {
  return Math.min(lease / BEATS, LONGEST_BEAT)
}
