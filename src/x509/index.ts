/**
 * Certificates, names and extensions (RFC 5280).
 * @module
 */
export { Certificate } from './certificate.ts'
export { type BasicConstraints, type Extension, ExtensionOid, type KeyUsage } from './extensions.ts'
export { Name } from './name.ts'
export type { NameAttribute } from './name-text.ts'
