import type { webcrypto } from 'node:crypto'
import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import { concatBytes } from '../../asn1/index.ts'
import { unsupported } from '../errors.ts'
import { wipe } from '../wipe.ts'
import { type ForgeCipherName, forgeCbc } from './forge-cipher.ts'
import { plainBytes } from './plain-bytes.ts'
import { rc4 } from './rc4.ts'

/** A cipher of password-based encryption; lengths in bytes. */
export interface Cipher {
  /** For people: `AES-256-CBC`, `RC2-40-CBC`. */
  readonly name: string
  readonly keyLength: number
  /** 1 for a stream cipher. */
  readonly blockLength: number
  readonly weak: boolean
  readonly kind: 'aes' | 'forge' | 'camellia' | 'rc4'
  /** Its name in node:crypto, where every build should have it. */
  readonly node?: string
  /** Set for `forge`. */
  readonly forge?: ForgeCipherName
  /** Set for RC2. */
  readonly effectiveBits?: number
}

function aes(bits: 128 | 192 | 256): Cipher {
  const node = `aes-${bits}-cbc`
  return { name: `AES-${bits}-CBC`, keyLength: bits / 8, blockLength: 16, weak: false, kind: 'aes', node }
}
function camellia(bits: 128 | 192 | 256): Cipher {
  return {
    name: `Camellia-${bits}-CBC`,
    keyLength: bits / 8,
    blockLength: 16,
    weak: false,
    kind: 'camellia',
    node: `camellia-${bits}-cbc`,
  }
}
function old(name: string, forge: ForgeCipherName, keyLength: number): Cipher {
  return { name, forge, keyLength, blockLength: 8, weak: true, kind: 'forge' }
}

export const AES_128: Cipher = aes(128)
export const AES_192: Cipher = aes(192)
export const AES_256: Cipher = aes(256)
export const CAMELLIA_128: Cipher = camellia(128)
export const CAMELLIA_192: Cipher = camellia(192)
export const CAMELLIA_256: Cipher = camellia(256)
export const DES: Cipher = old('DES-CBC', 'DES-CBC', 8)
export const TRIPLE_DES: Cipher = { ...old('3DES-CBC', '3DES-CBC', 24), node: 'des-ede3-cbc' }
export const RC4_128: Cipher = { name: 'RC4-128', keyLength: 16, blockLength: 1, weak: true, kind: 'rc4' }
export const RC4_40: Cipher = { ...RC4_128, name: 'RC4-40', keyLength: 5 }

/** RC2 with a key of so many bytes, of which so many bits count (RFC 2268). */
export function rc2(keyLength: number, effectiveBits: number): Cipher {
  return { ...old(`RC2-${effectiveBits}-CBC`, 'RC2-CBC', keyLength), effectiveBits }
}

/**
 * Decrypts, and takes the padding off (RFC 8018 6.1.1).
 *
 * @param data whole blocks, one at least
 * @returns bytes that the caller wipes; undefined where the padding is wrong, as a wrong key makes it
 */
export async function decrypt(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // At once, where WebCrypto would take its way over a pool of threads.
  const decipher = nodeDecipher(cipher, key, iv)
  if (decipher !== undefined) return finished(decipher, data)
  switch (cipher.kind) {
    case 'rc4':
      return rc4(key, data)
    case 'camellia':
      throw unsupported(
        `${cipher.name} is not available here`,
        'decrypt it with openssl, or with a build of Node that has it',
      )
    case 'aes': {
      const imported = await importAes(key, 'decrypt')
      if (imported !== undefined) return await decryptAes(imported, iv, data)
      return unpadded(await forgeCbc('AES-CBC', 'decrypt', key, iv, data, 0), cipher.blockLength)
    }
    case 'forge': {
      const { forge = 'DES-CBC', effectiveBits = 0 } = cipher
      return unpadded(await forgeCbc(forge, 'decrypt', key, iv, data, effectiveBits), cipher.blockLength)
    }
  }
}

/** Puts the padding on and encrypts. */
export async function encrypt(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const imported = cipher.kind === 'aes' ? await importAes(key, 'encrypt') : undefined
  if (imported !== undefined) {
    const algorithm = { name: 'AES-CBC', iv: plainBytes(iv) }
    return new Uint8Array(await globalThis.crypto.subtle.encrypt(algorithm, imported, plainBytes(data)))
  }
  const whole = padded(data, cipher.blockLength)
  try {
    const name = cipher.kind === 'aes' ? 'AES-CBC' : (cipher.forge ?? 'DES-CBC')
    return await forgeCbc(name, 'encrypt', key, iv, whole, cipher.effectiveBits ?? 0)
  } finally {
    wipe(whole)
  }
}

/** undefined where WebCrypto does not have AES with 192 bits: Chrome's. */
async function importAes(
  key: Uint8Array,
  usage: 'encrypt' | 'decrypt',
): Promise<webcrypto.CryptoKey | undefined> {
  try {
    return await globalThis.crypto.subtle.importKey('raw', plainBytes(key), 'AES-CBC', false, [usage])
  } catch (error) {
    if (key.length === 24) return undefined
    throw error
  }
}

async function decryptAes(
  key: webcrypto.CryptoKey,
  iv: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const algorithm = { name: 'AES-CBC', iv: plainBytes(iv) }
    return new Uint8Array(await globalThis.crypto.subtle.decrypt(algorithm, key, plainBytes(data)))
  } catch {
    // OperationError: the padding. Key, IV and whole blocks are checked before.
    return undefined
  }
}

type Decipher = ReturnType<NonNullable<typeof nodeCrypto>['createDecipheriv']>

/** undefined in a browser, and where this build of Node lacks the cipher. */
function nodeDecipher({ node }: Cipher, key: Uint8Array, iv: Uint8Array): Decipher | undefined {
  if (nodeCrypto === undefined || node === undefined) return undefined
  try {
    return nodeCrypto.createDecipheriv(node, key, iv)
  } catch {
    return undefined
  }
}

function finished(decipher: Decipher, data: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const parts = [decipher.update(data)]
  try {
    parts.push(decipher.final())
    return concatBytes(parts)
  } catch {
    return undefined
  } finally {
    wipe(...parts)
  }
}

function padded(data: Uint8Array, block: number): Uint8Array<ArrayBuffer> {
  const count = block - (data.length % block)
  const whole = new Uint8Array(data.length + count).fill(count)
  whole.set(data)
  return whole
}

function unpadded(whole: Uint8Array<ArrayBuffer>, block: number): Uint8Array<ArrayBuffer> | undefined {
  const count = whole.at(-1) ?? 0
  const right = count >= 1 && count <= block && whole.subarray(-count).every((octet) => octet === count)
  const plain = right ? whole.slice(0, -count) : undefined
  wipe(whole)
  return plain
}
