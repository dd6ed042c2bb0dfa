import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasEnded } from './lock-owner.ts'
import { lookAt } from './lock-record.ts'
import { GUARD, removeRecord } from './remove-record.ts'

/** Files on their way to another name: those of locks, and those of `writeAside`. */
const DRAFT = /^\.sealkit-[0-9a-f]+$/
/** Beyond it nobody can be at a draft any more: the longest waiting is shorter. */
const HOUR = 60 * 60 * 1000

/** Removes what those left who were killed while they wrote, waited or removed. What cannot be removed stays. */
export function sweep(folder: string, lease: number): void {
  for (const name of readdirSync(folder)) {
    try {
      if (DRAFT.test(name)) sweepDraft(join(folder, name))
      else if (name.endsWith(GUARD)) sweepGuard(join(folder, name), lease)
    } catch {
      // Somebody else was faster, or it is none of ours.
    }
  }
}

function sweepDraft(path: string): void {
  const owner = lookAt(path)?.owner
  const isOld = Date.now() - lstatSync(path).mtimeMs > HOUR
  if (isOld || (owner !== undefined && hasEnded(owner))) rmSync(path, { force: true })
}

function sweepGuard(path: string, lease: number): void {
  const found = lookAt(path)
  if (found?.owner !== undefined && hasEnded(found.owner)) removeRecord(path, found.instance, lease)
}
