/**
 * A proxy on this machine that wraps plain HTTP into mutual TLS, for libraries that cannot.
 *
 * @module
 */
export type { Listen, ProxyOptions } from './options.ts'
export { type RunningProxy, startProxy } from './start-proxy.ts'
