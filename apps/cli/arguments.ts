import { parseArgs } from 'node:util'
import { usageError } from './errors.ts'
import type { Option, OptionSet } from './options.ts'
import { didYouMean } from './suggest.ts'

/** Every command has it. */
export const HELP: Option = { name: 'help', summary: 'show this help' }

/** Names under which people try to hand over a secret. */
const SECRETS = new Set(['password', 'passwd', 'pass', 'passphrase', 'passin', 'pin'])

/** The options of one call. Asking for one that the command does not have is a fault of the command. */
export class Arguments {
  readonly #known: ReadonlyMap<string, Option>
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(known: ReadonlyMap<string, Option>, values: ReadonlyMap<string, readonly string[]>) {
    this.#known = known
    this.#values = values
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
  const types = Array.from(known.values(), ({ name, value }) => [
    name,
    { type: value === undefined ? 'boolean' : 'string', ...(name === 'help' ? { short: 'h' } : {}) },
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
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      throw usageError(`sealkit ${command.name} takes options only`, command.noArguments)
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
  const parsed = new Arguments(known, values)
  if (!parsed.has('help')) {
    for (const { name, required } of known.values()) if (required) parsed.require(name)
  }
  return parsed
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
  if (SECRETS.has(name.toLowerCase()) && known.has('password-file')) {
    const why = 'every user of the machine sees the arguments of a running program, and the shell keeps them'
    const hint = `use --password-file FILE, --password-fd N or --password-env NAME, or let sealkit ask: ${why}`
    return usageError('a password is never taken from an argument', hint)
  }
  const names = [...known.keys()]
  const meant = rawName.startsWith('--') ? didYouMean(name, names, '--') : ''
  return usageError(`there is no option ${rawName}${meant}`)
}
