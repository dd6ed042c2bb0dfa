/** What revocation lists or OCSP responses say of a certificate. */
export type Status =
  | { readonly status: 'good'; readonly by: 'crl' | 'ocsp'; readonly until: Date }
  | { readonly status: 'revoked'; readonly by: 'crl' | 'ocsp'; readonly revocation: Revocation }
  | { readonly status: 'unknown'; readonly why: string }

/** When and why a certificate was revoked. */
export interface Revocation {
  readonly date: Date
  /** CRLReason (RFC 5280 5.3.1), where it is said. */
  readonly reason: string | undefined
  /** When the key was lost or is suspected to have been, where it is said (RFC 5280 5.3.2). */
  readonly invalidityDate: Date | undefined
}

/**
 * Whether a revocation holds at a moment: it was said by then, whatever date it gives (RFC 5280 6.3.3 looks at none); or
 * it was said later, of then or before, or of a key that was lost by then.
 *
 * @param said when the list or response was made
 */
export function holdsAt({ date, invalidityDate }: Revocation, said: Date, at: Date): boolean {
  return said <= at || date <= at || (invalidityDate !== undefined && invalidityDate <= at)
}
