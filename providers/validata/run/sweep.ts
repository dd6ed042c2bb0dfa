import { lstatSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFolderName } from './folder-name.ts'
import { removeFolder } from './remove-folder.ts'

/** Beyond it a folder is left over even where its process seems to live: numbers of processes come again. */
const DAY = 24 * 60 * 60 * 1000

/**
 * Removes the private folders that earlier runs left behind because they were killed: of this user only, by their
 * name, and not those of a process that may still use them.
 *
 * @returns how many
 */
export async function sweepLeftovers(parent: string): Promise<number> {
  const names = await readdir(parent).catch(() => [])
  let count = 0
  for (const name of names) {
    const maker = readFolderName(name)
    if (maker === undefined || maker.pid === process.pid) continue
    const path = join(parent, name)
    if (isLeftOver(path, maker) && removeFolder(path)) count++
  }
  return count
}

function isLeftOver(path: string, { pid, sameRealm }: { pid: number; sameRealm: boolean }): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  // Another user may have put something there under such a name: it stays.
  if (stats === undefined || !stats.isDirectory() || stats.uid !== ownUid(stats.uid)) return false
  if (Date.now() - stats.mtimeMs > DAY) return true
  return sameRealm && !isAlive(pid)
}

/** Windows has no numbers of users; what is in the user's own folder is the user's. */
function ownUid(otherwise: number): number {
  return process.getuid?.() ?? otherwise
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
