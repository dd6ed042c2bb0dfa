import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDraftLeftOver } from './draft-name.ts'
import { hasEnded } from './lock-owner.ts'
import { lookAt } from './lock-record.ts'
import { GUARD, removeRecord } from './remove-record.ts'

/** Beyond it nobody is at such a file any more: the longest waiting for a lock is shorter. */
const HOUR = 60 * 60 * 1000

/**
 * Removes what those left who were killed while they wrote, waited for a lock or removed one. What cannot be
 * removed stays.
 */
export function sweep(folder: string, lease: number): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    try {
      const isLeftOver = isDraftLeftOver(name)
      if (isLeftOver === true || (isLeftOver === false && isOld(path))) rmSync(path, { force: true })
      else if (name.endsWith(GUARD)) sweepGuard(path, lease)
    } catch {
      // Somebody else was faster, or it is none of ours.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function sweepGuard(path: string, lease: number): void {
  const found = lookAt(path)
  if (found === undefined) return
  const isLeftOver = found.owner === undefined ? isOld(path) : hasEnded(found.owner)
  if (isLeftOver) removeRecord(path, found.instance, lease)
}

function isOld(path: string): boolean {
  return Date.now() - lstatSync(path).mtimeMs > HOUR
}
