/**
 * What a file holds, for people and for programs.
 * @module
 */
export { checkExpiry, type ExpiryEntry, type ExpiryOptions, type ExpiryReport } from './expiry.ts'
export { type FormatOptions, formatInspection } from './format.ts'
export { type InspectOptions, inspect } from './inspect.ts'
export type {
  InspectedCertificate,
  InspectedKey,
  InspectedMessage,
  InspectedProtection,
  InspectedPublicKey,
  InspectedRequest,
  InspectedRevocationList,
  InspectedSigner,
  InspectedTimestamp,
  Inspection,
} from './inspection.ts'
