/** RC4, for old files only: no library that is alive has it any more. Encrypting and decrypting are the same. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const s = Uint8Array.from({ length: 256 }, (_, i) => i)
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + (s[i] as number) + (key[i % key.length] as number)) & 0xff
    swap(s, i, j)
  }
  const out = new Uint8Array(data.length)
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 0xff
    j = (j + (s[i] as number)) & 0xff
    swap(s, i, j)
    out[n] = (data[n] as number) ^ (s[((s[i] as number) + (s[j] as number)) & 0xff] as number)
  }
  s.fill(0)
  return out
}

function swap(s: Uint8Array, i: number, j: number): void {
  const kept = s[i] as number
  s[i] = s[j] as number
  s[j] = kept
}
