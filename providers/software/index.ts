/**
 * Private keys in files and in memory.
 * @module
 */
export type { Source } from '../../src/credentials/source.ts'
export { openSoftwareKey, type SoftwareKeyOptions } from './open-software-key.ts'
export { SoftwareKey } from './software-key.ts'
