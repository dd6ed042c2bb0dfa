import { describe, expect, it } from 'vitest'
import { rc4 } from '../../../src/credentials/encryption/rc4.ts'

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))

/** Key, and the key stream at offsets, from RFC 6229 section 2. */
const VECTORS: readonly (readonly [key: string, stream: Readonly<Record<number, string>>])[] = [
  ['0102030405', { 0: 'b2396305f03dc027ccc3524a0a1118a8', 16: '6982944f18fc82d589c403a47a0d0919' }],
  [
    '0102030405060708090a0b0c0d0e0f10',
    { 0: '9ac7cc9a609d1ef7b2932899cde41b97', 16: '5248c4959014126a6e8a84f11d1a9e1c' },
  ],
]

describe('RC4 (RFC 6229)', () => {
  it.each(VECTORS)('key %s', (key, stream) => {
    const made = Buffer.from(rc4(bytes(key), new Uint8Array(32)))
    for (const [offset, expected] of Object.entries(stream)) {
      expect(made.subarray(Number(offset), Number(offset) + 16).toString('hex')).toBe(expected)
    }
  })

  it('decrypts what it encrypted, and leaves its input as it is', () => {
    const data = bytes('00010203fffefdfc')
    const once = rc4(bytes('0102030405'), data)
    expect(data).toEqual(bytes('00010203fffefdfc'))
    expect(once).not.toEqual(data)
    expect(rc4(bytes('0102030405'), once)).toEqual(data)
  })
})
