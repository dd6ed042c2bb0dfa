import type { FileHandle } from 'node:fs/promises'
import { concatBytes } from '../asn1/index.ts'
import { CredentialError, type CredentialErrorCode } from '../errors.ts'
import { overLimit } from './errors.ts'
import { isContent } from './input.ts'
import { type CredentialLimits, withDefaults } from './limits.ts'
import { builtin } from './write-aside.ts'

/** Options of {@link readCredentialFile}. */
export interface ReadCredentialFileOptions {
  /** Only `maxBytes` counts. */
  limits?: CredentialLimits | undefined
  /** The file holds a secret: say so where others than its owner may read it. Default false. */
  secret?: boolean | undefined
  /** Ends the reading with its reason. */
  signal?: AbortSignal | undefined
}

/** A file's bytes. */
export interface CredentialFile {
  readonly bytes: Uint8Array
  /** Sentences for the user: the file can be read by others. */
  readonly warnings: readonly string[]
}

/**
 * Reads a key or certificate file, or a pipe. All that is said about the file is asked of the open file, so that
 * it cannot be changed for another in between.
 *
 * @param path name of the file, or a `file:` URL
 * @throws CredentialError `ERR_CREDENTIAL_NOT_FOUND`; `ERR_CREDENTIAL_UNREADABLE` for a directory or without
 *   permission; `ERR_CREDENTIAL_FORMAT` where it is empty; `ERR_CREDENTIAL_LIMIT` above `maxBytes`
 * @throws TypeError where the content is given in place of the name
 * @example
 * ```ts
 * import { readCredentialFile, readPrivateKey } from 'sealkit/credentials'
 * const { bytes, warnings } = await readCredentialFile('key.pem', { secret: true })
 * for (const warning of warnings) console.error(warning)
 * const key = await readPrivateKey(bytes)
 * ```
 */
export async function readCredentialFile(
  path: string | URL,
  options: ReadCredentialFileOptions = {},
): Promise<CredentialFile> {
  const { maxBytes } = withDefaults(options.limits)
  options.signal?.throwIfAborted()
  const name = typeof path === 'string' ? path : path.pathname
  // An error repeats the name: the key itself, given in its place, must not get there.
  if (isContent(name)) throw new TypeError('path must be the name of a file, not what is in it')
  const file = await opened(path, name)
  try {
    const status = await file.stat()
    if (status.isDirectory()) throw directory(name)
    const bytes = await contents(file, name, maxBytes, options.signal)
    if (bytes.length === 0) {
      const hint = 'the file may not have been written to its end: copy it again from where it came'
      throw new CredentialError('ERR_CREDENTIAL_FORMAT', `${name} is empty`, { hint })
    }
    const open =
      options.secret === true &&
      status.isFile() &&
      globalThis.process.platform !== 'win32' &&
      (status.mode & 0o077) !== 0
    const mode = (status.mode & 0o777).toString(8).padStart(4, '0')
    const warning = `${name} holds a private key and can be read by others (mode ${mode}): chmod 600 ${name}`
    return { bytes, warnings: open ? [warning] : [] }
  } finally {
    await file.close()
  }
}

async function opened(path: string | URL, name: string): Promise<FileHandle> {
  try {
    return await builtin<typeof import('node:fs/promises')>('node:fs/promises').open(path, 'r')
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

/** What the system says of a file; misuse (a URL of another kind, a NUL in a name) stays what it is. */
function unreadable(name: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof TypeError) return cause
  const system = (cause as NodeJS.ErrnoException).code ?? cause.name
  const [code, message, hint] = FAILURES.get(system) ?? [
    'ERR_CREDENTIAL_UNREADABLE' as const,
    `it cannot be read (${system})`,
    undefined,
  ]
  return new CredentialError(code, `${name}: ${message}`, { hint, cause })
}

const MISSING = 'check the name; a relative one starts in the folder the program was started in'
const FAILURES: ReadonlyMap<string, readonly [CredentialErrorCode, string, string]> = new Map([
  ['ENOENT', ['ERR_CREDENTIAL_NOT_FOUND', 'there is no such file', MISSING]],
  ['ENOTDIR', ['ERR_CREDENTIAL_NOT_FOUND', 'there is no such file', MISSING]],
  ['ENAMETOOLONG', ['ERR_CREDENTIAL_NOT_FOUND', 'there is no such file', MISSING]],
  [
    'EACCES',
    [
      'ERR_CREDENTIAL_UNREADABLE',
      'no permission to read it',
      'ls -l shows who may read it; run as that user',
    ],
  ],
  [
    'EPERM',
    [
      'ERR_CREDENTIAL_UNREADABLE',
      'no permission to read it',
      'ls -l shows who may read it; run as that user',
    ],
  ],
  ['EISDIR', ['ERR_CREDENTIAL_UNREADABLE', 'it is a directory', 'name the file in it']],
  ['ELOOP', ['ERR_CREDENTIAL_UNREADABLE', 'its links lead in a circle', 'name the file itself']],
  ['ENXIO', ['ERR_CREDENTIAL_UNREADABLE', 'it is a socket or device', 'name a file']],
])

function directory(name: string): CredentialError {
  return new CredentialError('ERR_CREDENTIAL_UNREADABLE', `${name}: it is a directory`, {
    hint: 'name the file in it',
  })
}

/** Everything to the end, which for a pipe is known only when it comes. */
async function contents(
  file: FileHandle,
  name: string,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      signal?.throwIfAborted()
      const chunk = new Uint8Array(64 * 1024)
      const bytesRead = await readInto(file, chunk, name)
      if (bytesRead === 0) break
      chunks.push(chunk.subarray(0, bytesRead))
      length += bytesRead
      if (length > maxBytes) throw overLimit(`${name}: more than ${maxBytes} bytes`, 'maxBytes')
    }
    return concatBytes(chunks)
  } finally {
    for (const chunk of chunks) chunk.fill(0)
  }
}

async function readInto(file: FileHandle, chunk: Uint8Array, name: string): Promise<number> {
  try {
    return (await file.read(chunk)).bytesRead
  } catch (cause) {
    throw unreadable(name, cause)
  }
}
