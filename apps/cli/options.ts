/** One option as data: it is parsed, checked and explained from this. */
export interface Option {
  /** Without the dashes. */
  readonly name: string
  /** The same in one letter: `v`. */
  readonly short?: string
  /** What its value is, in capitals (`FILE`), or the values it takes; a switch has none. */
  readonly value?: string | readonly string[]
  /** May be given several times. */
  readonly multiple?: true
  readonly required?: true
  /** For the help: what it does, its default. */
  readonly summary: string
}

/** Options under one heading of the help. */
export interface OptionGroup {
  readonly title: string
  readonly options: readonly Option[]
}

/** What a command takes. */
export interface OptionSet {
  /** The command's words: `sign`, `cred inspect`. */
  readonly name: string
  readonly groups: readonly OptionGroup[]
  /** Arguments that are no options, where it takes some. */
  readonly operands?: Operands
  /** What to do in place of giving an argument that is no option, or one too many. */
  readonly noArguments: string
}

/** Arguments that are no options. */
export interface Operands {
  /** What they are: names of files, or others. Default `file`. */
  readonly kind?: 'file' | 'argument'
  /** What each is, in capitals, as the usage has it. */
  readonly names: readonly string[]
  /** Fewest and most. */
  readonly min: number
  readonly max: number
}
