/** OIDs of GOST keys and of the hashes that their parameters name (RFC 4357, RFC 4491, RFC 9215). */
export const GostOid = {
  gost3410_2001: '1.2.643.2.2.19',
  gost3410_2012_256: '1.2.643.7.1.1.1.1',
  gost3410_2012_512: '1.2.643.7.1.1.1.2',
  gost3411_94CryptoPro: '1.2.643.2.2.30.1',
  streebog256: '1.2.643.7.1.1.2.2',
} as const
