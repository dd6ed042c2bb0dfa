import type { TokenManager } from '../../src/auth/index.ts'
import type { Secret } from '../../src/auth/secret.ts'
import type { TransportOptions } from '../../src/http/index.ts'

/** Where a listener listens. */
export type Listen =
  | {
      /** Default 127.0.0.1. One that is not loopback needs `exposeToNetwork`. */
      host?: string | undefined
      /** Default: any that is free. */
      port?: number | undefined
    }
  | {
      /** Name of a UNIX socket; made with mode 0600. */
      path: string
    }

/** Options of {@link startProxy}. */
export interface ProxyOptions
  extends Pick<
    TransportOptions,
    'ca' | 'caPassword' | 'credential' | 'proxy' | 'timeouts' | 'minVersion' | 'userAgent'
  > {
  /** The one server that requests go to: `https://api.example`; a path of it is put before theirs. */
  upstream: string | URL
  listen?: Listen | undefined
  /** Lets the listeners stand on an address that other machines reach. Then `callerSecret` is needed. Default false. */
  exposeToNetwork?: boolean | undefined
  /** TLS for callers, in PEM; for libraries that speak https only. */
  tls?: { cert: string; key: string } | undefined
  /**
   * Further names that callers may have in Host: `proxy.bank.example`, with any port, or `proxy.bank.example:8443`. Those
   * of the listener's own address are known.
   */
  allowedHosts?: readonly string[] | undefined
  /** Paths that callers may ask for: `/playground/v1/info`, or `/playground/*` for all below. Default: all. */
  allowedPaths?: readonly string[] | undefined
  /**
   * What callers must send as `Authorization: Bearer …`, or as `Proxy-Authorization: Bearer …` where `Authorization` is
   * the upstream's; 16 characters or more. It is not passed on.
   */
  callerSecret?: Secret | undefined
  /** Puts this manager's token on every request: callers need neither certificate nor token. */
  tokens?: TokenManager | undefined
  /** A second listener for `/healthz`, `/readyz` and `/metrics`. Default: none. */
  admin?: Listen | undefined
  /** Gets a line of JSON for each request. Default: none. */
  accessLog?: ((line: string) => void) | undefined
  /** Callers that may be connected at once. Default 1024. */
  maxConnections?: number | undefined
  /** Connections to the upstream at once; further requests wait for one of them. Default 128. */
  maxUpstreamConnections?: number | undefined
}
