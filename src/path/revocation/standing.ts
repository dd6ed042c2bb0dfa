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

/** Whether a revocation holds at a moment: it was revoked by then, or its key was lost by then. */
export function holdsAt({ date, invalidityDate }: Revocation, at: Date): boolean {
  return date <= at || (invalidityDate !== undefined && invalidityDate <= at)
}
