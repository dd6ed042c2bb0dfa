import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importPublicKey, type PublicKey } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { root } from '../support/tools.ts'

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** The code of the SealkitError that `run` throws; anything else it throws or returns is shown as it is. */
export function codeOf(run: () => unknown): string {
  try {
    return `returned ${String(run())}`
  } catch (error) {
    return error instanceof SealkitError ? error.code : String(error)
  }
}

/** The error that `run` throws. */
export function errorOf(run: () => unknown): SealkitError {
  try {
    run()
  } catch (error) {
    if (error instanceof SealkitError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** SubjectPublicKeyInfo from an algorithm's parts and the bare key. */
export function spki(algorithm: readonly Uint8Array[], key: Uint8Array): Uint8Array {
  return der.sequence([der.sequence(algorithm), der.bitString(key)])
}

export const rsaEncryption = der.oid('1.2.840.113549.1.1.1')
export const ecPublicKey = der.oid('1.2.840.10045.2.1')

export function rsaSpki(modulus: bigint, exponent: bigint): Uint8Array {
  return spki([rsaEncryption, der.null()], der.sequence([der.integer(modulus), der.integer(exponent)]))
}

export function edSpki(type: 'Ed25519' | 'Ed448', key: Uint8Array): Uint8Array {
  return spki([der.oid(type === 'Ed25519' ? '1.3.101.112' : '1.3.101.113')], key)
}

export function exportSpki(key: KeyObject): Uint8Array {
  return Uint8Array.from(key.export({ format: 'der', type: 'spki' }))
}

interface Pair {
  publicKey: PublicKey
  privateKey: KeyObject
}

function pair(keys: { publicKey: KeyObject; privateKey: KeyObject }): Pair {
  return { publicKey: importPublicKey(exportSpki(keys.publicKey)), privateKey: keys.privateKey }
}

export const generate = {
  rsa: (modulusLength = 2048): Pair => pair(generateKeyPairSync('rsa', { modulusLength })),
  ec: (namedCurve: string): Pair => pair(generateKeyPairSync('ec', { namedCurve })),
  ed25519: (): Pair => pair(generateKeyPairSync('ed25519')),
  ed448: (): Pair => pair(generateKeyPairSync('ed448')),
}

/** A file of the project's own vectors. */
export function vector(...path: readonly string[]): string {
  return readFileSync(join(root, 'vectors', ...path), 'utf8')
}
