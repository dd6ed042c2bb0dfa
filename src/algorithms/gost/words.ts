/** Long numbers as the GOST hash functions have them: words of 32 bits, lowest first. */

/** Fills words from bytes, lowest first. */
export function loadWords(words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < words.length; i++, at += 4) {
    words[i] =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
  }
}

/** Words as bytes, lowest first. */
export function wordBytes(words: Int32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < words.length; i++) view.setInt32(i * 4, words[i] as number, true)
  return bytes
}

/** Adds a number of as many words; what does not fit is dropped. */
export function addWords(sum: Int32Array, words: Int32Array): void {
  let carry = 0
  for (let i = 0; i < sum.length; i++) {
    const each = ((sum[i] as number) >>> 0) + ((words[i] as number) >>> 0) + carry
    sum[i] = each
    carry = each > 0xffff_ffff ? 1 : 0
  }
}

/** Adds a number of 32 bits. */
export function addNumber(sum: Int32Array, number: number): void {
  let carry = number
  for (let i = 0; carry > 0 && i < sum.length; i++) {
    const each = ((sum[i] as number) >>> 0) + carry
    sum[i] = each
    carry = each > 0xffff_ffff ? 1 : 0
  }
}
