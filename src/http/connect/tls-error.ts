import { HttpError } from '../../errors.ts'
import { certificateAlert, clientCertificateError } from './client-certificate.ts'

/** What is known of a handshake that failed. */
export interface HandshakeFacts {
  /** The server, `host:port`. */
  readonly server: string
  /** Subject of the client certificate that was there to be sent. */
  readonly given: string | undefined
  /** Whether the server asked for one; undefined where that could not be seen. */
  readonly asked: boolean | undefined
  /** Bytes that came from the server. */
  readonly received: number
  readonly minVersion: string
  readonly proxied: boolean
}

/** More than an alert alone: the server had agreed on version and cipher, and sent its certificate. */
const HELLO = 100

/** A handshake that failed before the server's certificate was judged, as an error that tells the way out. */
export function handshakeError(
  error: NodeJS.ErrnoException & { reason?: string },
  facts: HandshakeFacts,
): HttpError {
  const { server, minVersion, received } = facts
  const code = error.code ?? ''
  const said =
    facts.received > HELLO && /ALERT_HANDSHAKE_FAILURE$/.test(code)
      ? 'it wants another'
      : certificateAlert(code)
  if (said !== undefined) return clientCertificateError(facts, said, error)
  const dropped = code === 'ECONNRESET' || code === 'EPIPE'
  if (dropped && facts.asked === true) return clientCertificateError(facts, 'it closed the connection', error)
  const tls = (message: string, hint: string) =>
    new HttpError('ERR_HTTP_TLS', message, { phase: 'tls', hint, cause: error })
  if (dropped) {
    const hint = received > HELLO ? AFTER_HELLO : facts.proxied ? THROUGH_PROXY : FIREWALL
    return tls(`${server} dropped the TLS handshake (${code})`, hint)
  }
  const found = CAUSES.find(([pattern]) => pattern.test(code))
  if (found === undefined) {
    return tls(`the TLS handshake with ${server} failed: ${error.reason ?? error.message} (${code})`, GENERAL)
  }
  return tls(
    `${server} ${found[1].replace('VERSION', minVersion.replace('TLSv', 'TLS '))} (${code})`,
    found[2],
  )
}

const AFTER_HELLO =
  'where the server wants a client certificate, a missing or refused one is the usual reason: look at it first'
const FIREWALL = 'a firewall may cut the connection; where the network wants a proxy, set HTTPS_PROXY'
const THROUGH_PROXY = 'the proxy may cut the connection: ask who runs it whether it lets the host through'
const GENERAL = 'look at it with: openssl s_client -connect host:port -servername host'

/** What OpenSSL calls it, what it means, the way out. */
const CAUSES: readonly (readonly [RegExp, string, string])[] = [
  [
    /_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE|RECORD_TOO_SMALL)$/,
    'does not speak TLS there, or something between answers in its place',
    'look at the port: https has 443 most times, and plain http 80',
  ],
  [
    /_(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|INAPPROPRIATE_FALLBACK)$/,
    'does not speak VERSION or newer',
    'older versions are not safe: the server (or the proxy that opens TLS) must be updated',
  ],
  [
    /_(HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|NO_CIPHERS_AVAILABLE|NO_SHARED_CIPHER)$/,
    'has no cipher in common with this side',
    'its ciphers may be old, or GOST ones, which Node does not speak',
  ],
  [
    /_UNRECOGNIZED_NAME$/,
    'does not know the name that is asked for',
    'look at the host: the address may be that of another server',
  ],
  [
    /_(DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|CA_MD_TOO_WEAK|BAD_ECPOINT|WRONG_SIGNATURE_TYPE)$/,
    'uses a key or signature that is too weak',
    'the server must be given a stronger one; there is no switch to accept it',
  ],
  [/_NO_APPLICATION_PROTOCOL$/, 'does not speak HTTP/1.1', 'look at the port: another service may be there'],
]
