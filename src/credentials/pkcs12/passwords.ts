import { type PasswordBytes, passwordCandidates } from '../encryption/passwords.ts'
import type { Password } from '../password.ts'
import { wipe } from '../wipe.ts'
import { misread } from './misread-passwords.ts'

/** The passwords a PKCS#12 file may have; most files have one. */
export interface Pkcs12Passwords {
  readonly password?: Password | undefined
  readonly macPassword?: Password | undefined
  readonly keyPassword?: Password | undefined
}

/** A password as it may have been meant, in the order to try. */
export interface Candidates {
  /** Nothing was given: these are the empty password and none. */
  readonly guessed: boolean
  readonly all: readonly PasswordBytes[]
}

/** Asks for passwords, each once and only when it is needed. */
export class Passwords {
  readonly #given: Pkcs12Passwords
  readonly #asked = new Map<keyof Pkcs12Passwords, Promise<Candidates>>()

  constructor(given: Pkcs12Passwords) {
    this.#given = given
  }

  has(name: keyof Pkcs12Passwords): boolean {
    return this.#given[name] !== undefined
  }

  forContents(): Promise<Candidates> {
    return this.#ask('password')
  }

  forMac(): Promise<Candidates> {
    return this.#ask(this.has('macPassword') ? 'macPassword' : 'password')
  }

  /** A key may have a password of its own, and several keys need not have the same: the file's is tried too. */
  async forKeys(): Promise<Candidates> {
    if (!this.has('keyPassword')) return await this.#ask('password')
    const own = await this.#ask('keyPassword')
    if (!this.has('password')) return own
    const common = await this.#ask('password')
    return { guessed: false, all: [...own.all, ...common.all] }
  }

  async wipe(): Promise<void> {
    for (const candidates of this.#asked.values()) {
      const { all } = await candidates.catch(() => ({ all: [] }))
      for (const { utf8, bmp } of all) wipe(utf8, bmp)
    }
  }

  #ask(name: keyof Pkcs12Passwords): Promise<Candidates> {
    const asked = this.#asked.get(name) ?? ask(this.#given[name], name)
    this.#asked.set(name, asked)
    return asked
  }
}

async function ask(password: Password | undefined, name: string): Promise<Candidates> {
  const given = typeof password === 'function' ? await password() : password
  if (given === undefined || given === null) return { guessed: true, all: passwordCandidates('') }
  if (typeof given === 'string' || given instanceof Uint8Array) {
    const meant = passwordCandidates(given)
    return { guessed: false, all: [...meant, ...meant.flatMap(misread)] }
  }
  throw new TypeError(`${name} must be a string, a Uint8Array or a function that gives one`)
}
