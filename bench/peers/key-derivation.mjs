/** The key derivations of a PKCS#12 file, and nothing else of opening it. */
import { createHash, hash, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { sha1 } from '@noble/hashes/legacy.js'
import forge from 'node-forge'
import { pkcs12Kdf } from '../../dist/src/credentials/encryption/pkcs12-kdf.js'
import { password } from '../p12.mjs'

const pbkdf2Async = promisify(pbkdf2)
const salt = randomBytes(16)
const utf8 = Buffer.from(password)
const bmp = Buffer.from(`${password}\0`, 'utf16le').swap16()

/**
 * What opening a file of `p12.mjs` derives: one for the certificates, one for the key, one for the MAC.
 * @param {import('../p12.mjs').Protection} protection
 * @param {number} iterations
 * @returns {(() => Promise<unknown>)[]}
 */
export function derivations(protection, iterations) {
  if (protection === 'AES') {
    const aes = () => pbkdf2Async(utf8, salt, iterations, 32, 'sha256')
    return [aes, aes, () => pkcs12Kdf('SHA-256', bmp, salt, iterations, 'mac', 32)]
  }
  const kdf = (purpose, length) => () => pkcs12Kdf('SHA-1', bmp, salt, iterations, purpose, length)
  return [kdf('key', 24), kdf('iv', 8), kdf('key', 24), kdf('iv', 8), kdf('mac', 20)]
}

/** @param {(() => Promise<unknown>)[]} all */
export async function oneByOne(all) {
  for (const derive of all) await derive()
}

/** @param {(() => Promise<unknown>)[]} all */
export async function atOnce(all) {
  await Promise.all(all.map((derive) => derive()))
}

/** The PKCS#12 key derivation with SHA-1 for 24 bytes, a triple DES key: by sealkit, and by others' SHA-1. */
export const kdf = {
  sealkit: (iterations) => () => pkcs12Kdf('SHA-1', bmp, salt, iterations, 'key', 24),
  forge(iterations) {
    const bytes = forge.util.createBuffer(salt.toString('latin1'))
    return () => forge.pkcs12.generateKey(password, bytes, 1, iterations, 24)
  },
  createHash: (iterations) => () =>
    twoBlocks(iterations, (bytes) => createHash('sha1').update(bytes).digest()),
  hash: (iterations) => () => twoBlocks(iterations, (bytes) => hash('sha1', bytes, 'buffer')),
  noble: (iterations) => () => twoBlocks(iterations, sha1),
}

/** 24 bytes are two blocks of SHA-1; what stands between the blocks is nothing beside 1.2 million hashes. */
function twoBlocks(iterations, digest) {
  for (let block = 0; block < 2; block++) {
    let bytes = digest(Buffer.concat([Buffer.alloc(64, 1), salt, bmp]))
    for (let i = 1; i < iterations; i++) bytes = digest(bytes)
  }
}
