/** The keys and certificates of vectors/cms/pki, and KeySigners straight on node:crypto. */
import { createPrivateKey, type KeyObject, sign as nodeSign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  nodeOptions,
  type SignatureAlgorithmChoice,
  signatureAlgorithmFor,
} from '../../../src/algorithms/index.ts'
import type { KeySigner } from '../../../src/signer/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { root } from '../../support/tools.ts'

/** Signers that everything works with: one for each kind of key. */
export const LEAVES = ['rsa', 'rsapss', 'p256', 'p384', 'p521', 'ed25519', 'ed448'] as const

/**
 * `other` is a second RSA key, `weak` RSA-1024, `bare` has no extensions, `tsa` is for timestamping alone.
 */
export type IdentityName =
  | (typeof LEAVES)[number]
  | 'other'
  | 'weak'
  | 'bare'
  | 'tsa'
  | 'root'
  | 'intermediate'

export interface Identity {
  readonly certificate: Certificate
  readonly privateKey: KeyObject
}

/** A file of vectors/cms. */
export function vector(name: string): Uint8Array {
  return new Uint8Array(readFileSync(vectorPath(name)))
}

export function vectorPath(name: string): string {
  return join(root, 'vectors', 'cms', name)
}

/** What the messages of vectors/cms were made over. */
export const VECTOR_CONTENT: Uint8Array = vector('content.txt')

const known = new Map<IdentityName, Identity>()

export function identity(name: IdentityName): Identity {
  const found = known.get(name)
  if (found !== undefined) return found
  const certificate = Certificate.fromPem(vector(`pki/${name}.crt`))
  const made = { certificate, privateKey: createPrivateKey(Buffer.from(vector(`pki/${name}.key`))) }
  known.set(name, made)
  return made
}

/** A key that signs at once, in the calling thread. */
export function keySigner(name: IdentityName, choice: SignatureAlgorithmChoice = {}): KeySigner {
  const { certificate, privateKey } = identity(name)
  const algorithm = signatureAlgorithmFor(certificate.publicKey, choice)
  return {
    certificate,
    chain: [identity('intermediate').certificate, identity('root').certificate],
    algorithm,
    async sign(data) {
      return nodeSign(algorithm.hash?.node, data, { key: privateKey, ...nodeOptions(algorithm) })
    },
    async [Symbol.asyncDispose]() {},
  }
}
