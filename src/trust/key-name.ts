import { readPublicKeyShape } from '../algorithms/index.ts'
import { publicKeyName } from '../algorithms/key-name.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'

/** `RSA 2048`, `EC P-256`, `Ed25519`, `GOST 2012 256-bit A`; `unknown key`. */
export function keyName({ subjectPublicKeyInfo }: Certificate): string {
  try {
    return publicKeyName(readPublicKeyShape(subjectPublicKeyInfo))
  } catch (error) {
    if (error instanceof SealkitError) return 'unknown key'
    throw error
  }
}
