/**
 * Private keys in files and in memory.
 * @module
 */
export { openSoftwareKey, type SoftwareKeyOptions } from './open-software-key.ts'
export { SoftwareKey } from './software-key.ts'
export type { Source } from './sources.ts'
