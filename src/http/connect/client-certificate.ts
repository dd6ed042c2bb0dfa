import type { TLSSocket } from 'node:tls'
import { HttpError } from '../../errors.ts'

/** How a server's wish for a client certificate stands. */
export interface ClientCertificateFacts {
  /** The server, `host:port`. */
  readonly server: string
  /** Subject of the certificate that was given to the connection. */
  readonly given: string | undefined
  /** Whether the server asked for one; undefined where the handshake ended before that was known. */
  readonly asked: boolean | undefined
}

/**
 * Whether the server sent a CertificateRequest (RFC 5246 7.4.4, RFC 8446 4.3.2): only then a client has signature
 * algorithms in common with it. Known from the request on, so in any case when the handshake has ended.
 */
export function wantsClientCertificate(socket: TLSSocket): boolean {
  // Node 20 crashes where it is asked after the end.
  return !socket.destroyed && socket.getSharedSigalgs().length > 0
}

/** Alerts of a server about the certificate of a client (RFC 8446 6.2), as OpenSSL calls them. */
const REFUSED: Readonly<Record<string, string>> = {
  BAD_CERTIFICATE: 'it is damaged, or its signature is wrong',
  UNSUPPORTED_CERTIFICATE: 'it is of a kind that the server does not take',
  CERTIFICATE_REVOKED: 'it was revoked',
  CERTIFICATE_EXPIRED: 'it has expired, or is not valid yet',
  CERTIFICATE_UNKNOWN: 'the server does not say why',
  UNKNOWN_CA: 'the server does not know its issuer',
  ACCESS_DENIED: 'the server does not let its owner in',
  CERTIFICATE_REQUIRED: 'there must be one',
  DECRYPT_ERROR: 'the server could not verify its signature',
}

/** What an alert says of the client certificate: `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`; undefined for another error. */
export function certificateAlert(code: string | undefined): string | undefined {
  const name = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_(\w+)$/.exec(code ?? '')?.[1]
  return name === undefined ? undefined : REFUSED[name]
}

/** The one error for a client certificate that is missing or refused, by whatever version of TLS. */
export function clientCertificateError(
  { server, given, asked }: ClientCertificateFacts,
  why: string,
  cause: Error | undefined,
): HttpError {
  const message =
    given === undefined
      ? `${server} wants a client certificate, and none was given`
      : asked === false
        ? `${server} ended the connection; it did not ask for the client certificate ${given}`
        : `${server} refuses the client certificate ${given}: ${why}`
  return new HttpError('ERR_HTTP_CLIENT_CERTIFICATE', message, {
    phase: 'client-certificate',
    hint: 'give the client certificate (with its issuers) and key that were issued for this server, and look whether it has expired',
    cause,
  })
}
