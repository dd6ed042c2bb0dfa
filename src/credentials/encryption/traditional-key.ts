import { damaged, unsupported } from '../errors.ts'
import type { Part } from '../input.ts'
import { wipe } from '../wipe.ts'
import {
  AES_128,
  AES_192,
  AES_256,
  CAMELLIA_128,
  CAMELLIA_192,
  CAMELLIA_256,
  type Cipher,
  DES,
  TRIPLE_DES,
} from './ciphers.ts'
import type { LockedKey } from './encrypted-key.ts'
import { type Lock, lockOf } from './lock.ts'
import { md5 } from './md5.ts'

const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  ['AES-128-CBC', AES_128],
  ['AES-192-CBC', AES_192],
  ['AES-256-CBC', AES_256],
  ['DES-EDE3-CBC', TRIPLE_DES],
  ['DES-CBC', DES],
  ['CAMELLIA-128-CBC', CAMELLIA_128],
  ['CAMELLIA-192-CBC', CAMELLIA_192],
  ['CAMELLIA-256-CBC', CAMELLIA_256],
])

/** Whether a PEM block says that it is encrypted in the traditional way (RFC 1421 4.6.1.1). */
export function isTraditionallyEncrypted({ headers }: Part): boolean {
  return headers.has('Proc-Type') || headers.has('DEK-Info')
}

/**
 * Reads the traditional form: `Proc-Type: 4,ENCRYPTED` and `DEK-Info: cipher,IV`, the key from OpenSSL's
 * EVP_BytesToKey. Its one round of MD5 makes passwords cheap to guess; files of the kind are read, never written.
 *
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT`, `_UNSUPPORTED`
 */
export function readTraditional(part: Part, what: string): LockedKey {
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
  return { lock: traditionalLock(cipher, fromHex(hex)), data: part.bytes }
}

/** The lock of a traditional PEM block. */
function traditionalLock(cipher: Cipher, iv: Uint8Array): Lock {
  const layer = {
    algorithm: `traditional PEM ${cipher.name}`,
    keyDerivation: 'MD5',
    iterations: 1,
    // One round of MD5 makes passwords cheap to guess, whatever the cipher.
    weak: true,
  }
  return lockOf(cipher, layer, 1, async ({ utf8 }) => ({
    key: await bytesToKey(utf8, iv.subarray(0, 8), cipher.keyLength),
    iv,
  }))
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16))
}

/** EVP_BytesToKey with MD5 and a count of 1: D_i = MD5(D_(i-1) || password || salt). */
async function bytesToKey(password: Uint8Array, salt: Uint8Array, length: number): Promise<Uint8Array> {
  const digest = await md5()
  const key = new Uint8Array(length)
  let block: Uint8Array = new Uint8Array()
  for (let at = 0; at < length; at += block.length) {
    const input = new Uint8Array(block.length + password.length + salt.length)
    input.set(block)
    input.set(password, block.length)
    input.set(salt, block.length + password.length)
    wipe(block)
    block = digest(input)
    wipe(input)
    key.set(block.subarray(0, length - at), at)
  }
  wipe(block)
  return key
}

function printable(name: string): string {
  const clean = name.slice(0, 32).replace(/[^\x20-\x7e]/g, '?')
  return clean === '' ? 'a cipher that DEK-Info does not name' : clean
}
