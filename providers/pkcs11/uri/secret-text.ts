import { inspect } from 'node:util'

/** A text that is not shown: by no printing, no JSON, no spreading. */
export class SecretText {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. */
  reveal(): string {
    return this.#text
  }
  /** Not the text. */
  toString(): string {
    return '[not shown]'
  }
  /** Not the text. */
  toJSON(): string {
    return '[not shown]'
  }
  /** @internal */
  [inspect.custom](): string {
    return '[not shown]'
  }
}
