import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CliError, systemReason } from './errors.ts'

export interface OutFileOptions {
  /** Replaces a file that is there. */
  readonly force: boolean
  /** Permissions of a new file, before the umask. Default 0666. */
  readonly mode?: number
}

/**
 * Checks early, before work is done or a password is asked for, that a file may be written.
 *
 * @throws CliError `ERR_CLI_OUTPUT_EXISTS`, `ERR_CLI_OUTPUT`
 */
export function checkOutFile(path: string, { force }: OutFileOptions): void {
  const stats = fs.statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory()) throw new CliError('ERR_CLI_OUTPUT', `cannot write ${path}: it is a directory`)
  if (stats?.isFile() && !force) throw exists(path)
  const folder = dirname(path)
  if (stats === undefined && !fs.existsSync(folder)) {
    throw new CliError('ERR_CLI_OUTPUT', `cannot write ${path}: there is no folder ${folder}`)
  }
}

/**
 * Writes a file whole or not at all: aside first, then in place under its name. What is there stays, unless
 * `force` is given. Synchronous: nothing can come between.
 */
export function writeOutFile(path: string, data: Uint8Array | string, options: OutFileOptions): void {
  checkOutFile(path, options)
  try {
    const stats = fs.statSync(path, { throwIfNoEntry: false })
    // A device or a pipe (/dev/stdout, >(command)) is written to, not replaced.
    if (stats !== undefined && !stats.isFile()) fs.writeFileSync(path, data)
    else writeAside(stats === undefined ? path : fs.realpathSync(path), data, options, stats?.mode)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exists(path)
    throw new CliError('ERR_CLI_OUTPUT', `cannot write ${path}: ${systemReason(cause)}`, { cause })
  }
}

function writeAside(
  path: string,
  data: Uint8Array | string,
  { force, mode = 0o666 }: OutFileOptions,
  oldMode: number | undefined,
): void {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  const fd = fs.openSync(draft, 'wx', mode)
  try {
    fs.writeFileSync(fd, data)
    if (oldMode !== undefined) fs.fchmodSync(fd, oldMode & 0o777)
    fs.fsyncSync(fd)
    if (force) fs.renameSync(draft, path)
    else linkNew(draft, path, data, mode)
  } finally {
    fs.closeSync(fd)
    fs.rmSync(draft, { force: true })
  }
}

/** A link, unlike a rename, replaces nothing. Where there are no links the file is made at its place. */
function linkNew(draft: string, path: string, data: Uint8Array | string, mode: number): void {
  try {
    fs.linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    fs.writeFileSync(path, data, { flag: 'wx', mode })
  }
}

function exists(path: string): CliError {
  return new CliError('ERR_CLI_OUTPUT_EXISTS', `${path} exists`, { hint: 'replace it with --force' })
}
