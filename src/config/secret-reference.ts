/** Where a secret is. What each needs, the makers of {@link SecretReference} take. */
export type SecretSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'env'; readonly variable: string }
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly folder: string | undefined }
  | { readonly kind: 'prompt' }
  | { readonly kind: 'inline'; readonly text: string }

/**
 * Says where a secret is, and holds none: it is read by {@link readSecretReference} when it is needed. The exception is
 * one that stands in the configuration itself (`inline`), which no way of printing shows.
 *
 * @example
 * ```ts
 * import { readSecretReference, SecretReference } from 'sealkit/config'
 * const reference = SecretReference.env('MOEX_PASSWORD', 'password')
 * const password = await readSecretReference(reference, { env: { MOEX_PASSWORD: 'from somewhere' } })
 * ```
 */
export class SecretReference {
  /** What the secret is, for people: `password of profile moex-test`. */
  readonly what: string
  readonly #source: SecretSource

  private constructor(what: string, source: SecretSource) {
    this.what = what
    this.#source = source
  }

  /** The content of a file, without one line end at its end. */
  static file(path: string, what = 'secret'): SecretReference {
    return new SecretReference(what, { kind: 'file', path: text(path, 'path') })
  }

  /** The value of an environment variable. */
  static env(variable: string, what = 'secret'): SecretReference {
    return new SecretReference(what, { kind: 'env', variable: text(variable, 'variable') })
  }

  /**
   * What a program prints, without one line end at its end. No shell is involved.
   *
   * @param command the program and its arguments
   * @param folder where it runs; default: the current folder
   */
  static command(command: readonly string[], what = 'secret', folder?: string): SecretReference {
    if (!Array.isArray(command) || command.length === 0)
      throw new TypeError('command must be a list of texts')
    for (const word of command) if (typeof word !== 'string') throw new TypeError('command must be texts')
    text(command[0], 'command[0]')
    return new SecretReference(what, { kind: 'command', command: [...command], folder })
  }

  /** What the user types in. */
  static prompt(what = 'secret'): SecretReference {
    return new SecretReference(what, { kind: 'prompt' })
  }

  /** The secret itself. */
  static inline(secret: string, what = 'secret'): SecretReference {
    return new SecretReference(what, { kind: 'inline', text: text(secret, 'secret') })
  }

  /** For the room alone. */
  static sourceOf(reference: SecretReference): SecretSource {
    if (!(reference instanceof SecretReference)) throw new TypeError('reference must be a SecretReference')
    return reference.#source
  }

  /** Which way it is read. */
  get kind(): SecretSource['kind'] {
    return this.#source.kind
  }

  /** Where it is, for people. Of a command the program alone: arguments are nobody's business. */
  get place(): string {
    return placeOf(this.#source)
  }

  /** Where the secret is, never the secret. */
  toString(): string {
    return `[secret: ${this.place}]`
  }

  /** The same for JSON. */
  toJSON(): { readonly secret: string; readonly place: string } {
    return { secret: this.kind, place: this.place }
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

function placeOf(source: SecretSource): string {
  switch (source.kind) {
    case 'file':
      return `file ${source.path}`
    case 'env':
      return `environment variable ${source.variable}`
    case 'command':
      return `command ${source.command[0]}`
    case 'prompt':
      return 'asked for'
    case 'inline':
      return 'written in the configuration'
  }
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value
  throw new TypeError(`${name} must be a text that is not empty`)
}
