/**
 * What is expected of the shared files where `expect` leaves room: the error for each file that is to be refused,
 * and the files that are judged otherwise than the index, each with the reason.
 */

/** Files with `expect` reject, limit or unknown, by the error they give; the first pattern that fits counts. */
const refusals: readonly (readonly [code: string, files: RegExp])[] = [
  // Their password is not known; or the one given is wrong.
  [
    'PASSWORD_WRONG',
    /corpus\/bc-java\/with-key-entry|corpus\/gnutls\/mem-leak|wrong-password|short-key-bypass/,
  ],
  ['PASSWORD_REQUIRED', /corpus\/nss\/OCSPCA/],
  // The password opens the contents, and the MAC does not fit.
  ['MAC_WRONG', /mac-tampered|bad-salt|bad-iter|extended-mac|truncated-mac/],
  ['LIMIT', /iter-(1e7|1e8|2e31|2e32|2e64)|bags-20000|scrypt-N-2e30|nest-|very-big-len|safes-2000/],
  ['UNSUPPORTED', /version[-_]|enveloped|shr-garbage|salt-otherSource|no-salt/],
  ['FORMAT', /./],
]

/** Without the prefix that all have. */
export function refusalOf(file: string): string {
  const [code = ''] = refusals.find(([, files]) => files.test(file)) ?? []
  return code
}

type Verdict = 'opens' | 'opens with a note' | `refused: ${string}`

/** Entries with `expect` lenient, unsupported-ok, no-crash or limit: both are right there, and this is ours. */
export const chosen: Readonly<Record<string, Verdict>> = {}

/** Entries that are judged otherwise than the index says. */
export const otherwise: Readonly<Record<string, { readonly verdict: Verdict; readonly why: string }>> = {}
