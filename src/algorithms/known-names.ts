// What stands in certificates and messages of the field and is not supported, or not where it was met, so that an
// error can name it.
const NAMES = new Map([
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10040.4.3', 'DSA with SHA-1'],
  ['2.16.840.1.101.3.4.3.1', 'DSA with SHA-224'],
  ['2.16.840.1.101.3.4.3.2', 'DSA with SHA-256'],
  ['1.2.840.113549.1.3.1', 'Diffie-Hellman'],
  ['1.2.840.10046.2.1', 'Diffie-Hellman'],
  ['1.2.840.113549.1.1.2', 'RSA with MD2'],
  ['1.2.840.113549.1.1.7', 'RSAES-OAEP'],
  ['1.2.840.113549.1.1.14', 'RSA with SHA-224'],
  ['1.2.840.10045.4.3.1', 'ECDSA with SHA-224'],
  ['1.3.101.110', 'X25519'],
  ['1.3.101.111', 'X448'],
  ['1.2.840.10045.3.1.1', 'P-192'],
  ['1.3.132.0.10', 'secp256k1'],
  ['1.3.132.0.33', 'P-224'],
  ['1.3.36.3.3.2.8.1.1.7', 'brainpoolP256r1'],
  ['1.3.36.3.3.2.8.1.1.11', 'brainpoolP384r1'],
  ['1.3.36.3.3.2.8.1.1.13', 'brainpoolP512r1'],
  ['1.2.156.10197.1.301', 'SM2'],
  ['2.16.840.1.101.3.4.2.4', 'SHA-224'],
  ['2.16.840.1.101.3.4.2.8', 'SHA3-256'],
  ['2.16.840.1.101.3.4.2.9', 'SHA3-384'],
  ['2.16.840.1.101.3.4.2.10', 'SHA3-512'],
  ['2.16.840.1.101.3.4.2.11', 'SHAKE128'],
  ['1.3.6.1.5.5.7.6.30', 'RSASSA-PSS with SHAKE128'],
  ['1.3.6.1.5.5.7.6.31', 'RSASSA-PSS with SHAKE256'],
  ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44'],
  ['2.16.840.1.101.3.4.3.18', 'ML-DSA-65'],
  ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87'],
  ['1.2.643.2.2.9', 'GOST R 34.11-94'],
  ['1.2.643.2.2.19', 'GOST R 34.10-2001'],
  ['1.2.643.2.2.20', 'GOST R 34.10-94'],
  ['1.2.643.2.2.4', 'GOST R 34.10-94 with GOST R 34.11-94'],
  ['1.2.643.2.2.3', 'GOST R 34.10-2001 with GOST R 34.11-94'],
  ['1.2.643.7.1.1.1.1', 'GOST R 34.10-2012 (256 bits)'],
  ['1.2.643.7.1.1.1.2', 'GOST R 34.10-2012 (512 bits)'],
  ['1.2.643.7.1.1.2.2', 'Streebog-256'],
  ['1.2.643.7.1.1.2.3', 'Streebog-512'],
  ['1.2.643.7.1.1.3.2', 'GOST R 34.10-2012 with Streebog-256'],
  ['1.2.643.7.1.1.3.3', 'GOST R 34.10-2012 with Streebog-512'],
])

/** An OID for an error message, with its name where it is known: `DSA (1.2.840.10040.4.1)`. */
export function describeOid(oid: string): string {
  const name = NAMES.get(oid)
  return name === undefined ? oid : `${name} (${oid})`
}

/** Puts the field's name, where there is one, before a message. */
export function inField(field: string, message: string): string {
  return field === '' ? message : `${field}: ${message}`
}
