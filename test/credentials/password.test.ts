import { createDecipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der, encodePem } from '../../src/asn1/index.ts'
import { readPrivateKey } from '../../src/credentials/index.ts'
import { encryptKey, keyByPbkdf2 } from './make-encrypted.ts'
import { codeOf, failure, spkiOf, spkiOfVector, vector } from './support.ts'

const PLAIN = vector('p256.pkcs8.der')
const FORMS = [
  ...['p256.pbes2-aes-128-cbc-hmacWithSHA1.pem', 'p256.pbes2-des3-hmacWithSHA256.pem', 'rsa.pbes2.der'],
  ...['p256.pbe-sha1-2des.pem', 'rsa.traditional-aes256.pem', 'p256.traditional-aes256.pem'],
]

describe('a wrong password', () => {
  it.each(FORMS)('is always said to be wrong: %s, 300 passwords', async (name) => {
    const bytes = vector(name)
    const codes = new Set<string>()
    for (let i = 0; i < 300; i++)
      codes.add(await codeOf(() => readPrivateKey(bytes, { password: `wrong ${i}` })))
    expect([...codes]).toEqual(['PASSWORD_WRONG'])
  })

  it('is said to be wrong also where the padding fits by chance', async () => {
    // Ciphertexts whose last block decrypts to one byte of padding under the wrong key, found by trying.
    const wrong = keyByPbkdf2(1)
    let found = 0
    for (let i = 0; found < 3; i++) {
      const iv = Buffer.alloc(16, 7)
      const data = Buffer.alloc(32)
      data.writeUInt32BE(i, 16)
      const plain = createDecipheriv('aes-256-cbc', wrong, iv).setAutoPadding(false).update(data)
      if (plain.at(-1) !== 1) continue
      found++
      const locked = der.sequence([readAlgorithm(encryptKey(PLAIN)), der.octetString(data)])
      const error = await failure(() => readPrivateKey(locked, { password: 'test' }))
      expect(error.code).toBe('ERR_CREDENTIAL_PASSWORD_WRONG')
    }
  })

  it('is told from a key that is damaged inside, and from one of another kind', async () => {
    const dsa = der.sequence([
      der.integer(0),
      der.sequence([der.oid('1.2.840.10040.4.1')]),
      der.octetString(new Uint8Array(4)),
    ])
    expect(await codeOf(() => readPrivateKey(encryptKey(dsa), { password: 'test' }))).toBe('UNSUPPORTED')
    const hollow = der.sequence([der.integer(0), der.sequence([]), der.octetString(new Uint8Array(4))])
    expect(await codeOf(() => readPrivateKey(encryptKey(hollow), { password: 'test' }))).toBe('FORMAT')
    expect(await codeOf(() => readPrivateKey(encryptKey(new Uint8Array(40)), { password: 'test' }))).toBe(
      'PASSWORD_WRONG',
    )
    expect(await codeOf(() => readPrivateKey(encryptKey(new Uint8Array(0)), { password: 'test' }))).toBe(
      'PASSWORD_WRONG',
    )
  })

  it('is not asked for where the encrypted bytes are no whole blocks', async () => {
    const parts = [readAlgorithm(encryptKey(PLAIN)), der.octetString(new Uint8Array(33))]
    const empty = [readAlgorithm(encryptKey(PLAIN)), der.octetString(new Uint8Array(0))]
    expect(await codeOf(() => readPrivateKey(der.sequence(parts)))).toBe('FORMAT')
    expect(await codeOf(() => readPrivateKey(der.sequence(empty)))).toBe('FORMAT')
  })
})

describe('a right password', () => {
  it('may be empty: that is not the same as none', async () => {
    const bytes = vector('p256.pbes2-empty-password.pem')
    expect(spkiOf(await readPrivateKey(bytes, { password: '' }))).toBe(spkiOfVector('p256'))
    expect(spkiOf(await readPrivateKey(bytes, { password: async () => new Uint8Array(0) }))).toBe(
      spkiOfVector('p256'),
    )
    expect(await codeOf(() => readPrivateKey(bytes))).toBe('PASSWORD_REQUIRED')
  })

  it('opens a block whatever its label says', async () => {
    for (const label of ['ENCRYPTED PRIVATE KEY', 'PRIVATE KEY']) {
      const pem = encodePem(label, encryptKey(PLAIN))
      expect(spkiOf(await readPrivateKey(pem, { password: 'test' }))).toBe(spkiOfVector('p256'))
    }
  })
})

/** The algorithm of an EncryptedPrivateKeyInfo: its first field. */
function readAlgorithm(bytes: Uint8Array): Uint8Array {
  const header = (bytes[1] as number) < 0x80 ? 2 : 2 + ((bytes[1] as number) & 0x7f)
  return bytes.subarray(header, header + 2 + (bytes[header + 1] as number))
}
