import type { Password } from '../credentials/index.ts'
import type { Source } from '../credentials/source.ts'
import type { TrustSource } from '../trust/index.ts'
import type { Trace } from './trace.ts'

/** The client's certificate with its key, for mutual TLS. Files are read anew when they change. */
export interface ClientCredential {
  /** PEM, DER or PKCS#12, old or new: name of a file or `file:` URL, PEM text, or bytes. */
  certificate: Source
  /** The private key. Default: in `certificate`. */
  key?: Source | undefined
  /** Opens an encrypted key; a function is called each time the files are read. */
  password?: Password | undefined
}

/** A proxy for everything, in place of what the environment says. */
export interface ProxyOption {
  /** `http://host:port` or `https://host:port`; a name and password may stand in it. */
  url: string | URL
  username?: string | undefined
  /** For Basic; a function is called for each connection that is made. */
  password?: string | (() => string | Promise<string>) | undefined
  /** Hosts that are reached without it, as in the environment variable NO_PROXY. */
  noProxy?: string | undefined
  /** Authorities for an https proxy. Default: `system`. */
  ca?: TrustSource | readonly TrustSource[] | undefined
}

/** Limits in milliseconds. */
export interface HttpTimeouts {
  /** Name resolution and TCP, each. Default 10,000. */
  connect?: number | undefined
  /** From the proxy's connection to its answer. Default 10,000. */
  proxy?: number | undefined
  /** The TLS handshake. Default 10,000. */
  tls?: number | undefined
  /** From the request's end to the answer's head. Default 30,000. */
  headers?: number | undefined
  /** Between two pieces of the answer's body. Default 30,000. */
  body?: number | undefined
  /** All of it, retries included. Default 120,000. */
  total?: number | undefined
}

/** Options of `createTransport`. */
export interface TransportOptions {
  /**
   * Whom to trust as authorities of servers: the system's roots (`system`), or a CA bundle: name of a file, PEM text, bytes,
   * certificates. There is no default.
   */
  ca: TrustSource | readonly TrustSource[]
  /** Opens a `ca` in PKCS#12. */
  caPassword?: Password | undefined
  credential?: ClientCredential | undefined
  /** `environment` (default) goes by HTTPS_PROXY, ALL_PROXY and NO_PROXY; `none` connects directly. */
  proxy?: ProxyOption | 'environment' | 'none' | undefined
  timeouts?: HttpTimeouts | undefined
  /** How often GET, HEAD and OPTIONS are made again. Default 2; 0 for never. */
  retries?: number | undefined
  /** Of the answer's body, decoded. Default 16 MiB. */
  maxResponseBytes?: number | undefined
  /** Default: `sealkit/` and its version. */
  userAgent?: string | undefined
  /** TLS below 1.2 is never spoken. Default `TLSv1.2`. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  trace?: Trace | undefined
}
