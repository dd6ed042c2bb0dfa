import type { KeyObject } from 'node:crypto'
import {
  importPublicKey,
  nodeOptions,
  type PublicKey,
  signatureAlgorithmFor,
  verifySignature,
} from '../../algorithms/index.ts'
import { needNodeCrypto } from '../../algorithms/node-crypto.ts'
import { der } from '../../asn1/index.ts'
import { AlgorithmError } from '../../errors.ts'
import { damaged, reading } from '../errors.ts'
import { sameKey } from '../match.ts'
import { wipe } from '../wipe.ts'
import type { PlainKey } from './plain-key.ts'

/**
 * Imports a checked key into node:crypto and tries it: a public key that the file carries must be the key's
 * own, and a signature made with it must verify. Numbers that do not belong together would otherwise sign
 * wrongly, and a wrong signature can give an RSA key away.
 *
 * @param what the key, for errors
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT`, `ERR_CREDENTIAL_UNSUPPORTED`
 */
export async function importKey(plain: PlainKey, what: string): Promise<KeyObject> {
  const key = toKeyObject(plain, what)
  const publicKey = publicKeyOf(key, what)
  if (plain.publicKey !== undefined) {
    const { algorithm, publicKey: bits } = plain
    const carried = reading(what, () => importPublicKey(der.sequence([algorithm, der.bitString(bits)])))
    if (!sameKey(carried, publicKey)) {
      throw damaged(`${what}: the file carries the public key of another private key`)
    }
  }
  if (!(await signsRightly(key, publicKey))) {
    throw damaged(`${what}: the numbers of the key do not belong together`)
  }
  return key
}

/**
 * The public key of a private key, checked.
 *
 * @param key of node:crypto, from `readPrivateKey` or elsewhere
 * @param what the key, for errors
 * @throws CredentialError `ERR_CREDENTIAL_UNSUPPORTED` for a kind of key that sealkit does not sign with
 * @throws TypeError where the key is no private one
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { publicKeyOf } from 'sealkit/credentials'
 * const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
 * publicKeyOf(privateKey).curve // 'P-256'
 * ```
 */
export function publicKeyOf(key: KeyObject, what = 'the private key'): PublicKey {
  if (key.type !== 'private')
    throw new TypeError(`${what}: a private KeyObject is needed, not a ${key.type} one`)
  return reading(what, () => {
    const spki = needNodeCrypto('a KeyObject').createPublicKey(key).export({ format: 'der', type: 'spki' })
    return importPublicKey(spki)
  })
}

function toKeyObject({ algorithm, privateKey, copied }: PlainKey, what: string): KeyObject {
  const octets = der.octetString(privateKey)
  const pkcs8 = der.sequence([der.integer(0), algorithm, octets])
  try {
    // Twice: Node 20 fails once for an error that an earlier call left in OpenSSL's queue (e.g. KeyObject.equals
    // for keys of two kinds), whoever made it.
    const key = attempt(pkcs8) ?? attempt(pkcs8)
    if (key !== undefined) return key
    throw damaged(`${what}: the values make no valid private key`)
  } finally {
    wipe(octets, pkcs8, copied ? privateKey : undefined)
  }
}

/** Without OpenSSL's error: it says nothing, and nothing of the key may get out. */
function attempt(pkcs8: Uint8Array): KeyObject | undefined {
  const { createPrivateKey } = needNodeCrypto('a KeyObject')
  const key = globalThis.Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length)
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  } catch {
    return undefined
  }
}

const PROBE = new TextEncoder().encode('sealkit: does the private key fit its public key?')

async function signsRightly(key: KeyObject, publicKey: PublicKey): Promise<boolean> {
  let algorithm: ReturnType<typeof signatureAlgorithmFor>
  try {
    algorithm = signatureAlgorithmFor(publicKey)
  } catch (error) {
    // A key restricted to SHA-1, or too short for its salt: it can be read, and signs nothing.
    if (error instanceof AlgorithmError) return true
    throw error
  }
  const signature = await new Promise<Uint8Array | undefined>((resolve) => {
    const input = { key, ...nodeOptions(algorithm) }
    needNodeCrypto('signing').sign(algorithm.hash?.node ?? null, PROBE, input, (error, made) =>
      resolve(error ? undefined : made),
    )
  })
  if (signature === undefined) return false
  return verifySignature(algorithm, publicKey, PROBE, signature, { minRsaBits: 0 })
}
