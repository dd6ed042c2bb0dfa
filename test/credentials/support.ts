import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { CredentialError } from '../../src/errors.ts'
import { root } from '../support/tools.ts'

/** Path of a file made by vectors/make-keys.sh. */
export const vectorPath = (name: string): string => join(root, 'vectors', 'keys', name)

/** Bytes of such a file. */
export const vector = (name: string): Uint8Array => new Uint8Array(readFileSync(vectorPath(name)))

/** SubjectPublicKeyInfo, to compare keys by. */
export const spkiOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')

/** What a file begins with says which key it is a form of: `p256.pbes2-….pem` of `p256.pkcs8.pem`. */
export const spkiOfVector = (name: string): string =>
  spkiOf(createPrivateKey(readFileSync(vectorPath(`${name.split('.')[0]}.pkcs8.pem`))))

/** The error of something that must fail with a CredentialError. */
export async function failure(action: () => unknown): Promise<CredentialError> {
  try {
    await action()
  } catch (error) {
    expect(error).toBeInstanceOf(CredentialError)
    return error as CredentialError
  }
  throw new Error('it did not fail')
}

/** The code of that error, without the prefix that all have. */
export async function codeOf(action: () => unknown): Promise<string> {
  return (await failure(action)).code.replace('ERR_CREDENTIAL_', '')
}
