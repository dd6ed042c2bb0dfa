import type { Certificate, CertificateRevocationList } from '../../x509/index.ts'
import { type Building, paths } from '../build.ts'
import { certificateProblem } from '../checks.ts'
import { factsOf } from '../facts.ts'
import { isSameAuthority } from '../pool.ts'
import { concerns, crlStatus } from './crl.ts'
import { type GivenResponse, ocspStatus } from './ocsp.ts'
import type { Status } from './standing.ts'

/**
 * Whether revocation is looked at: `require` each certificate must be known to be good; `if-given` those that a list or
 * response given is about must be; `ignore` not at all.
 */
export type RevocationMode = 'require' | 'if-given' | 'ignore'

const MODES: readonly unknown[] = ['require', 'if-given', 'ignore'] satisfies RevocationMode[]

/** Whether a value names a mode. */
export function isRevocationMode(value: unknown): value is RevocationMode {
  return MODES.includes(value)
}

/** What is known of a certificate's revocation. */
export type CertificateRevocation = { readonly certificate: Certificate } & (
  | Status
  | { readonly status: 'not-checked' }
)

/** What revocation is checked by. */
export interface RevocationChecking {
  readonly mode: RevocationMode
  readonly crls: readonly CertificateRevocationList[]
  readonly responses: readonly GivenResponse[]
  /** When lists and responses must be current. */
  readonly time: Date
  readonly building: Building
  /** Signers of lists whose own status is being looked for: a list may have to tell of its own signer. */
  readonly signers?: readonly Certificate[]
}

/** Checks the certificates of a path below its anchor, from the anchor down. */
export function* revocationOf(
  path: readonly Certificate[],
  checking: RevocationChecking,
): Generator<CertificateRevocation> {
  for (let i = path.length - 2; i >= 0; i--) yield statusOf(path.slice(i), checking)
}

/** @param path from the certificate to the anchor */
function statusOf(path: readonly Certificate[], checking: RevocationChecking): CertificateRevocation {
  const [certificate, issuer] = path as [Certificate, Certificate]
  const { mode, crls, responses, time, building } = checking
  if (mode === 'ignore') return { certificate, status: 'not-checked' }
  const byLists = (each: Certificate): Status =>
    crlStatus(each, {
      crls,
      time,
      at: building.time,
      minRsaBits: building.minRsaBits,
      spend: () => building.budget.signature(),
      compare: (comparisons) => building.budget.comparisons(comparisons),
      signersOf: (crl) => signersOf(crl, path.slice(1), checking),
    })
  const isRevoked = (each: Certificate): boolean => byLists(each).status === 'revoked'
  const byResponse = ocspStatus(certificate, issuer, responses, time, building, isRevoked)
  const asked =
    mode === 'require' || byResponse !== undefined || crls.some((crl) => concerns(crl, certificate))
  if (!asked) return { certificate, status: 'not-checked' }
  return { certificate, ...worst(byResponse, byLists(certificate)) }
}

/** Revoked by one is revoked; else good by one is good. */
function worst(byResponse: Status | undefined, byList: Status): Status {
  const known = [byResponse, byList].filter((each) => each !== undefined)
  return (
    known.find(({ status }) => status === 'revoked') ??
    known.find(({ status }) => status === 'good') ??
    (known[0] as Status)
  )
}

/** 6.3.3 (f): the certificates of a list's issuer: in the path above, or with a path of their own to the same anchor. */
function* signersOf(
  crl: CertificateRevocationList,
  above: readonly Certificate[],
  checking: RevocationChecking,
): Generator<Certificate> {
  const { building, signers = [] } = checking
  const mayUse = (each: Certificate): boolean => factsOf(each).keyUsage?.has('cRLSign') ?? true
  yield* above.filter((each) => each.subject.equals(crl.issuer) && mayUse(each))
  for (const other of building.untrusted.withSubject(crl.issuer)) {
    // Who is no CA of the path must say that it is for signing lists (RFC 5280 4.2.1.3).
    if (above.some((each) => each.equals(other)) || factsOf(other).keyUsage?.has('cRLSign') !== true) continue
    if (certificateProblem(other, building) !== undefined) continue
    if (signers.some((each) => each.equals(other)) || isGoodSigner(other, above, checking)) yield other
  }
}

function isGoodSigner(
  signer: Certificate,
  above: readonly Certificate[],
  checking: RevocationChecking,
): boolean {
  const anchor = above.at(-1) as Certificate
  const building = { ...checking.building, refused: () => undefined, asIssuer: () => undefined }
  for (const path of paths(signer, building)) {
    if (!path.at(-1)?.equals(anchor)) continue
    // Another CA below the anchor must not speak in the name of the certificate's issuer.
    const speaksForIssuer = above[0]?.subject.equals(signer.subject) === true
    if (speaksForIssuer && !above.some((each) => isSameAuthority(each, path[1] as Certificate))) continue
    const signers = [...(checking.signers ?? []), signer]
    const statuses = [...revocationOf(path, { ...checking, mode: 'require', signers })]
    if (statuses.every(({ status }) => status === 'good')) return true
  }
  return false
}
