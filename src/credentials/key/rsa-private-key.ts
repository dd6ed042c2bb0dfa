import { type DerReader, readDer } from '../../asn1/index.ts'
import { AlgorithmError } from '../../errors.ts'

// Above it, one signature costs more than a hostile file should be able to ask for.
const MAX_RSA_BYTES = 16_384 / 8

/**
 * Checks the form of an RSAPrivateKey (RFC 8017 A.1.2): two primes, positive numbers, a modulus of bounded size.
 * Whether the numbers belong together is told by a signature made with them.
 */
export function checkRsaPrivateKey(bytes: Uint8Array): void {
  readDer(bytes, 'RSAPrivateKey', (r) =>
    r.sequence('', (s) => {
      if (s.smallInteger('version', 0, 1) === 1) {
        const hint = 'a key of two primes is needed: openssl genpkey -algorithm RSA makes one'
        throw new AlgorithmError(
          'ERR_ALGORITHM_UNKNOWN',
          'RSA keys of more than two primes are not supported',
          { hint },
        )
      }
      for (const field of FIELDS) positive(s, field)
    }),
  )
}

const FIELDS = [
  ...['modulus', 'publicExponent', 'privateExponent', 'prime1', 'prime2'],
  ...['exponent1', 'exponent2', 'coefficient'],
]

function positive(reader: DerReader, field: string): void {
  const at = reader.offset
  const integer = reader.integerBytes(field)
  const first = integer[0] as number
  if (first >= 0x80 || (first === 0 && integer.length === 1)) {
    reader.fail('ERR_ASN1_VALUE', 'must be positive', at, field)
  }
  if (integer.length > MAX_RSA_BYTES + 1) {
    reader.fail('ERR_ASN1_LIMIT', `more than ${MAX_RSA_BYTES * 8} bits`, at, field)
  }
}
