import { constants, lstatSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { newDraftPath } from './draft-name.ts'
import { MAX_ENTRY_BYTES } from './entry.ts'
import { checkOwner, hasModes, isCode, refused, storeError } from './folder.ts'

/**
 * Reads a file that nobody but its owner, us, may read or write. Its name is not followed where it is a link.
 *
 * @returns undefined where there is none
 * @throws AuthError `ERR_AUTH_STORE`
 */
export async function readPrivateFile(path: string): Promise<Uint8Array | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path, READ_NO_LINK)
    const stats = await file.stat()
    if (!stats.isFile()) throw refused(`${path} is no regular file`, LOOK)
    checkOwner(path, stats.uid)
    if (hasModes() && (stats.mode & 0o077) !== 0) {
      throw refused(`others may read or write ${path}`, `if you trust what it holds: chmod 600 ${path}`)
    }
    // The byte above the limit tells that it is passed.
    return await buffer(file.createReadStream({ end: MAX_ENTRY_BYTES, autoClose: false }))
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined
    throw storeError(`cannot read ${path}`, cause)
  } finally {
    await file?.close()
  }
}

/** Without waiting for the other end of a named pipe. Windows has neither, and few links. */
export const READ_NO_LINK = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Writes a file whole or not at all: under another name first, on the disk, then in place.
 *
 * @throws AuthError `ERR_AUTH_STORE`, also where something lies there that is no file: it is not replaced
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const draft = newDraftPath(dirname(path))
  try {
    checkPlace(path)
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {})
    throw storeError(`cannot write ${path}`, cause)
  }
}

function checkPlace(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined || stats.isFile()) return
  const what = stats.isSymbolicLink() ? 'a symbolic link' : 'no regular file'
  throw refused(`${path} is ${what}`, LOOK)
}

/** The way out where something lies in a file's place. */
export const LOOK = 'look what it is, and remove it'
