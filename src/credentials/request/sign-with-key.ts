import type { KeyObject } from 'node:crypto'
import {
  digest,
  type HashAlgorithm,
  nodeOptions,
  readPublicKeyShape,
  type SignatureAlgorithm,
  type SignatureAlgorithmChoice,
  signatureAlgorithmFor,
} from '../../algorithms/index.ts'
import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import { AlgorithmError, type AlgorithmErrorCode } from '../../errors.ts'
import { PrivateKey } from '../key/private-key.ts'
import { wipe } from '../wipe.ts'
import { webSign } from './web-crypto.ts'

/** A key that signs elsewhere: in a token, a service, a card. */
export interface ExternalKey {
  /** What {@link sign} makes. */
  readonly algorithm: SignatureAlgorithm
  /** SubjectPublicKeyInfo in DER. */
  readonly subjectPublicKeyInfo: Uint8Array
  /**
   * Signs.
   *
   * @param data the bytes to be hashed and signed
   * @returns the signature as X.509 carries it (ECDSA: DER SEQUENCE of r and s; GOST: s, then r)
   */
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** A private key, wherever it is: read from a file, of node:crypto, or one that signs elsewhere. */
export type RequestKey = PrivateKey | KeyObject | ExternalKey

/**
 * Makes one that signs of any key.
 *
 * @throws AlgorithmError for a kind of key that does not sign, or a choice that does not fit it
 * @throws TypeError for what is no private key, or a choice for a key that signs elsewhere
 */
export async function externalKeyOf(
  key: RequestKey,
  { hash, pss }: SignatureAlgorithmChoice,
): Promise<ExternalKey> {
  if (key instanceof PrivateKey) {
    if (key.isGost) return gostKey(key, { hash, pss })
    return nodeCrypto === undefined
      ? webKey(key, { hash, pss })
      : nodeKey(await key.toKeyObject(), { hash, pss })
  }
  if (nodeCrypto !== undefined && key instanceof nodeCrypto.KeyObject) return nodeKey(key, { hash, pss })
  if (!('sign' in key)) throw new TypeError('key must be a PrivateKey, a KeyObject, or an object that signs')
  if (hash !== undefined || pss)
    throw new TypeError('a key that signs elsewhere has its own hash and padding')
  return key
}

function gostKey(key: PrivateKey, choice: SignatureAlgorithmChoice): ExternalKey {
  const subjectPublicKeyInfo = key.subjectPublicKeyInfo as Uint8Array
  const algorithm = signatureAlgorithmFor(readPublicKeyShape(subjectPublicKeyInfo), choice)
  const hash = algorithm.hash as HashAlgorithm
  const sign = async (data: Uint8Array): Promise<Uint8Array> => {
    const gost = key.toGostKey()
    const signature = gost.sign(digest(hash, data))
    gost.wipe()
    return signature
  }
  return { algorithm, subjectPublicKeyInfo, sign }
}

function nodeKey(key: KeyObject, choice: SignatureAlgorithmChoice): ExternalKey {
  const node = nodeCrypto as NonNullable<typeof nodeCrypto>
  if (key.type !== 'private') throw new TypeError(`key must be a private key, not a ${key.type} one`)
  const subjectPublicKeyInfo = new Uint8Array(
    node.createPublicKey(key).export({ format: 'der', type: 'spki' }),
  )
  const algorithm = signatureAlgorithmFor(readPublicKeyShape(subjectPublicKeyInfo), choice)
  const sign = (data: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const input = { key, ...nodeOptions(algorithm) }
      node.sign(algorithm.hash?.node ?? null, data, input, (error, signature) =>
        error === null ? resolve(signature) : reject(cannotSign('ERR_KEY_INVALID', error)),
      )
    })
  return { algorithm, subjectPublicKeyInfo, sign }
}

function webKey(key: PrivateKey, choice: SignatureAlgorithmChoice): ExternalKey {
  const { subjectPublicKeyInfo } = key
  if (subjectPublicKeyInfo === undefined) throw cannotSign('ERR_ALGORITHM_UNAVAILABLE')
  const shape = readPublicKeyShape(subjectPublicKeyInfo)
  const algorithm = signatureAlgorithmFor(shape, choice)
  const sign = async (data: Uint8Array): Promise<Uint8Array> => {
    const pkcs8 = key.pkcs8()
    try {
      return await webSign(algorithm, shape, pkcs8, new Uint8Array(data))
    } finally {
      wipe(pkcs8)
    }
  }
  return { algorithm, subjectPublicKeyInfo, sign }
}

function cannotSign(code: AlgorithmErrorCode, cause?: unknown): AlgorithmError {
  return new AlgorithmError(code, 'nothing can be signed with this key here', { cause })
}
