/**
 * node-forge's ciphers, which have no types of their own for single modules; bytes are in strings, which nobody can
 * overwrite: key and contents of a file with an old cipher stay in memory until it is collected.
 */
interface ForgeBuffer {
  getBytes(): string
}
interface ForgeCipher {
  output: ForgeBuffer
  start(options: unknown): void
  update(input: ForgeBuffer): void
  finish(pad: () => boolean): boolean
}
interface Forge {
  util: { createBuffer(bytes: string): ForgeBuffer }
  cipher: {
    createCipher(name: string, key: string): ForgeCipher
    createDecipher(name: string, key: string): ForgeCipher
  }
  rc2: {
    createEncryptionCipher(key: string, bits: number): ForgeCipher
    createDecryptionCipher(key: string, bits: number): ForgeCipher
  }
}

/** The ciphers that are taken from node-forge: they are loaded when a file needs one. */
export type ForgeCipherName = 'DES-CBC' | '3DES-CBC' | 'AES-CBC' | 'RC2-CBC'

/**
 * A block cipher in CBC mode by node-forge, whole blocks in, whole blocks out.
 *
 * @param effectiveBits of RC2 (RFC 2268 section 2)
 */
export async function forgeCbc(
  name: ForgeCipherName,
  direction: 'encrypt' | 'decrypt',
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
  effectiveBits: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const forge = await load(name)
  const buffer = (bytes: Uint8Array): ForgeBuffer => forge.util.createBuffer(binary(bytes))
  const cipher = create(forge, name, direction, binary(key), effectiveBits)
  cipher.start(name === 'RC2-CBC' ? buffer(iv) : { iv: buffer(iv) })
  cipher.update(buffer(data))
  // The padding is put on and taken off here: forge does not look at what it takes off.
  cipher.finish(() => true)
  return bytesOf(cipher.output.getBytes())
}

function create(
  forge: Forge,
  name: ForgeCipherName,
  direction: 'encrypt' | 'decrypt',
  key: string,
  bits: number,
): ForgeCipher {
  const encrypting = direction === 'encrypt'
  if (name === 'RC2-CBC') {
    return encrypting
      ? forge.rc2.createEncryptionCipher(key, bits)
      : forge.rc2.createDecryptionCipher(key, bits)
  }
  return encrypting ? forge.cipher.createCipher(name, key) : forge.cipher.createDecipher(name, key)
}

/** Each module adds itself to the one object. */
async function load(name: ForgeCipherName): Promise<Forge> {
  const [forge] = await Promise.all([
    import('node-forge/lib/forge.js'),
    import('node-forge/lib/util.js'),
    name === 'RC2-CBC'
      ? import('node-forge/lib/rc2.js')
      : name === 'AES-CBC'
        ? import('node-forge/lib/aes.js')
        : import('node-forge/lib/des.js'),
  ])
  return forge.default as Forge
}

function binary(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  return text
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
