import { stat } from 'node:fs/promises'
import type { Arguments } from './arguments.ts'
import type { Context } from './command.ts'
import { CliError, systemReason, usageError } from './errors.ts'
import { openFile, readAll, streamOf } from './files.ts'
import type { Option, OptionGroup } from './options.ts'
import { promptHidden } from './prompt.ts'

/** How a password comes in. Never as an argument: those are seen by every user of the machine. */
export const PASSWORD_OPTIONS: OptionGroup = {
  title: 'Password of the key (asked for on the terminal where none of these is given)',
  options: waysOf('password'),
}

/** The same for the password of what is made. */
export const OUT_PASSWORD_OPTIONS: OptionGroup = {
  title: 'Password of what is made (asked for twice where none of these is given)',
  options: waysOf('out-password'),
}

/** The ways a secret comes in. */
export function waysOf(prefix: PasswordPrefix): Option[] {
  return [
    { name: `${prefix}-file`, value: 'FILE', summary: 'its content; one line end at the end is left out' },
    { name: `${prefix}-fd`, value: 'N', summary: 'read it from the open file descriptor N' },
    { name: `${prefix}-env`, value: 'NAME', summary: 'take it from the environment variable NAME' },
  ]
}

/** Of the options' names. */
type PasswordPrefix = 'password' | 'out-password' | 'pin'

/** What to do where no password was given. */
export function ways(prefix: PasswordPrefix): string {
  return `give it by --${prefix}-file FILE, --${prefix}-fd N or --${prefix}-env NAME, or run in a terminal`
}

/** No password is as long; another file was named by mistake. */
const MAX_BYTES = 64 * 1024

/** Gives the password; called only when it is needed. Bytes where it is in no known encoding. */
export type PasswordSource = () => Promise<string | Uint8Array>

/**
 * Finds out from the options where the password comes from.
 *
 * @param what it opens, for the prompt
 * @param stdinTaken whether stdin holds something else
 * @throws CliError `ERR_CLI_USAGE`; the source itself throws `ERR_CLI_PASSWORD`
 */
export function passwordSource(
  args: Arguments,
  context: Context,
  { what, stdinTaken }: { what: string; stdinTaken: boolean },
): PasswordSource {
  const given = givenPassword(args, context, 'password', stdinTaken)
  if (given !== undefined) return given
  return async () => {
    const password = await promptHidden(`Password for ${what}`, context.signal)
    if (password === undefined) throw passwordError(`a password for ${what} is needed`, ways('password'))
    return password
  }
}

/**
 * The password that the options give; undefined where they give none. However many files it is for, it is read once:
 * a descriptor gives it once only.
 */
export function givenPassword(
  args: Arguments,
  context: Context,
  prefix: PasswordPrefix,
  stdinTaken: boolean,
): PasswordSource | undefined {
  const source = sourceOf(args, context, prefix, stdinTaken)
  if (source === undefined) return undefined
  return () => {
    const known = givenOnce.get(args) ?? new Map<PasswordPrefix, ReturnType<PasswordSource>>()
    givenOnce.set(args, known)
    const password = known.get(prefix) ?? source()
    known.set(prefix, password)
    return password
  }
}

const givenOnce = new WeakMap<Arguments, Map<PasswordPrefix, ReturnType<PasswordSource>>>()

function sourceOf(
  args: Arguments,
  { output, signal }: Context,
  prefix: PasswordPrefix,
  stdinTaken: boolean,
): PasswordSource | undefined {
  const given = waysOf(prefix)
    .filter(({ name }) => args.has(name))
    .map(({ name }) => `--${name}`)
  if (given.length > 1) throw usageError(`${given.join(' and ')} exclude each other`)
  const file = args.get(`${prefix}-file`)
  if (file !== undefined) {
    return async () => {
      await warnIfReadable(file, output.say)
      return await readPassword('the password file', () => openFile(file, signal))
    }
  }
  const fd = args.get(`${prefix}-fd`)
  if (fd !== undefined) {
    const number = /^\d{1,6}$/.test(fd) ? Number(fd) : -1
    if (number < 0 || number === 1 || number === 2) {
      throw usageError(`--${prefix}-fd must be the number of a descriptor open for reading, 3 or more, or 0`)
    }
    if (number === 0 && stdinTaken) throw usageError(`--${prefix}-fd 0: standard input holds the content`)
    const hint = number === 0 ? undefined : `open it for the program: ${number}< FILE`
    return () => readPassword(`descriptor ${number}`, async () => streamOf(number, signal), hint)
  }
  const name = args.get(`${prefix}-env`)
  return name === undefined ? undefined : async () => fromEnvironment(name, prefix)
}

/** The name is not repeated: it may be the password, put there by mistake. */
function fromEnvironment(name: string, prefix: PasswordPrefix): string {
  const value = process.env[name]
  if (value === undefined) throw passwordError(`the environment variable named by --${prefix}-env is not set`)
  return value
}

async function readPassword(
  what: string,
  open: () => Promise<AsyncIterable<Uint8Array>>,
  hint?: string,
): Promise<string | Uint8Array> {
  try {
    return decode(await readAll(await open(), MAX_BYTES))
  } catch (error) {
    if (error instanceof RangeError) throw passwordError(`${what} holds more than a password`)
    throw passwordError(`cannot read ${what}: ${systemReason(error)}`, hint, error)
  }
}

/** UTF-8, UTF-16 as Windows' editors write it, or else the bytes themselves; without one line end at the end. */
function decode(bytes: Uint8Array): string | Uint8Array {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    const end = bytes.at(-1) !== 0x0a ? 0 : bytes.at(-2) === 0x0d ? 2 : 1
    return bytes.subarray(0, bytes.length - end)
  }
}

async function warnIfReadable(file: string, say: (text: string) => void): Promise<void> {
  if (process.platform === 'win32') return
  const stats = await stat(file).catch(() => undefined)
  if (stats?.isFile() && (stats.mode & 0o077) !== 0) {
    say('note: other users may read the password file; chmod 600 keeps them out')
  }
}

/** A password that cannot be had. */
export function passwordError(message: string, hint?: string, cause?: unknown): CliError {
  return new CliError('ERR_CLI_PASSWORD', message, { hint, cause })
}
