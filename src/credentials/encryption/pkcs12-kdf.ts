import { createHash, hash } from 'node:crypto'
import { wipe } from '../wipe.ts'

const BLOCK = 64
const ITERATIONS_A_TURN = 20_000

/** What the bytes are for (RFC 7292 B.3). */
export type Purpose = 'key' | 'iv' | 'mac'
const IDS: Readonly<Record<Purpose, number>> = { key: 1, iv: 2, mac: 3 }

/**
 * Key derivation of PKCS#12 (RFC 7292 appendix B.2) with SHA-1. It gives way to other work now and then.
 *
 * @param password a BMPString with its final NUL, see {@link bmpPassword}
 * @param length in bytes
 * @returns bytes that the caller wipes
 */
export async function pkcs12Kdf(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  purpose: Purpose,
  length: number,
): Promise<Buffer> {
  const diversifier = new Uint8Array(BLOCK).fill(IDS[purpose])
  const saltAndPassword = Buffer.concat([repeat(salt), repeat(password)])
  const out = Buffer.alloc(length)
  for (let at = 0; at < length; at += 20) {
    let block = createHash('sha1').update(diversifier).update(saltAndPassword).digest()
    for (let i = 1; i < iterations; i++) {
      const next = hash('sha1', block, 'buffer')
      wipe(block)
      block = next
      if (i % ITERATIONS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    block.copy(out, at)
    addToBlocks(saltAndPassword, block)
    wipe(block)
  }
  wipe(saltAndPassword)
  return out
}

/** Bytes over and over, to a whole number of blocks. */
function repeat(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK)
  for (let i = 0; i < out.length; i++) out[i] = bytes[i % bytes.length] as number
  return out
}

/** Step 6C: I_j = (I_j + B + 1) mod 2^v, where B is the block over and over. */
function addToBlocks(target: Uint8Array, block: Uint8Array): void {
  for (let start = 0; start < target.length; start += BLOCK) {
    let carry = 1
    for (let i = BLOCK - 1; i >= 0; i--) {
      const sum = (target[start + i] as number) + (block[i % block.length] as number) + carry
      target[start + i] = sum & 0xff
      carry = sum >> 8
    }
  }
}

/**
 * A password as PKCS#12 takes it: BMPString (UTF-16BE) with two final zero bytes (RFC 7292 B.1).
 *
 * @param password UTF-8; bytes that are none are taken as ISO 8859-1, as OpenSSL does
 * @returns bytes that the caller wipes
 */
export function bmpPassword(password: Uint8Array): Buffer {
  const text = utf8(password) ?? Buffer.from(password).toString('latin1')
  return Buffer.from(`${text}\0`, 'utf16le').swap16()
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
