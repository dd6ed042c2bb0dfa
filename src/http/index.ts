/**
 * HTTPS for clients of financial APIs: mutual TLS, corporate proxies, errors that name the phase, a trace like curl's.
 *
 * @module
 */
export type { ClientCredential, HttpTimeouts, ProxyOption, TransportOptions } from './options.ts'
export type { Trace, TraceEvent, TraceKind } from './trace.ts'
export { createTransport, type HttpTransport } from './transport.ts'
