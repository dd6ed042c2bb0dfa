/** Where MOEX's servers are. */
export interface MoexEnvironment {
  /** The MOEX Passport: `GET` with Basic. */
  readonly passportUrl: string
  /** The token endpoint (RFC 6749 section 3.2) of MOEX's single sign-on. */
  readonly tokenUrl: string
  /** Where access tokens may be sent: `https://*.moex.com` is every host below moex.com. */
  readonly apiDomains: readonly string[]
}

/**
 * MOEX's environments, by the guide "Connection to MOEX WebAPI". It also names `/en/registration` as the address of
 * the MOEX Passport: give that one as `passportUrl` where `/authenticate` does not answer.
 *
 * @example
 * ```ts
 * import { MOEX_ENVIRONMENTS } from 'sealkit/auth'
 * MOEX_ENVIRONMENTS.test.passportUrl // 'https://passport-test.moex.com/authenticate'
 * ```
 */
export const MOEX_ENVIRONMENTS = {
  production: {
    passportUrl: 'https://passport.moex.com/authenticate',
    tokenUrl: 'https://sso.moex.com/auth/realms/SSO/protocol/openid-connect/token',
    apiDomains: ['https://*.moex.com'],
  },
  test: {
    passportUrl: 'https://passport-test.moex.com/authenticate',
    tokenUrl: 'https://sso2.beta.moex.com/auth/realms/SSO/protocol/openid-connect/token',
    apiDomains: ['https://*.moex.com'],
  },
} as const satisfies Record<'production' | 'test', MoexEnvironment>
