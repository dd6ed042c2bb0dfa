import { type GostParameterSet, gostParameterSet } from '../algorithms/gost/parameter-sets.ts'
import { generateGostKey } from '../algorithms/gost/private-key.ts'
import { nodeCrypto } from '../algorithms/node-crypto.ts'
import { AlgorithmError } from '../errors.ts'
import { encodeGostPrivateKey } from './key/gost-key.ts'
import { PrivateKey } from './key/private-key.ts'
import { wipe } from './wipe.ts'

/** Kinds of keys that {@link generateKey} makes. */
export type GeneratedKeyType =
  | 'RSA-2048'
  | 'RSA-3072'
  | 'RSA-4096'
  | 'P-256'
  | 'P-384'
  | 'P-521'
  | 'Ed25519'
  | 'Ed448'
  | GeneratedGostType

/** GOST R 34.10-2012 by size and parameter set of TC 26 (RFC 7836, RFC 9215). */
export type GeneratedGostType =
  | 'GOST3410-2012-256-A'
  | 'GOST3410-2012-256-B'
  | 'GOST3410-2012-256-C'
  | 'GOST3410-2012-256-D'
  | 'GOST3410-2012-512-A'
  | 'GOST3410-2012-512-B'
  | 'GOST3410-2012-512-C'

const GOST_SETS: Readonly<Record<GeneratedGostType, string>> = {
  'GOST3410-2012-256-A': '1.2.643.7.1.2.1.1.1',
  'GOST3410-2012-256-B': '1.2.643.7.1.2.1.1.2',
  'GOST3410-2012-256-C': '1.2.643.7.1.2.1.1.3',
  'GOST3410-2012-256-D': '1.2.643.7.1.2.1.1.4',
  'GOST3410-2012-512-A': '1.2.643.7.1.2.1.2.1',
  'GOST3410-2012-512-B': '1.2.643.7.1.2.1.2.2',
  'GOST3410-2012-512-C': '1.2.643.7.1.2.1.2.3',
}

const TYPES: readonly GeneratedKeyType[] = [
  ...(['RSA-2048', 'RSA-3072', 'RSA-4096'] as const),
  ...(['P-256', 'P-384', 'P-521'] as const),
  ...(['Ed25519', 'Ed448'] as const),
  ...(Object.keys(GOST_SETS) as GeneratedGostType[]),
]

/**
 * Makes a new private key from the system's random numbers, in Node or in a browser.
 *
 * @param type RSA with the size of its modulus in bits (exponent 65537), a curve of NIST, an Edwards curve (Ed448 in
 *   Node only, Ed25519 in a browser that has it), or GOST R 34.10-2012 by its size and TC 26's parameter set
 * @throws AlgorithmError `ERR_KEY_WEAK` for RSA below 2048 bits, `ERR_ALGORITHM_UNAVAILABLE` where the browser
 *   cannot make the key; TypeError for another type
 * @see FIPS 186-5, RFC 8410, RFC 7836
 * @example
 * ```ts
 * import { generateKey } from 'sealkit/credentials'
 * const key = await generateKey('P-256')
 * key.name // 'EC P-256'
 * ```
 */
export async function generateKey(type: GeneratedKeyType): Promise<PrivateKey> {
  if (!TYPES.includes(type)) {
    if (/^RSA-(\d{1,3}|1\d{3}|20[0-3]\d|204[0-7])$/.test(type)) {
      const hint = 'RSA-2048 is the least, RSA-3072 the better choice'
      throw new AlgorithmError('ERR_KEY_WEAK', `${type} is not safe`, { hint })
    }
    throw new TypeError(`the type of a key must be one of ${TYPES.join(', ')}`)
  }
  const pkcs8 = await generate(type)
  try {
    return await PrivateKey.fromPkcs8(pkcs8, 'the new key')
  } finally {
    wipe(pkcs8)
  }
}

function generate(type: GeneratedKeyType): Promise<Uint8Array> {
  if (isGost(type)) return byOurselves(type)
  // WebCrypto of Node 20 prints a warning for the Edwards curves.
  if (type.startsWith('Ed') && nodeCrypto !== undefined) return byNode(type as 'Ed25519' | 'Ed448')
  return byWebCrypto(type)
}

function isGost(type: GeneratedKeyType): type is GeneratedGostType {
  return Object.hasOwn(GOST_SETS, type)
}

async function byOurselves(type: GeneratedGostType): Promise<Uint8Array> {
  const key = generateGostKey(gostParameterSet(GOST_SETS[type]) as GostParameterSet)
  const pkcs8 = encodeGostPrivateKey(key)
  key.wipe()
  return pkcs8
}

function byNode(type: 'Ed25519' | 'Ed448'): Promise<Uint8Array> {
  const node = nodeCrypto as NonNullable<typeof nodeCrypto>
  const encoding = {
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
    publicKeyEncoding: { format: 'der', type: 'spki' },
  } as const
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, _: Uint8Array, privateKey: Uint8Array): void =>
      error === null ? resolve(privateKey) : reject(error)
    if (type === 'Ed25519') node.generateKeyPair('ed25519', encoding, done)
    else node.generateKeyPair('ed448', encoding, done)
  })
}

async function byWebCrypto(type: GeneratedKeyType): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto
  try {
    const pair = (await subtle.generateKey(parameters(type), true, ['sign', 'verify'])) as CryptoKeyPair
    return new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey))
  } catch (cause) {
    const hint = 'make an RSA key or an EC key on P-256, or make it in Node'
    const message = `a key of type ${type} is not available in this browser`
    throw new AlgorithmError('ERR_ALGORITHM_UNAVAILABLE', message, { hint, cause })
  }
}

type CryptoKeyPair = { readonly privateKey: Parameters<SubtleCrypto['exportKey']>[1] }
type SubtleCrypto = typeof globalThis.crypto.subtle

function parameters(type: GeneratedKeyType) {
  if (type.startsWith('RSA-')) {
    const modulusLength = Number(type.slice('RSA-'.length))
    const publicExponent = Uint8Array.of(1, 0, 1)
    return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength, publicExponent }
  }
  return type.startsWith('P-') ? { name: 'ECDSA', namedCurve: type } : { name: type }
}
