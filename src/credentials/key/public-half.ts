import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import { Oid } from '../../algorithms/oids.ts'
import { der, readDer } from '../../asn1/index.ts'
import { plainBytes } from '../encryption/plain-bytes.ts'

/** SubjectPublicKeyInfo of an RSAPrivateKey (RFC 8017 A.1.2): its first two numbers, without any computing. */
export function ofRsaNumbers(algorithm: Uint8Array, rsaPrivateKey: Uint8Array): Uint8Array {
  const [modulus, publicExponent] = readDer(rsaPrivateKey, 'RSAPrivateKey', (r) =>
    r.sequence('', (s) => {
      s.element('version')
      const numbers = [s.element('modulus').bytes, s.element('publicExponent').bytes] as const
      while (!s.done) s.element('')
      return numbers
    }),
  )
  return der.sequence([algorithm, der.bitString(der.sequence([modulus, publicExponent]))])
}

/**
 * SubjectPublicKeyInfo of a key whose public half must be computed.
 *
 * @param pkcs8 without a public key, which the platform would believe
 * @param algorithm of a key that is known, in DER
 * @returns undefined where the platform does not know the kind of key
 */
export async function computedPublicKey(
  pkcs8: Uint8Array,
  algorithm: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  if (nodeCrypto !== undefined) return byNode(pkcs8)
  return algorithm === undefined ? undefined : await byWebCrypto(pkcs8, algorithm)
}

function byNode(pkcs8: Uint8Array): Uint8Array | undefined {
  // Twice: Node 20 fails once for an error that an earlier call left in OpenSSL's queue.
  return attempt(pkcs8) ?? attempt(pkcs8)
}

function attempt(pkcs8: Uint8Array): Uint8Array | undefined {
  const node = nodeCrypto as NonNullable<typeof nodeCrypto>
  // A view: a copy would lie in the pool that small buffers share.
  const key = globalThis.Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length)
  try {
    const privateKey = node.createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    return new Uint8Array(node.createPublicKey(privateKey).export({ format: 'der', type: 'spki' }))
  } catch {
    return undefined
  }
}

const CURVES: ReadonlyMap<string, string> = new Map([
  [Oid.secp256r1, 'P-256'],
  [Oid.secp384r1, 'P-384'],
  [Oid.secp521r1, 'P-521'],
])

/** Imported and exported again as a JSON Web Key, which has the public half. */
async function byWebCrypto(pkcs8: Uint8Array, algorithm: Uint8Array): Promise<Uint8Array | undefined> {
  const { oid, curve } = readDer(algorithm, '', (r) =>
    r.sequence('', (s) => ({
      oid: s.oid('algorithm'),
      curve: s.done ? undefined : CURVES.get(s.oid('namedCurve')),
    })),
  )
  const name = oid === Oid.Ed25519 ? 'Ed25519' : oid === Oid.Ed448 ? 'Ed448' : 'ECDSA'
  const { subtle } = globalThis.crypto
  try {
    const parameters = curve === undefined ? { name } : { name, namedCurve: curve }
    const key = await subtle.importKey('pkcs8', plainBytes(pkcs8), parameters, true, ['sign'])
    const { x = '', y = '' } = await subtle.exportKey('jwk', key)
    const point = name === 'ECDSA' ? [4, ...fromBase64Url(x), ...fromBase64Url(y)] : fromBase64Url(x)
    return der.sequence([algorithm, der.bitString(Uint8Array.from(point))])
  } catch {
    // The browser does not know the curve (Ed448, Ed25519 in older ones), or wants the point (none does today).
    return undefined
  }
}

function fromBase64Url(text: string): number[] {
  return Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (octet) => octet.charCodeAt(0))
}
