import { readPublicKeyShape } from '../algorithms/index.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'

/** `RSA 2048`, `EC P-256`, `Ed25519`; `unknown key`. */
export function keyName({ subjectPublicKeyInfo }: Certificate): string {
  try {
    const { type, bits, curve } = readPublicKeyShape(subjectPublicKeyInfo)
    return curve !== undefined ? `EC ${curve}` : type.startsWith('RSA') ? `${type} ${bits}` : type
  } catch (error) {
    if (error instanceof SealkitError) return 'unknown key'
    throw error
  }
}
