import { TokenError } from '../../../src/errors.ts'
import { printable } from '../../../src/x509/printable.ts'

/** What a PIN is asked for. */
export interface PinRequest {
  /** `login` opens the token; `signature` allows one signature with a key that asks for it each time. */
  readonly purpose: 'login' | 'signature'
  /** Label of the token. */
  readonly token: string
  /** The token as a URI, for people and logs. */
  readonly tokenUri: string
  /** What the token says of the tries that are left before it locks itself. */
  readonly triesLeft: 'unknown' | 'few' | 'one'
  /** Of the call that needs the PIN. */
  readonly signal: AbortSignal | undefined
}

/** A PIN: text, or its UTF-8 bytes. */
export type PinValue = string | Uint8Array

/**
 * Where the PIN comes from. A function is asked whenever the token wants the PIN, which is then not kept; a value is
 * used for one login and forgotten, so that a token which is lost and comes back cannot be logged into again.
 */
export type Pin = PinValue | ((request: PinRequest) => PinValue | Promise<PinValue>)

/** Asks for the PIN of one key, and keeps none. */
export class PinSource {
  #source: Pin | undefined
  readonly #wasGiven: boolean

  constructor(source: Pin | undefined) {
    this.#source = source
    this.#wasGiven = source !== undefined
  }

  get isGiven(): boolean {
    return this.#wasGiven
  }

  /**
   * @returns as pkcs11js takes it
   * @throws TokenError `ERR_TOKEN_PIN_REQUIRED`, `ERR_TOKEN_PIN_UNUSABLE`; what the function throws
   */
  async ask(request: PinRequest): Promise<string> {
    const source = this.#source
    if (source === undefined) throw this.#noPin(request)
    if (typeof source !== 'function') this.#source = undefined
    return asText(typeof source === 'function' ? await source(request) : source)
  }

  #noPin({ token, purpose }: PinRequest): TokenError {
    const hint = this.#wasGiven
      ? 'a PIN that is given as a value is used once; give a function that returns it, or a pin-source'
      : 'give the PIN by a function, by pin-source in the URI, or run in a terminal'
    const name = printable(token)
    const what = purpose === 'login' ? `token "${name}"` : `key in token "${name}"`
    return new TokenError('ERR_TOKEN_PIN_REQUIRED', `the ${what} needs a PIN`, { hint })
  }

  /** No PIN is shown. */
  toJSON(): undefined {
    return undefined
  }
}

function asText(pin: PinValue): string {
  if (typeof pin !== 'string' && !(pin instanceof Uint8Array)) {
    throw new TypeError('the PIN must be a string or a Uint8Array')
  }
  const text = typeof pin === 'string' ? pin : decode(pin)
  if (text !== undefined && text !== '' && !text.includes('\0')) return text
  const hint = 'a PIN is a text without NUL characters, in UTF-8'
  throw new TokenError('ERR_TOKEN_PIN_UNUSABLE', 'what was given as PIN is empty or no text', { hint })
}

function decode(pin: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(pin)
  } catch {
    return undefined
  }
}
