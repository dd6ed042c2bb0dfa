/**
 * Private keys in smart cards, USB tokens and HSMs, through their PKCS#11 modules and the package pkcs11js.
 * @module
 */
export type { TokenEvent, TokenListener, TokenNews } from './key/listeners.ts'
export { openPkcs11Key } from './key/open-pkcs11-key.ts'
export type { ModuleChoice, Pkcs11KeyOptions } from './key/options.ts'
export { Pkcs11Key } from './key/pkcs11-key.ts'
export type { Pin, PinRequest, PinValue } from './token/pin.ts'
export type { TokenInfo } from './token/token.ts'
