/** OIDs of key purposes for extendedKeyUsage (RFC 5280 4.2.1.12). */
export const KeyPurpose = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  anyExtendedKeyUsage: '2.5.29.37.0',
} as const

/** Name of a key purpose that sealkit knows. */
export type KeyPurposeName = keyof typeof KeyPurpose

/**
 * The OID of a key purpose.
 *
 * @param purpose a name of {@link KeyPurpose}, or a dotted OID, which is given back; what is neither is not refused
 * @example
 * ```ts
 * import { keyPurposeOid } from 'sealkit/x509'
 * keyPurposeOid('clientAuth') // '1.3.6.1.5.5.7.3.2'
 * ```
 */
export function keyPurposeOid(purpose: string): string {
  return Object.hasOwn(KeyPurpose, purpose) ? KeyPurpose[purpose as KeyPurposeName] : purpose
}
