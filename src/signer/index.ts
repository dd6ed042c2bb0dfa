/**
 * The abstraction: keys that sign bytes, signers that make a whole CMS.
 * @module
 */
export { type CmsSignerOptions, cmsSigner } from './cms-signer.ts'
export type { KeySigner, SignCallOptions } from './key-signer.ts'
export type { Signer } from './signer.ts'
