import type { Certificate } from '../../../src/x509/index.ts'

/**
 * Says which of the registered certificates made a detached signature; undefined where none did, or it is expired.
 *
 * @param signature a CMS in DER
 * @param content the very bytes that must have been signed
 */
export type VerifySignature = (
  signature: Uint8Array,
  content: Uint8Array,
  registered: readonly Certificate[],
) => Promise<Certificate | undefined>
