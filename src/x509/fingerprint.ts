import { portableDigest } from '../algorithms/compression.ts'
import { nodeCrypto } from '../algorithms/node-crypto.ts'
import { toHex } from '../asn1/index.ts'

/** Hash of an encoding in lower-case hexadecimal, in a browser too. */
export function fingerprintOf(bytes: Uint8Array, hash: 'sha256' | 'sha1'): string {
  if (nodeCrypto !== undefined) return nodeCrypto.createHash(hash).update(bytes).digest('hex')
  return toHex(portableDigest(hash === 'sha1' ? 'SHA-1' : 'SHA-256', bytes))
}
