import { sameSecret } from './same-secret.ts'

/** An application (an OAuth client) that may ask for tokens. */
export interface MoexApplication {
  readonly clientId: string
  readonly clientSecret: string
  /** Scopes that it is allowed. Default `client_registration` and `profile`. */
  readonly scopes?: readonly string[] | undefined
}

/** The applications by their client_id. */
export class MoexApplications {
  readonly #applications = new Map<string, MoexApplication>()

  /** Adds one, or replaces the one of that client_id. */
  add(application: MoexApplication): void {
    this.#applications.set(application.clientId, application)
  }

  /** What is wrong with the application's credentials; undefined where nothing is. */
  check(clientId: string, clientSecret: string): 'client-id' | 'client-secret' | undefined {
    const application = this.#applications.get(clientId)
    if (application === undefined) return 'client-id'
    return sameSecret(application.clientSecret, clientSecret) ? undefined : 'client-secret'
  }

  /** Whether it is allowed all of the scopes, which are divided by blanks. */
  allows(clientId: string, scope: string): boolean {
    const { scopes = ['client_registration', 'profile'] } = this.#applications.get(clientId) ?? {}
    return scope.split(' ').every((each) => scopes.includes(each))
  }
}
