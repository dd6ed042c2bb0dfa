import { Certificate } from '../../../src/x509/index.ts'
import { sameSecret } from './same-secret.ts'

/** A user of the MOEX Passport. */
export interface MoexUser {
  readonly login: string
  readonly password: string
  /** The certificates that MOEX registered to the user, RSA or GOST; text is PEM. */
  readonly certificates: readonly (Certificate | string)[]
}

/** How a login ended. */
export type LoginResult = 'granted' | 'wrong-password' | 'locked'

interface Account {
  readonly password: string
  readonly certificates: readonly Certificate[]
  wrongPasswords: number
}

/** The users, who are locked out after some wrong passwords in a row. */
export class MoexUsers {
  readonly #accounts = new Map<string, Account>()
  readonly #maxWrongPasswords: number

  constructor(maxWrongPasswords: number) {
    this.#maxWrongPasswords = maxWrongPasswords
  }

  /** Adds a user, or replaces the one of that login. */
  add({ login, password, certificates }: MoexUser): void {
    const parsed = certificates.map((each) => (typeof each === 'string' ? Certificate.fromPem(each) : each))
    this.#accounts.set(login, { password, certificates: parsed, wrongPasswords: 0 })
  }

  unlock(login: string): void {
    const account = this.#accounts.get(login)
    if (account !== undefined) account.wrongPasswords = 0
  }

  logIn(login: string, password: string): LoginResult {
    const account = this.#accounts.get(login)
    if (account === undefined) return 'wrong-password'
    if (account.wrongPasswords >= this.#maxWrongPasswords) return 'locked'
    const right = sameSecret(account.password, password)
    account.wrongPasswords = right ? 0 : account.wrongPasswords + 1
    return right ? 'granted' : 'wrong-password'
  }

  /** The certificates registered to a user. */
  certificatesOf(login: string): readonly Certificate[] {
    return this.#accounts.get(login)?.certificates ?? []
  }
}
