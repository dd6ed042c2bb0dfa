/** OIDs of key encryption (RFC 8018, RFC 7292 appendix C, RFC 7914). */
export const EncryptionOid = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  aes128Cbc: '2.16.840.1.101.3.4.1.2',
  aes192Cbc: '2.16.840.1.101.3.4.1.22',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  desEde3Cbc: '1.2.840.113549.3.7',
  hmacWithSHA1: '1.2.840.113549.2.7',
  hmacWithSHA224: '1.2.840.113549.2.8',
  hmacWithSHA256: '1.2.840.113549.2.9',
  hmacWithSHA384: '1.2.840.113549.2.10',
  hmacWithSHA512: '1.2.840.113549.2.11',
  'hmacWithSHA512-224': '1.2.840.113549.2.12',
  'hmacWithSHA512-256': '1.2.840.113549.2.13',
  desCbc: '1.3.14.3.2.7',
  rc2Cbc: '1.2.840.113549.3.2',
  camellia128Cbc: '1.2.392.200011.61.1.1.1.2',
  camellia192Cbc: '1.2.392.200011.61.1.1.1.3',
  camellia256Cbc: '1.2.392.200011.61.1.1.1.4',
  pbeWithMD5AndDES: '1.2.840.113549.1.5.3',
  pbeWithMD5AndRC2: '1.2.840.113549.1.5.6',
  pbeWithSHA1AndDES: '1.2.840.113549.1.5.10',
  pbeWithSHA1AndRC2: '1.2.840.113549.1.5.11',
  pbeWithSHAAnd128BitRC4: '1.2.840.113549.1.12.1.1',
  pbeWithSHAAnd40BitRC4: '1.2.840.113549.1.12.1.2',
  pbeWithSHAAnd128BitRC2: '1.2.840.113549.1.12.1.5',
  pbeWithSHAAnd40BitRC2: '1.2.840.113549.1.12.1.6',
  pbeWithSHAAnd3KeyTripleDES: '1.2.840.113549.1.12.1.3',
  pbeWithSHAAnd2KeyTripleDES: '1.2.840.113549.1.12.1.4',
} as const

// What is met and not supported: an error can name it.
const NAMES = new Map([
  ['1.2.840.113549.1.5.1', 'PBE with MD2 and DES'],
  ['1.2.840.113549.1.5.4', 'PBE with MD2 and RC2'],
  ['1.2.840.113549.3.2', 'RC2 with effective bits that are no whole bytes'],
  ['1.2.840.113549.3.4', 'RC4'],
  ['1.2.840.113549.3.9', 'RC5'],
  ['1.2.410.200004.1.4', 'SEED'],
  ['1.2.410.200046.1.1.12', 'ARIA-256 in CBC mode'],
  ['1.2.156.10197.1.104.2', 'SM4 in CBC mode'],
  ['2.16.840.1.101.3.4.1.6', 'AES-128 in GCM mode'],
  ['2.16.840.1.101.3.4.1.26', 'AES-192 in GCM mode'],
  ['2.16.840.1.101.3.4.1.46', 'AES-256 in GCM mode'],
  ['1.2.643.2.2.21', 'GOST 28147-89'],
  ['1.2.643.2.2.10', 'HMAC with GOST R 34.11-94'],
  ['1.2.643.7.1.1.5.1.1', 'Magma in CTR-ACPKM mode'],
  ['1.2.643.7.1.1.5.1.2', 'Magma in CTR-ACPKM mode with OMAC'],
  ['1.2.643.7.1.1.5.2.1', 'Kuznyechik in CTR-ACPKM mode'],
  ['1.2.643.7.1.1.5.2.2', 'Kuznyechik in CTR-ACPKM mode with OMAC'],
  ['1.2.643.7.1.1.4.1', 'HMAC with Streebog-256'],
  ['1.2.643.7.1.1.4.2', 'HMAC with Streebog-512'],
])

/** An encryption algorithm for an error message, with its name where it is known. */
export function encryptionName(oid: string): string {
  const name = NAMES.get(oid)
  return name === undefined ? `encryption ${oid}` : `${name} (${oid})`
}
