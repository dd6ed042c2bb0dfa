/**
 * ASN.1: DER reading and writing, BER reading, PEM (X.690, RFC 7468).
 * @module
 */
export { decodeBase64, encodeBase64 } from './base64.ts'
export { toDefinite } from './ber.ts'
export { compareBytes, concatBytes, equalBytes, toHex } from './bytes.ts'
export type { DerCursor, Element, SetOfOptions } from './cursor.ts'
export { ascending, encode, type Layout, layout, type Part } from './encode.ts'
export { DEFAULT_LIMITS, type Limits } from './limits.ts'
export { decodePem, encodePem, type PemBlock } from './pem.ts'
export { DerReader, type ReadOptions, readDer } from './reader.ts'
export { decodeString } from './strings.ts'
export { contextTag, Tag, tagName } from './tags.ts'
export { toText } from './text.ts'
export { type DerWriter, der } from './writer.ts'
