import { HttpError, SealkitError } from '../../errors.ts'
import { type CertificatePool, type PathProblem, type TrustStore, validatePath } from '../../path/index.ts'
import { chainNeeds } from '../../trust/index.ts'
import { PATH_REASONS } from '../../trust/reasons.ts'
import { Certificate, generalNameToString } from '../../x509/index.ts'
import { printable } from '../../x509/printable.ts'

/** A server certificate that OpenSSL refused. */
export interface RefusedServer {
  /** The server, `host:port`. */
  readonly server: string
  /** The name that the certificate should have. */
  readonly host: string
  /** In DER, the server's own first. */
  readonly chain: readonly Uint8Array[]
  readonly cause: NodeJS.ErrnoException
}

/** Tells why a server certificate is refused, and what to do. */
export type ServerCertificateExplainer = (refused: RefusedServer) => Promise<HttpError>

/**
 * Makes the explainer for a CA bundle, by our own path validation.
 *
 * @param trust as `loadTrustStore` gives it
 */
export function serverCertificateExplainer(trust: {
  readonly store: TrustStore
  readonly intermediates?: CertificatePool | undefined
}): ServerCertificateExplainer {
  const { store, intermediates } = trust
  return async ({ server, host, chain, cause }) => {
    const certificates = readable(chain)
    const [leaf] = certificates
    const refused = (why: string, hint: string) => {
      const message = printable(`the certificate of ${server} is refused: ${why}`)
      const options = { phase: 'tls', hint: printable(hint), cause } as const
      return new HttpError('ERR_HTTP_SERVER_CERTIFICATE', message, options)
    }
    if (leaf === undefined) return refused(`it cannot be read (${cause.code})`, 'the server must be mended')
    try {
      const untrusted = [...(intermediates ?? []), ...certificates]
      const { problem } = await validatePath(leaf, { trust: store, untrusted, purpose: 'tls-server', host })
      if (problem === undefined) return refused(`${cause.message} (${cause.code})`, GENERAL)
      return refused(reasonOf(problem, leaf), await hintFor(problem, leaf, certificates, trust))
    } catch (error) {
      if (!(error instanceof SealkitError) && !(error instanceof TypeError)) throw error
      return refused(`${error.message} (${cause.code})`, GENERAL)
    }
  }
}

const GENERAL = 'show the chain with: openssl s_client -connect host:port -showcerts'

function readable(chain: readonly Uint8Array[]): Certificate[] {
  try {
    return chain.map((der) => Certificate.parse(der))
  } catch (error) {
    if (error instanceof SealkitError) return []
    throw error
  }
}

function reasonOf({ reason, certificate, detail }: PathProblem, leaf: Certificate): string {
  const whose = certificate.equals(leaf)
    ? `subject ${nameOf(leaf)}, issuer ${leaf.issuer}`
    : nameOf(certificate)
  return `${PATH_REASONS[reason]} (${reason}): ${detail} [${whose}]`
}

function nameOf({ subject, serialNumber }: Certificate): string {
  return subject.toString() || `serial ${serialNumber}`
}

/** The first of its alternative names. */
function namesOf({ subjectAltName = [] }: Certificate): string {
  const names = subjectAltName.slice(0, 5).map(generalNameToString)
  return names.length === 0 ? 'no name at all' : names.join(', ')
}

async function hintFor(
  problem: PathProblem,
  leaf: Certificate,
  chain: readonly Certificate[],
  trust: { readonly store: TrustStore; readonly intermediates?: CertificatePool | undefined },
): Promise<string> {
  const { reason, hint } = problem
  if (reason === 'name-mismatch') return `look at the host: the certificate is for ${namesOf(leaf)}`
  if (reason === 'not-yet-valid' || reason === 'expired') {
    return 'the server must renew its certificate; look at the clock of this machine too'
  }
  if (reason !== 'issuer-missing' && reason !== 'issuer-not-trusted') {
    return hint ?? 'the server must be given another certificate; there is no switch to accept this one'
  }
  const bundle = [...trust.store, ...(trust.intermediates ?? [])]
  const { missing } = await chainNeeds(bundle, leaf, { chain })
  const root = missing ?? (chain.find((each) => each.selfIssued) ?? leaf).issuer.toString()
  const self = leaf.selfIssued ? 'the certificate is self-signed: ' : ''
  return `${self}add to the CA bundle: ${root}; if nobody at the server's knows that name, a proxy of your company may open TLS: then ask who runs it for its root`
}
