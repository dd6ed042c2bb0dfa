/**
 * The support page: a local web page for the person at the desk, and the loopback server that serves it.
 *
 * @module
 */
export { startSupport } from './server/start-support.ts'
