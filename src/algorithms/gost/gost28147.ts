/** id-GostR3411-94-CryptoProParamSet (RFC 4357 section 11.2): a row for each four bits, the lowest first. */
const SUBSTITUTION = [
  'a4568137dce092bf',
  '5f402db91763cea8',
  '7fce94103b526a8d',
  '4a7c0f28e165db93',
  '764b9c2a180efd35',
  '7624d9f0a15b8ec3',
  'de41705a3c8f629b',
  '13a95b4f867ed02c',
] as const

/** Substitution and rotation in one, for each of the four bytes of a word. */
const TABLE = new Int32Array(4 * 256)
let filled = false

function fillTable(): void {
  filled = true
  for (let i = 0; i < 4; i++) {
    for (let value = 0; value < 256; value++) {
      const low = nibble(SUBSTITUTION[2 * i], value & 15)
      const substituted = (low | (nibble(SUBSTITUTION[2 * i + 1], value >> 4) << 4)) << (8 * i)
      TABLE[i * 256 + value] = (substituted << 11) | (substituted >>> 21)
    }
  }
}

function nibble(row: string | undefined, at: number): number {
  return Number.parseInt(row?.[at] ?? '', 16)
}

/**
 * Encrypts one block in place with GOST 28147-89 (RFC 5830 section 5), for the hash function of 1994.
 *
 * @param words where the block of two words is, lowest first
 * @param at its index
 * @param key 8 words, lowest first
 */
export function encryptBlock(words: Int32Array, at: number, key: Int32Array): void {
  if (!filled) fillTable()
  let low = words[at] as number
  let high = words[at + 1] as number
  // The key's words three times forwards, then once backwards.
  for (let round = 0; round < 32; round += 2) {
    high ^= substitute(low + (key[round < 24 ? round & 7 : 31 - round] as number))
    low ^= substitute(high + (key[round < 24 ? (round & 7) + 1 : 30 - round] as number))
  }
  words[at] = high
  words[at + 1] = low
}

function substitute(x: number): number {
  return (
    (TABLE[x & 0xff] as number) ^
    (TABLE[256 + ((x >>> 8) & 0xff)] as number) ^
    (TABLE[512 + ((x >>> 16) & 0xff)] as number) ^
    (TABLE[768 + (x >>> 24)] as number)
  )
}
