import { createHash } from 'node:crypto'
import { damaged, unsupported } from '../errors.ts'
import type { Part } from '../input.ts'
import type { Password } from '../password.ts'
import { wipe } from '../wipe.ts'
import {
  AES_128,
  AES_192,
  AES_256,
  CAMELLIA_128,
  CAMELLIA_192,
  CAMELLIA_256,
  type Cipher,
  DES_EDE3,
} from './cbc.ts'
import { unlock } from './encrypted-key.ts'
import type { Lock } from './lock.ts'

const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  ['AES-128-CBC', AES_128],
  ['AES-192-CBC', AES_192],
  ['AES-256-CBC', AES_256],
  ['DES-EDE3-CBC', DES_EDE3],
  ['CAMELLIA-128-CBC', CAMELLIA_128],
  ['CAMELLIA-192-CBC', CAMELLIA_192],
  ['CAMELLIA-256-CBC', CAMELLIA_256],
])

/** Whether a PEM block says that it is encrypted in the traditional way (RFC 1421 4.6.1.1). */
export function isTraditionallyEncrypted({ headers }: Part): boolean {
  return headers.has('Proc-Type') || headers.has('DEK-Info')
}

/**
 * Decrypts the traditional form: `Proc-Type: 4,ENCRYPTED` and `DEK-Info: cipher,IV`, the key from OpenSSL's
 * EVP_BytesToKey. Its one round of MD5 makes passwords cheap to guess; files of the kind are read, never written.
 *
 * @returns PKCS#1 or SEC 1, in bytes that the caller wipes
 * @throws CredentialError as `decryptPrivateKeyInfo`
 */
export async function decryptTraditional(
  part: Part,
  password: Password | undefined,
  what: string,
): Promise<Buffer> {
  if (part.headers.get('Proc-Type')?.replace(/\s/g, '') !== '4,ENCRYPTED') {
    throw damaged(`${what}: the header Proc-Type must be "4,ENCRYPTED"`)
  }
  const info = part.headers.get('DEK-Info')
  if (info === undefined) throw damaged(`${what}: the header DEK-Info is missing`)
  const [name = '', hex = ''] = info.split(',', 2).map((field) => field.trim())
  const cipher = CIPHERS.get(name.toUpperCase())
  if (cipher === undefined) {
    const hint =
      'write the key anew with AES: openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem -provider legacy -provider default'
    throw unsupported(`${what} is encrypted with ${printable(name)}, which is not supported`, hint)
  }
  if (!/^[0-9A-Fa-f]*$/.test(hex) || hex.length !== cipher.blockLength * 2) {
    throw damaged(`${what}: the IV in DEK-Info must be ${cipher.blockLength} bytes in hexadecimal`)
  }
  return await unlock(lockOf(cipher, Buffer.from(hex, 'hex')), part.bytes, password, what)
}

function lockOf(cipher: Cipher, iv: Uint8Array): Lock {
  return {
    cipher,
    derive: async (password) => ({ key: bytesToKey(password, iv.subarray(0, 8), cipher.keyLength), iv }),
  }
}

/** EVP_BytesToKey with MD5 and a count of 1: D_i = MD5(D_(i-1) || password || salt). */
function bytesToKey(password: Uint8Array, salt: Uint8Array, length: number): Buffer {
  const key = Buffer.alloc(length)
  let block = Buffer.alloc(0)
  for (let at = 0; at < length; at += block.length) {
    const next = createHash('md5').update(block).update(password).update(salt).digest()
    wipe(block)
    block = next
    block.copy(key, at)
  }
  wipe(block)
  return key
}

function printable(name: string): string {
  const clean = name.slice(0, 32).replace(/[^\x20-\x7e]/g, '?')
  return clean === '' ? 'a cipher that DEK-Info does not name' : clean
}
