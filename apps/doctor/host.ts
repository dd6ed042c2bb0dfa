import type { AuthError, HttpError } from '../../src/errors.ts'
import type { Route } from '../../src/http/connect/route.ts'
import type { Certificate } from '../../src/x509/index.ts'

/** A server, and what is known of the way to it. */
export interface Host {
  readonly url: URL
  route?: Route
  handshake?: Handshake
  asked?: Asked
}

/** What a TLS handshake showed. */
export interface Handshake {
  /** `TLSv1.3`; undefined where it ended before that was known. */
  readonly protocol: string | undefined
  readonly cipher: string | undefined
  /** The server's, the leaf first, with what was found to it; empty where it ended before. */
  readonly chain: readonly Certificate[]
  /** Whether the server asked for a client certificate; undefined where it ended before. */
  readonly asked: boolean | undefined
  /** Why the server's or the client's certificate was refused; other errors are thrown. */
  readonly error: HttpError | undefined
}

/** What came of a request that does nothing. */
export type Asked = Answered | { readonly error: unknown }

/** An answer. */
export interface Answered {
  readonly error?: undefined
  readonly status: number
  /** In milliseconds. */
  readonly took: number
  /** The server's clock minus ours, in milliseconds; undefined where it does not tell. */
  readonly skew: number | undefined
  /** Where the server cannot do its work now: maintenance, too many requests, failures. */
  readonly trouble: AuthError | undefined
}

/** Host and port, as a socket wants them. */
export function placeOf({ url }: Host): { host: string; port: number } {
  return { host: url.hostname, port: Number(url.port) || 443 }
}
