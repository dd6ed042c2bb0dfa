/** PKCS#12 files as `openssl pkcs12 -export` makes them, and the key derivations that opening one takes. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder, identity } from './keys.mjs'

export const password = 'correct horse battery'

/** @typedef {'AES' | '3DES'} Protection */

/** OpenSSL's default since version 3, and that of the versions before it. */
const OPTIONS = {
  AES: ['-keypbe', 'AES-256-CBC', '-certpbe', 'AES-256-CBC', '-macalg', 'sha256'],
  '3DES': ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
}

/**
 * A file with an RSA-2048 key and its certificate.
 * @param {Protection} protection
 * @param {number} iterations of each derivation
 * @returns {Promise<Buffer | undefined>} undefined where OpenSSL is not installed
 */
export async function p12(protection, iterations) {
  const { keyFile, certificateFile } = await identity('RSA-2048')
  const file = join(folder, `${protection}-${iterations}.p12`)
  const args = ['pkcs12', '-export', '-inkey', keyFile, '-in', certificateFile, '-out', file]
  const settings = [...OPTIONS[protection], '-iter', String(iterations), '-passout', 'stdin']
  const { error, status, stderr } = spawnSync('openssl', [...args, ...settings], { input: password })
  if (error !== undefined) return undefined
  if (status !== 0) throw new Error(`openssl pkcs12 failed: ${stderr}`)
  return readFileSync(file)
}
