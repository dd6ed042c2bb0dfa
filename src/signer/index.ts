/**
 * The abstraction: keys that sign bytes, signers that make a whole CMS.
 * @module
 */
export type { KeySigner, SignCallOptions } from './key-signer.ts'
