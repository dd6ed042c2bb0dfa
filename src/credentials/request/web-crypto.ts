import type { CurveName, PublicKeyShape, SignatureAlgorithm } from '../../algorithms/index.ts'
import { RSA_ENCRYPTION_DER } from '../../algorithms/index.ts'
import { hasRightLength } from '../../algorithms/strength.ts'
import { der, readDer } from '../../asn1/index.ts'
import { AlgorithmError, Asn1Error } from '../../errors.ts'
import { derSignature, rawSignature } from './ecdsa-signature.ts'

type ImportParameters = { name: string; hash?: string; namedCurve?: string }
type SignParameters = { name: string; hash?: string; saltLength?: number }

/**
 * Signs with WebCrypto, where there is no node:crypto.
 *
 * @param pkcs8 the private key; the caller wipes it
 * @returns the signature as X.509 carries it
 * @throws AlgorithmError `ERR_ALGORITHM_UNAVAILABLE` where the platform's WebCrypto lacks the algorithm
 */
export async function webSign(
  algorithm: SignatureAlgorithm,
  shape: PublicKeyShape,
  pkcs8: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const { imported, used } = parameters(algorithm, shape.curve)
  const raw = await available(algorithm, async () => {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, imported, false, ['sign'])
    return crypto.subtle.sign(used, key, data)
  })
  const signature = new Uint8Array(raw)
  return algorithm.scheme === 'ECDSA' ? derSignature(signature) : signature
}

/** Verifies with WebCrypto; strength and fit are the caller's. */
export async function webVerify(
  algorithm: SignatureAlgorithm,
  shape: PublicKeyShape,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { imported, used } = parameters(algorithm, shape.curve)
  const raw = shape.curve === undefined ? new Uint8Array(signature) : ecdsa(signature, shape.curve)
  if (raw === undefined || !hasRightLength(signature, shape)) return false
  return available(algorithm, async () => {
    const spki = shape.type === 'RSA-PSS' ? asRsa(shape.spki) : new Uint8Array(shape.spki)
    const key = await crypto.subtle.importKey('spki', spki, imported, false, ['verify'])
    return crypto.subtle.verify(used, key, raw, new Uint8Array(data))
  })
}

function ecdsa(signature: Uint8Array, curve: CurveName): Uint8Array<ArrayBuffer> | undefined {
  try {
    return rawSignature(signature, curve)
  } catch (error) {
    if (error instanceof Asn1Error) return undefined
    throw error
  }
}

function parameters(
  { scheme, hash, pss }: SignatureAlgorithm,
  curve: CurveName | undefined,
): { imported: ImportParameters; used: SignParameters } {
  const named = hash === undefined ? {} : { hash: hash.name }
  switch (scheme) {
    case 'RSASSA-PKCS1-v1_5':
      return { imported: { name: scheme, ...named }, used: { name: scheme } }
    case 'RSASSA-PSS':
      if (pss === undefined || pss.hash !== pss.mgfHash) throw unavailable('this form of RSASSA-PSS')
      return {
        imported: { name: 'RSA-PSS', ...named },
        used: { name: 'RSA-PSS', saltLength: pss.saltLength },
      }
    case 'ECDSA':
      return { imported: { name: scheme, namedCurve: curve ?? '' }, used: { name: scheme, ...named } }
    default:
      return { imported: { name: scheme }, used: { name: scheme } }
  }
}

/** WebCrypto knows RSA keys as rsaEncryption only. */
function asRsa(spki: Uint8Array): Uint8Array<ArrayBuffer> {
  const key = readDer(spki, 'SubjectPublicKeyInfo', (r) =>
    r.sequence('', (s) => {
      s.element('algorithm')
      return s.bitStringBytes('subjectPublicKey')
    }),
  )
  return der.sequence([RSA_ENCRYPTION_DER, der.bitString(key)])
}

async function available<T>({ scheme }: SignatureAlgorithm, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (cause) {
    throw unavailable(scheme, cause)
  }
}

function unavailable(what: string, cause?: unknown): AlgorithmError {
  const hint = 'use an RSA key or an EC key on P-256, or do it in Node'
  const message = `${what} with this key is not available in this browser`
  return new AlgorithmError('ERR_ALGORITHM_UNAVAILABLE', message, { hint, cause })
}
