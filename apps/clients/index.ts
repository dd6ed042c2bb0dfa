/**
 * From a profile of the configuration to a client that works: transport, key, store of tokens.
 *
 * @module
 */
export { type OpenedClearstream, openClearstream } from './open-clearstream.ts'
export { type OpenedMoex, openMoex } from './open-moex.ts'
export type { Opened, OpenOptions } from './options.ts'
