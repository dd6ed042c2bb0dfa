/**
 * HTTPS for clients of financial APIs: mutual TLS, corporate proxies, errors that name the phase, a trace like curl's.
 *
 * @module
 */
export type { ClientCredential, HttpTimeouts, ProxyOption, TransportOptions } from './options.ts'
export { REDACTED, Redactor } from './redact.ts'
export { retryAfterOf } from './retry-after.ts'
export { type SupportBundleOptions, supportBundle } from './support-bundle.ts'
export type { Trace, TraceEvent, TraceKind } from './trace.ts'
export { formatTraceEvent } from './trace-format.ts'
export { TraceRecorder } from './trace-recorder.ts'
export { createTransport, type HttpTransport } from './transport.ts'
