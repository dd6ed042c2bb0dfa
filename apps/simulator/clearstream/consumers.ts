import { sameSecret } from '../moex/same-secret.ts'

/** An API consumer, as administrators create it in Xact. */
export interface ClearstreamConsumer {
  /** The user id: `a000012345_00012345`. Its certificate has it as common name. */
  readonly username: string
  readonly password: string
  /** What it is granted. Default: `allow` and `ocapi-playground-v1`. */
  readonly scopes?: readonly string[] | undefined
}

/** The consumers that a simulator knows. */
export class Consumers {
  readonly #byName = new Map<string, Required<ClearstreamConsumer>>()

  add({ username, password, scopes = ['allow', 'ocapi-playground-v1'] }: ClearstreamConsumer): void {
    if (!username || !password) throw new TypeError('username and password must not be empty')
    this.#byName.set(username, { username, password, scopes: scopes ?? [] })
  }

  /** Scopes of a consumer; undefined where there is none of this name. */
  scopesOf(username: string): readonly string[] | undefined {
    return this.#byName.get(username)?.scopes
  }

  hasPassword(username: string, password: string): boolean {
    const consumer = this.#byName.get(username)
    return consumer !== undefined && sameSecret(consumer.password, password)
  }
}
