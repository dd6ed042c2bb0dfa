/**
 * Keys by name: what a user writes becomes a key of the provider that it needs.
 * @module
 */
export { type OpenedKey, type OpenKeyOptions, openKey } from './open.ts'
export { type OpenSignerOptions, openSigner } from './open-signer.ts'
