/** Says whose tokens are meant; holds nothing secret. */
export interface TokenKey {
  /** `moex`, `clearstream`, or another's own word. */
  readonly platform: string
  /** Host of the token endpoint, with the port where it is not 443. */
  readonly host: string
  /** User name or client id. */
  readonly account: string
  /** Scopes, sorted, divided by one blank. */
  readonly scope: string
}
