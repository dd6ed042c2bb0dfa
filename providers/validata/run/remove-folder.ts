import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

const ZEROS = new Uint8Array(64 * 1024)
/** What is written over of one file: a file with holes may claim to be larger than the disk. */
const MOST = 256 * 1024 * 1024

/**
 * Overwrites the files of a folder and removes it. Synchronous, since it must work while the process ends.
 * Overwriting helps where the file system writes in place; on others it does no harm.
 *
 * @returns whether it is gone: Windows keeps files that another process has open
 */
export function removeFolder(folder: string): boolean {
  wipeFiles(folder)
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
    return true
  } catch {
    return false
  }
}

function wipeFiles(folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) wipeFiles(path)
    else if (entry.isFile()) wipeFile(path)
  }
}

/** None of a folder that cannot be read: the files beside it are to be overwritten all the same. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** A link is not followed, and a file that has another name elsewhere is not ours to overwrite. */
function wipeFile(path: string): void {
  try {
    if (lstatSync(path).nlink !== 1) return
    // Windows does not know O_NOFOLLOW.
    const fd = openSync(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      let left = Math.min(fstatSync(fd).size, MOST)
      while (left > 0) left -= writeSync(fd, ZEROS, 0, Math.min(left, ZEROS.length))
    } finally {
      closeSync(fd)
    }
  } catch {
    // It is removed all the same.
  }
}
