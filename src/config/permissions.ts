import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What is asked of a file or folder. */
interface Status {
  readonly mode: number
  readonly uid: number
}

/** A file that was opened. */
interface OpenedFile extends Status {
  readonly path: string
  /** Not a pipe or the like, which lies in no folder. */
  readonly isFile: boolean
}

/** Whether others than its owner may read it; never on Windows, where the folder decides. */
export function readableByOthers({ mode }: Status): boolean {
  return process.platform !== 'win32' && (mode & 0o077) !== 0
}

/**
 * Who else could change what a file says: its owner where that is neither this user nor root, whoever may write to it,
 * or to a folder above it.
 *
 * @returns a sentence's end, `can be written by others (mode 0666)`; undefined where nobody can
 */
export async function whoElseWrites(file: OpenedFile): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined
  const own = problemOf(file)
  if (own !== undefined || !file.isFile) return own
  // Where a link lies counts as much as where it leads to.
  for (const path of new Set([file.path, await realpath(file.path)])) {
    const problem = await problemAbove(path)
    if (problem !== undefined) return problem
  }
  return undefined
}

async function problemAbove(path: string): Promise<string | undefined> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { uid, mode } = await stat(folder)
    // With the sticky bit (/tmp) nobody replaces what is another's.
    const problem = problemOf({ uid, mode: (mode & 0o1000) === 0 ? mode : 0 })
    if (problem !== undefined) return `lies in ${folder}, which ${problem}`
    if (folder === dirname(folder)) return undefined
  }
}

function problemOf({ mode, uid }: Status): string | undefined {
  if (uid !== 0 && uid !== process.getuid?.()) return 'belongs to another user'
  if ((mode & 0o022) === 0) return undefined
  return `can be written by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`
}
