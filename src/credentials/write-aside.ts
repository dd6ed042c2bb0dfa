import { toHex } from '../asn1/index.ts'

/** What of Node's file system is used here; no import, so that a browser can load this room. */
type Fs = typeof import('node:fs')
type Path = typeof import('node:path')

/** How a file is put in its place. */
export interface WriteAsideOptions {
  /** Replaces a file that is there. */
  readonly force: boolean
  /** Permissions of a new file, before the umask. */
  readonly mode: number
  /** Permissions whatever the umask: those of the file that is replaced. */
  readonly exactMode?: number | undefined
}

/**
 * Writes a file whole or not at all: under another name beside it first, then in place. What is there stays, unless
 * `force` is given; a symbolic link there is replaced, not followed. Synchronous: no other file can come to stand
 * there in between, and a program that is ended leaves no draft.
 *
 * @throws what the system says; code `EEXIST` where something is there
 */
export function writeAside(
  path: string,
  data: Uint8Array | string,
  { force, mode, exactMode }: WriteAsideOptions,
): void {
  const fs = builtin<Fs>('node:fs')
  const { dirname, join } = builtin<Path>('node:path')
  const random = toHex(globalThis.crypto.getRandomValues(new Uint8Array(6)))
  // Not from the name of the file, which may be as long as names can be.
  const draft = join(dirname(path), `.sealkit-${random}`)
  const fd = fs.openSync(draft, 'wx', mode)
  try {
    fs.writeFileSync(fd, data)
    if (exactMode !== undefined) fs.fchmodSync(fd, exactMode & 0o777)
    fs.fsyncSync(fd)
    if (force) fs.renameSync(draft, path)
    else linkNew(fs, draft, path, data, mode)
  } finally {
    fs.closeSync(fd)
    fs.rmSync(draft, { force: true })
  }
}

/** A link, unlike a rename, replaces nothing. Where there are no links the file is made at its place. */
function linkNew(fs: Fs, draft: string, path: string, data: Uint8Array | string, mode: number): void {
  try {
    fs.linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    fs.writeFileSync(path, data, { flag: 'wx', mode })
  }
}

/**
 * A module of Node's.
 *
 * @throws TypeError in a browser
 */
export function builtin<T>(name: `node:${string}`): T {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const found = process?.getBuiltinModule?.(name)
  if (found === undefined) throw new TypeError('files are written in Node only')
  return found as T
}
