import { open } from 'node:fs/promises'
import { ConfigError } from '../errors.ts'
import { matches, PATTERNS } from './patterns.ts'
import { readableByOthers } from './permissions.ts'
import { runCommand } from './run-command.ts'
import { SecretReference, type SecretSource } from './secret-reference.ts'

/** What {@link readSecretReference} works with. */
export interface SecretWays {
  /** Asks the user; gets what is asked for, as `password of profile moex-test`. */
  prompt?: ((what: string) => Promise<string>) | undefined
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv | undefined
  /** Ends the reading with its reason. */
  signal?: AbortSignal | undefined
  /** How long a command may take, in milliseconds. Default 60,000: it may ask its user something. */
  timeout?: number | undefined
  /** Gets sentences for the user: a file that others can read, a command that complained. */
  onWarning?: ((warning: string) => void) | undefined
}

/** No secret is as long; another file was named by mistake. */
const MAX_BYTES = 64 * 1024
const COMMAND_TIMEOUT = 60_000

/**
 * Reads a secret from where it is, now: nothing is kept. Of a file and of what a command prints, one line end at the end
 * is left out. A command runs without a shell; what it says on standard error is not shown, nor in errors.
 *
 * @throws ConfigError `ERR_CONFIG_SECRET` for one that cannot be had, is empty, or has several lines; the signal's
 *   reason; what `prompt` throws
 * @throws TypeError for what is no reference
 * @example
 * ```ts
 * import { readSecretReference, SecretReference } from 'sealkit/config'
 * const reference = SecretReference.command(['printf', '%s', 'correct horse'], 'password')
 * const password = await readSecretReference(reference, { onWarning: console.error })
 * ```
 */
export async function readSecretReference(
  reference: SecretReference,
  ways: SecretWays = {},
): Promise<string> {
  const source = SecretReference.sourceOf(reference)
  ways.signal?.throwIfAborted()
  const fault = (message: string, hint: string): ConfigError =>
    new ConfigError('ERR_CONFIG_SECRET', `${reference.what}: ${message}`, { hint })
  const secret = await read(source, reference, ways, fault)
  if (secret === '')
    throw fault(`${reference.place}: it is empty`, 'nobody has an empty secret: put it there')
  // Also a NUL or an escape: another file was named, or more was printed than the secret.
  if (!matches(PATTERNS.text, secret)) {
    const hint = 'the secret alone must stand there, in one line'
    throw fault(`${reference.place}: it has several lines, or control characters`, hint)
  }
  return secret
}

type MakeFault = (message: string, hint: string) => ConfigError

async function read(
  source: SecretSource,
  reference: SecretReference,
  ways: SecretWays,
  fault: MakeFault,
): Promise<string> {
  switch (source.kind) {
    case 'inline':
      return source.text
    case 'env': {
      const value = (ways.env ?? process.env)[source.variable]
      if (value) return value
      throw fault(`the environment variable ${source.variable} is not set`, 'set it for the program')
    }
    case 'prompt': {
      if (ways.prompt !== undefined) return await ways.prompt(reference.what)
      throw fault('it must be asked for, and there is nobody to ask', 'name a file, a variable or a command')
    }
    case 'file':
      return decode(await readFile(source.path, reference, ways, fault), reference, fault)
    case 'command':
      return decode(await runFor(source, reference, ways, fault), reference, fault)
  }
}

async function readFile(
  path: string,
  reference: SecretReference,
  { signal, onWarning }: SecretWays,
  fault: MakeFault,
): Promise<Uint8Array> {
  try {
    await using file = await open(path, 'r')
    const status = await file.stat()
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of file.createReadStream({ autoClose: false, end: MAX_BYTES, signal })) {
      chunks.push(chunk as Buffer)
      length += (chunk as Buffer).length
    }
    if (length > MAX_BYTES) throw fault(`${reference.place} holds more than a secret`, 'name the right file')
    if (status.isFile() && readableByOthers(status)) {
      onWarning?.(`${reference.what}: ${path} can be read by others: chmod 600 ${path}`)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof ConfigError) throw error
    const { code = '' } = error as NodeJS.ErrnoException
    throw fault(
      `cannot read ${reference.place}: ${REASONS[code] ?? code}`,
      'put the secret there, or name another file',
    )
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a folder',
}

async function runFor(
  { command, folder }: Extract<SecretSource, { kind: 'command' }>,
  { place }: SecretReference,
  { env = process.env, signal, timeout = COMMAND_TIMEOUT, onWarning }: SecretWays,
  fault: MakeFault,
): Promise<Uint8Array> {
  const result = await runCommand(command, { folder, env, signal, timeout, maxBytes: MAX_BYTES })
  if (result.kind === 'not-started') {
    throw fault(`${place} cannot be run: ${result.reason}`, 'name a program that is there, by its whole path')
  }
  const complained = result.said ? ', and said something on standard error, which is not shown' : ''
  if (result.kind !== 'ended') {
    const what =
      result.kind === 'too-long' ? `ran longer than ${timeout / 1000} s` : 'printed more than a secret'
    throw fault(`${place} ${what}${complained}`, 'run it yourself to see why')
  }
  if (result.code !== 0) {
    const how = result.code === null ? 'was ended by a signal' : `ended with exit code ${result.code}`
    throw fault(`${place} ${how}${complained}`, 'run it yourself to see why')
  }
  if (result.said) onWarning?.(`${place} said something on standard error, which is not shown`)
  return result.stdout
}

/** UTF-8, or UTF-16 as Windows' editors write it. */
function decode(bytes: Uint8Array, { place }: SecretReference, fault: MakeFault): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    throw fault(`${place}: it is no text in UTF-8`, 'save it as UTF-8')
  } finally {
    bytes.fill(0)
  }
}
