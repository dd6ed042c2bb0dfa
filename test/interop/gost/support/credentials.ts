/** Private keys of files, and whether they are a certificate's. */
import { readFileSync } from 'node:fs'
import { streebog } from '../../../../src/algorithms/gost/streebog.ts'
import { verifyGost } from '../../../../src/algorithms/gost/verify.ts'
import { importPublicKey } from '../../../../src/algorithms/index.ts'
import { matchesKey, type PrivateKey, readCredentials } from '../../../../src/credentials/index.ts'
import type { Certificate } from '../../../../src/x509/index.ts'

/** The one key of a text or of bytes. */
export async function privateKeyOf(input: string | Uint8Array, password?: string): Promise<PrivateKey> {
  const { keys } = await readCredentials(input, { password })
  if (keys.length !== 1 || keys[0] === undefined) throw new Error(`${keys.length} keys where one is wanted`)
  return keys[0].key
}

export function privateKeyIn(file: string, password?: string): Promise<PrivateKey> {
  return privateKeyOf(readFileSync(file), password)
}

/** Whether a key is a certificate's: by its numbers, and by a signature. */
export function belongTogether(certificate: Certificate, key: PrivateKey): boolean {
  if (key.subjectPublicKeyInfo === undefined) throw new Error('the key does not tell its public key')
  const publicKey = importPublicKey(key.subjectPublicKeyInfo)
  const { gost } = certificate.publicKey
  if (gost === undefined) throw new Error('the certificate has no GOST key')
  const digest = streebog(gost.parameterSet.bytes, Buffer.from('anything'))
  const signs =
    key.bits === certificate.publicKey.bits && verifyGost(gost, digest, key.toGostKey().sign(digest))
  if (signs !== matchesKey(certificate, publicKey)) throw new Error('signature and numbers differ')
  return signs
}
