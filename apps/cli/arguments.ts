import { parseArgs } from 'node:util'
import { isContent } from '../../src/credentials/input.ts'
import { usageError } from './errors.ts'
import type { Option, OptionSet } from './options.ts'
import { didYouMean } from './suggest.ts'

/** Every command has it. */
export const HELP: Option = { name: 'help', short: 'h', summary: 'show this help' }

/** Names under which people try to hand over a secret. */
const SECRETS = new Set(['password', 'passwd', 'pass', 'passphrase', 'passin', 'pin'])
const NEW_SECRETS = new Set(['out-password', 'new-password', 'passout', 'storepass', 'keypass'])

/** The options of one call. Asking for one that the command does not have is a fault of the command. */
export class Arguments {
  /** Arguments that are no options, where the command takes them: names of files. */
  readonly operands: readonly string[]
  readonly #known: ReadonlyMap<string, Option>
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(
    known: ReadonlyMap<string, Option>,
    values: ReadonlyMap<string, readonly string[]>,
    operands: readonly string[] = [],
  ) {
    this.#known = known
    this.#values = values
    this.operands = operands
  }

  /** Whether a switch or option was given. */
  has(name: string): boolean {
    return this.all(name).length > 0
  }

  /** Value of an option, where it was given. */
  get(name: string): string | undefined {
    return this.all(name)[0]
  }

  /** Value of an option that must be given. */
  require(name: string): string {
    const value = this.get(name)
    if (value === undefined) throw usageError(`--${name} is missing`)
    return value
  }

  /** All values of an option that may be given several times. */
  all(name: string): readonly string[] {
    if (!this.#known.has(name)) throw new TypeError(`no option --${name}`)
    return this.#values.get(name) ?? []
  }
}

/** The options of a command, `--help` included. */
export function optionsOf(command: Pick<OptionSet, 'groups'>): Option[] {
  return [...command.groups.flatMap(({ options }) => options), HELP]
}

/**
 * Parses what follows the command's name. Values and other arguments are never repeated in an error: a secret may
 * have been put there by mistake.
 */
export function parseArguments(command: OptionSet, args: readonly string[]): Arguments {
  const known = new Map(optionsOf(command).map((option) => [option.name, option]))
  const types = Array.from(known.values(), ({ name, value, short }) => [
    name,
    { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) },
  ])
  const options = Object.fromEntries(types) as Record<string, { type: 'boolean' | 'string' }>
  // Not strict: parseArgs would repeat a wrong argument in its message.
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = new Map<string, string[]>()
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      operands.push(checkedOperand(token.value, operands.length, command))
      continue
    }
    const option = known.get(token.name)
    if (option === undefined) throw unknownOption(token.name, token.rawName, known)
    const value = checkedValue(option, token.value, token.inlineValue === true)
    const list = values.get(option.name) ?? []
    if (list.length > 0 && option.value !== undefined && option.multiple !== true) {
      throw usageError(`--${option.name} is given twice`)
    }
    values.set(option.name, [...list, value])
  }
  const parsed = new Arguments(known, values, operands)
  if (!parsed.has('help')) {
    for (const { name, required } of known.values()) if (required) parsed.require(name)
    requireOperands(command, operands.length)
  }
  return parsed
}

/** A name of a file mostly. What a file holds is refused: it may be a key, and errors repeat names. */
function checkedOperand(value: string, before: number, { name, operands, noArguments }: OptionSet): string {
  if (operands === undefined) throw usageError(`sealkit ${name} takes options only`, noArguments)
  const { kind = 'file', max, names } = operands
  if (before >= max) {
    const count = max === 1 ? `one ${kind}` : `${max} ${kind}s`
    throw usageError(`sealkit ${name} takes ${count} at most`, noArguments)
  }
  const what = kind === 'file' ? 'the name of a file' : names[before]
  if (value === '') throw usageError(`${what} is empty`, 'is a variable of the shell not set?')
  if (!isContent(value)) return value
  throw usageError(
    kind === 'file' ? 'the name of a file is needed, not what is in it' : `${what} is content of a file`,
    'a key on the command line is seen by every user of the machine',
  )
}

function requireOperands({ name, operands }: OptionSet, count: number): void {
  if (operands === undefined || count >= operands.min) return
  throw usageError(`sealkit ${name}: ${operands.names[count] ?? 'FILE'} is missing`)
}

function checkedValue({ name, value: kind }: Option, value: string | undefined, inline: boolean): string {
  if (kind === undefined) {
    if (value !== undefined) throw usageError(`--${name} takes no value`)
    return ''
  }
  const what = typeof kind === 'string' ? kind : kind.join('|')
  if (value === undefined || value === '') throw usageError(`--${name} needs a value: --${name} ${what}`)
  // `--in --out x`: a value was forgotten. One that begins with a dash can be given as --in=-x; PEM text is none
  // that was meant as an option, and the command says more about it.
  if (!inline && value.length > 1 && value.startsWith('-') && !value.startsWith('-----BEGIN')) {
    const hint = `a value that begins with a dash is given as --${name}=VALUE`
    throw usageError(`--${name} needs a value: --${name} ${what}`, hint)
  }
  if (typeof kind !== 'string' && !kind.includes(value)) {
    throw usageError(`--${name} must be one of ${kind.join(', ')}${didYouMean(value, kind)}`)
  }
  return value
}

function unknownOption(name: string, rawName: string, known: ReadonlyMap<string, Option>): Error {
  const prefix = passwordPrefix(name.toLowerCase(), known)
  if (prefix !== undefined) {
    const fd = known.has(`${prefix}-fd`) ? ` --${prefix}-fd N` : ''
    const why = 'every user of the machine sees the arguments of a running program, and the shell keeps them'
    const hint = `use --${prefix}-file FILE,${fd} or --${prefix}-env NAME, or let sealkit ask: ${why}`
    return usageError('a password is never taken from an argument', hint)
  }
  if (known.has(`${name}-file`)) {
    const hint = `use --${name}-file FILE or --${name}-env NAME: every user of the machine sees arguments`
    return usageError(`--${name}: a secret is never taken from an argument`, hint)
  }
  // What looks like no name may be a key that was pasted.
  if (!/^--?[\w-]{1,40}$/.test(rawName)) {
    return usageError('an argument begins with a dash and is no option', 'name such a file as ./-FILE')
  }
  const names = [...known.keys()]
  const meant = rawName.startsWith('--') ? didYouMean(name, names, '--') : ''
  return usageError(`there is no option ${rawName}${meant}`)
}

/** Beginning of the options that take such a secret; undefined where the name is none of one. */
function passwordPrefix(name: string, known: ReadonlyMap<string, Option>): string | undefined {
  const made = known.has('out-password-file')
  if (NEW_SECRETS.has(name) && made) return 'out-password'
  if (!SECRETS.has(name)) return undefined
  return known.has('password-file') ? 'password' : made ? 'out-password' : undefined
}
