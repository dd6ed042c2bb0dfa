import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { writeAside } from '../../src/credentials/write-aside.ts'
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
  const { force, mode = 0o666 } = options
  try {
    const stats = fs.statSync(path, { throwIfNoEntry: false })
    // A device or a pipe (/dev/stdout, >(command)) is written to, not replaced.
    if (stats !== undefined && !stats.isFile()) fs.writeFileSync(path, data)
    else {
      // A link that leads to a file stays one.
      const place = stats === undefined ? path : fs.realpathSync(path)
      writeAside(place, data, { force, mode, exactMode: stats?.mode })
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exists(path)
    throw new CliError('ERR_CLI_OUTPUT', `cannot write ${path}: ${systemReason(cause)}`, { cause })
  }
}

function exists(path: string): CliError {
  return new CliError('ERR_CLI_OUTPUT_EXISTS', `${path} exists`, { hint: 'replace it with --force' })
}
