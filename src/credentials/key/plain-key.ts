/** A private key of any form, checked, in the parts of a PrivateKeyInfo (RFC 5208). */
export interface PlainKey {
  /** privateKeyAlgorithm in DER. */
  readonly algorithm: Uint8Array
  /** Content of the privateKey OCTET STRING. */
  readonly privateKey: Uint8Array
  /** The public key's bits, where the file carries them; they need not be right. */
  readonly publicKey: Uint8Array | undefined
  /** Whether privateKey is a copy made here, to be overwritten after use. */
  readonly copied: boolean
}
