/** Where an environment of Clearstream's API platform is. */
export interface ClearstreamEnvironment {
  /** Of the token endpoint and of all APIs. */
  readonly url: string
}

/**
 * Clearstream's environments, by the guide "Clearstream API Developer Guide": production, and OCCT, the
 * pre-production.
 *
 * @example
 * ```ts
 * import { CLEARSTREAM_ENVIRONMENTS } from 'sealkit/auth'
 * CLEARSTREAM_ENVIRONMENTS.occt.url // 'https://api-t2s-test.clearstream.com'
 * ```
 */
export const CLEARSTREAM_ENVIRONMENTS = {
  production: { url: 'https://api.clearstream.com' },
  occt: { url: 'https://api-t2s-test.clearstream.com' },
} as const satisfies Record<'production' | 'occt', ClearstreamEnvironment>
