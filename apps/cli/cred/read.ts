import { type Credentials, readCredentialFile, readCredentials } from '../../../src/credentials/index.ts'
import { CredentialError } from '../../../src/errors.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { type CliError, inputError, usageError } from '../errors.ts'
import { openFile, readAll } from '../files.ts'
import { passwordSource } from '../secrets.ts'
import { isTokenUri } from '../token-options.ts'

/** What is larger holds no keys. */
const MAX_BYTES = 1024 * 1024

/** A file that was read; the keys in it are disposed of with {@link disposeOf}. */
export interface ReadFile {
  readonly path: string
  readonly credentials: Credentials
}

/** What a file holds, byte for byte. */
export interface FileBytes {
  readonly bytes: Uint8Array
  /** Sentences that count where the file holds a private key that is not encrypted. */
  readonly warnings: readonly string[]
}

/** The bytes of a file, or of standard input. */
export async function bytesOf(path: string, { signal }: Context): Promise<FileBytes> {
  if (isTokenUri(path)) throw notAFile()
  if (path !== '-') return await readCredentialFile(path, { signal, secret: true })
  const bytes = await readAll(await openFile('-', signal), MAX_BYTES).catch((error: unknown) => {
    throw inputError('the file', '-', error)
  })
  if (bytes.length > 0) return { bytes, warnings: [] }
  throw new CredentialError('ERR_CREDENTIAL_FORMAT', 'standard input is empty', {
    hint: 'what was to be piped in may have failed',
  })
}

function notAFile(): CliError {
  const hint =
    'sealkit sign, cred csr and cred match use it where it is; sealkit pkcs11 objects lists what is there'
  return usageError(
    'a pkcs11: URI names a key in a token, which cannot be read out; a file is needed here',
    hint,
  )
}

/**
 * Reads keys and certificates of a file in any form; notes go to standard error.
 *
 * @throws errors that name the file, with the options that help
 */
export async function readFile(
  path: string,
  args: Arguments,
  context: Context,
  given?: FileBytes,
): Promise<ReadFile> {
  const name = nameOf(path)
  const { bytes, warnings } = given ?? (await bytesOf(path, context))
  const password = passwordSource(args, context, { what: name, stdinTaken: path === '-' })
  const credentials = await naming(path, () =>
    readCredentials(bytes, {
      password,
      allowMissingMac: args.has('allow-missing-mac'),
      limits: limitsOf(args),
    }),
  )
  const open = credentials.protection.plainKeys ? warnings : []
  for (const note of open) context.output.say(`note: ${note}`, 'yellow')
  for (const note of credentials.notes) context.output.say(`note: ${name}: ${note}`, 'yellow')
  return { path, credentials }
}

/** Reads several files; standard input can be one of them. */
export async function readFiles(
  paths: readonly string[],
  args: Arguments,
  context: Context,
): Promise<ReadFile[]> {
  if (paths.filter((path) => path === '-').length > 1) throw usageError('standard input can be one file only')
  const files: ReadFile[] = []
  for (const path of paths) files.push(await readFile(path, args, context))
  return files
}

/** Overwrites the keys. */
export function disposeOf(files: readonly ReadFile[]): void {
  for (const { credentials } of files) for (const { key } of credentials.keys) key[Symbol.dispose]()
}

/** How a file is called in messages. */
export function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path
}

/** Runs something about a file: errors name the file, and their hints the options of the command line. */
export async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    const { code, message } = cause
    const hint = HINTS.get(code)?.(path, cause) ?? cause.hint
    throw new CredentialError(code, `${nameOf(path)}: ${message}`, { cause, hint })
  }
}

const HINTS: ReadonlyMap<string, (path: string, cause: CredentialError) => string> = new Map([
  [
    'ERR_CREDENTIAL_MAC_MISSING',
    () => '--allow-missing-mac takes the file all the same: do so only where you know where it is from',
  ],
  [
    'ERR_CREDENTIAL_AMBIGUOUS',
    (path: string) => `choose one: --choose N; sealkit cred inspect ${path} shows their numbers`,
  ],
  [
    'ERR_CREDENTIAL_LIMIT',
    (_path: string, { hint }: CredentialError) => `it may have been made to do harm; ${wayOut(hint)}`,
  ],
])

/** Only the limits on iterations have an option of their own. */
function wayOut(hint: string | undefined): string {
  const [, limit] = /limits\.(\w+)$/.exec(hint ?? '') ?? []
  if (limit?.endsWith('Iterations')) return '--max-iterations N raises the limit on iterations'
  if (limit === undefined) return 'no option takes it'
  return `no option raises this limit; in a program, limits.${limit} of the library does`
}

/** @throws CliError where the number is none */
export function limitsOf(args: Arguments): { maxIterations?: number; maxTotalIterations?: number } {
  const given = args.get('max-iterations')
  if (given === undefined) return {}
  const count = wholeNumber('max-iterations', given, 1, 1_000_000_000)
  return { maxIterations: count, maxTotalIterations: Math.max(count, 10_000_000) }
}

/** A number of an option. */
export function wholeNumber(name: string, given: string, min: number, max: number): number {
  const number = /^\d{1,12}$/.test(given) ? Number(given) : Number.NaN
  if (number >= min && number <= max) return number
  throw usageError(`--${name} must be a whole number from ${min} to ${max}`)
}
