import { CredentialError } from '../errors.ts'
import { isContent } from './input.ts'
import { builtin, writeAside } from './write-aside.ts'

/** Options of {@link writeCredentialFile}. */
export interface WriteCredentialFileOptions {
  /** Replaces a file that is there. Default false. */
  force?: boolean | undefined
}

/**
 * Writes a file with a key, which only its owner can read and write (mode 0600; what Windows makes of that is its
 * folder's affair). The file is there whole or not at all. What is there is not overwritten without `force`; with
 * it, a file of any permissions becomes one of 0600, and a symbolic link is replaced, not followed: a secret goes
 * nowhere but where it was asked to.
 *
 * @param path name of the file, or a `file:` URL
 * @throws CredentialError `ERR_CREDENTIAL_EXISTS`; `ERR_CREDENTIAL_UNWRITABLE` for a folder, a device, a folder that
 *   is missing, and without permission
 * @throws TypeError for wrong types, and in a browser
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { writeCredentialFile, writePem } from 'sealkit/credentials'
 * const { privateKey: key } = generateKeyPairSync('ed25519')
 * await writeCredentialFile('new-key.pem', await writePem({ keys: [{ key }] }), { force: true })
 * ```
 */
export async function writeCredentialFile(
  path: string | URL,
  data: Uint8Array | string,
  { force = false }: WriteCredentialFileOptions = {},
): Promise<void> {
  const name = path instanceof URL ? builtin<typeof import('node:url')>('node:url').fileURLToPath(path) : path
  if (typeof name !== 'string' || isContent(name)) throw new TypeError('path must be the name of a file')
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
    throw new TypeError('data must be a string or a Uint8Array')
  }
  const fs = builtin<typeof import('node:fs')>('node:fs')
  try {
    const stats = fs.lstatSync(name, { throwIfNoEntry: false })
    if (stats?.isDirectory()) throw unwritable(name, 'it is a folder')
    if (stats !== undefined && !stats.isFile() && !stats.isSymbolicLink()) {
      throw unwritable(name, 'it is no regular file')
    }
    if (stats !== undefined && !force) throw exists(name)
    writeAside(name, data, { force, mode: 0o600 })
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof CredentialError) throw cause
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') throw exists(name)
    throw unwritable(name, REASONS.get(code ?? '') ?? `the system says ${code}`, cause)
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such folder'],
  ['ENOTDIR', 'there is no such folder'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EACCES', 'no permission to write in the folder'],
  ['EPERM', 'no permission to write in the folder'],
  ['EROFS', 'it is on a read-only file system'],
  ['ENOSPC', 'there is no space left'],
])

function exists(name: string): CredentialError {
  const hint = 'choose another name, or replace it on purpose (force)'
  return new CredentialError('ERR_CREDENTIAL_EXISTS', `${name} exists`, { hint })
}

function unwritable(name: string, reason: string, cause?: unknown): CredentialError {
  return new CredentialError('ERR_CREDENTIAL_UNWRITABLE', `cannot write ${name}: ${reason}`, { cause })
}
