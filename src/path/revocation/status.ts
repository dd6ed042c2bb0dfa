import type { Certificate, CertificateRevocationList, RevokedCertificate } from '../../x509/index.ts'
import { type Building, paths } from '../build.ts'
import { certificateProblem } from '../checks.ts'
import { factsOf } from '../facts.ts'
import { concerns, crlStatus } from './crl.ts'

/**
 * Whether revocation is looked at: `require` each certificate must be known to be good; `if-given` those that a list or
 * response given is about must be; `ignore` not at all.
 */
export type RevocationMode = 'require' | 'if-given' | 'ignore'

/** What is known of a certificate's revocation. */
export type CertificateRevocation = { readonly certificate: Certificate } & (
  | { readonly status: 'good'; readonly until: Date }
  | { readonly status: 'revoked'; readonly entry: RevokedCertificate }
  | { readonly status: 'unknown'; readonly why: string }
  | { readonly status: 'not-checked' }
)

interface Checking {
  readonly mode: RevocationMode
  readonly crls: readonly CertificateRevocationList[]
  readonly building: Building
  /** Signers of lists whose own status is being looked for: a list may have to tell of its own signer. */
  readonly signers?: readonly Certificate[]
}

/** Checks the certificates of a path below its anchor, from the anchor down, until one is not good. */
export function* revocationOf(path: readonly Certificate[], checking: Checking): Generator<CertificateRevocation> {
  const { mode, crls } = checking
  for (let i = path.length - 2; i >= 0; i--) {
    const certificate = path[i] as Certificate
    const asked = mode === 'require' || (mode === 'if-given' && crls.some((crl) => concerns(crl, certificate)))
    if (!asked) yield { certificate, status: 'not-checked' }
    else yield { certificate, ...crlStatus(certificate, checkingOf(path.slice(i + 1), checking)) }
  }
}

/** @param above the path from the certificate's issuer to the anchor */
function checkingOf(
  above: readonly Certificate[],
  checking: Checking,
): Parameters<typeof crlStatus>[1] {
  const { building } = checking
  return {
    crls: checking.crls,
    time: building.time,
    minRsaBits: building.minRsaBits,
    spend: () => building.budget.signature(),
    signersOf: (crl) => signersOf(crl, above, checking),
  }
}

/** 6.3.3 (f): the certificates of a list's issuer: in the path above, or with a path of their own to the same anchor. */
function* signersOf(
  crl: CertificateRevocationList,
  above: readonly Certificate[],
  checking: Checking,
): Generator<Certificate> {
  const { building, signers = [] } = checking
  const mayUse = (each: Certificate): boolean => factsOf(each).keyUsage?.has('cRLSign') ?? true
  const inPath = above.filter((each) => each.subject.equals(crl.issuer))
  yield* inPath.filter(mayUse)
  const others = building.untrusted.withSubject(crl.issuer).filter((each) => !above.some((one) => one.equals(each)))
  const anchor = above.at(-1) as Certificate
  for (const other of others) {
    if (!mayUse(other)) continue
    if (signers.some((each) => each.equals(other))) {
      yield other
      continue
    }
    if (certificateProblem(other, building) !== undefined) continue
    for (const path of paths(other, { ...building, refused: () => undefined, asIssuer: () => undefined })) {
      if (!path.at(-1)?.equals(anchor)) continue
      const statuses = revocationOf(path, { ...checking, mode: 'require', signers: [...signers, other] })
      if (![...statuses].every(({ status }) => status === 'good')) continue
      yield other
      break
    }
  }
}
