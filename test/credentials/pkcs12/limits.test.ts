/** What a file asks for is bounded before it is done. */
import { describe, expect, it } from 'vitest'
import { der } from '../../../src/asn1/index.ts'
import { type CredentialLimits, readPkcs12 } from '../../../src/credentials/index.ts'
import { codeOf, failure } from '../support.ts'
import {
  bag,
  certBag,
  encrypt,
  encryptedBytes,
  encryptedSafe,
  macData,
  makePair,
  makePfx,
  pfxOf,
  plainSafe,
  shroudedBag,
} from './make-pkcs12.ts'

const pair = makePair()
const password = 'test'
const read = (bytes: Uint8Array, limits?: CredentialLimits) => readPkcs12(bytes, { password, limits })
const never = (): never => {
  throw new Error('the password was asked for')
}
const refused = (bytes: Uint8Array, limits?: CredentialLimits): Promise<string> =>
  codeOf(() => readPkcs12(bytes, { password: never, limits }))

describe('limits, before a password is asked for', () => {
  it('on the size', async () => {
    const bytes = makePfx([plainSafe(certBag(pair))])
    expect(await refused(bytes, { maxBytes: bytes.length - 1 })).toBe('LIMIT')
    expect((await read(bytes, { maxBytes: bytes.length })).certificates).toHaveLength(1)
  })

  it('on safes and bags together', async () => {
    const bytes = makePfx([plainSafe(certBag(pair), certBag(pair)), plainSafe(certBag(pair))])
    const error = await failure(() => readPkcs12(bytes, { password: never, limits: { maxBlocks: 4 } }))
    expect(error.code).toBe('ERR_CREDENTIAL_LIMIT')
    expect(error.hint).toContain('limits.maxBlocks')
    expect((await read(bytes, { maxBlocks: 5 })).certificates).toHaveLength(3)
  })

  it('on bags within bags', async () => {
    const nested = bag(6, der.sequence([certBag(pair), certBag(pair)]))
    expect(await refused(makePfx([plainSafe(nested)]), { maxBlocks: 3 })).toBe('LIMIT')
  })

  it('on the iterations of one derivation', async () => {
    const mac = makePfx([plainSafe(certBag(pair))], { password, iterations: 50 })
    expect(await refused(mac, { maxIterations: 49 })).toBe('LIMIT')
    expect((await read(mac, { maxIterations: 50 })).certificates).toHaveLength(1)
    const safe = makePfx([encryptedBytes(encrypt(der.sequence([certBag(pair)]), password, 50))])
    expect(await refused(safe, { maxIterations: 49 })).toBe('LIMIT')
  })

  it.each([10_000_000, 2 ** 31, 2 ** 40])('on %i iterations without being told to', async (iterations) => {
    const content = der.sequence([plainSafe()])
    const algorithm = der.sequence([der.oid('2.16.840.1.101.3.4.2.1'), der.null()])
    const digest = der.sequence([algorithm, der.octetString(new Uint8Array(32))])
    const mac = der.sequence([digest, der.octetString(new Uint8Array(8)), der.integer(iterations)])
    expect(await refused(pfxOf(content, mac))).toBe('LIMIT')
  })

  it('on the sum of iterations over the file', async () => {
    // 2 for each safe and each key, 3 for the MAC.
    const safes = [encryptedSafe(password, certBag(pair)), plainSafe(shroudedBag(pair, password))]
    const bytes = makePfx(safes, { password, iterations: 3 })
    const error = await failure(() =>
      readPkcs12(bytes, { password: never, limits: { maxTotalIterations: 6 } }),
    )
    expect(error.code).toBe('ERR_CREDENTIAL_LIMIT')
    expect(error.hint).toContain('limits.maxTotalIterations')
    expect((await read(bytes, { maxTotalIterations: 7 })).keys).toHaveLength(1)
  })
})

describe('limits, on what only shows when it is decrypted', () => {
  const inner = makePfx([encryptedSafe(password, certBag(pair), shroudedBag(pair, password))], {
    password,
    iterations: 3,
  })

  it('count bags', async () => {
    expect(await codeOf(() => read(inner, { maxBlocks: 2 }))).toBe('LIMIT')
    expect((await read(inner, { maxBlocks: 3 })).keys).toHaveLength(1)
  })

  it('add up iterations', async () => {
    expect(await codeOf(() => read(inner, { maxTotalIterations: 6 }))).toBe('LIMIT')
    expect((await read(inner, { maxTotalIterations: 7 })).keys).toHaveLength(1)
  })
})

describe('limits of the encoding', () => {
  it('stop nesting and endless identifiers', async () => {
    let deep: Uint8Array = der.null()
    for (let i = 0; i < 60; i++) deep = der.sequence([deep])
    const content = der.sequence([deep])
    expect(await refused(pfxOf(content, macData(content, { password })))).toBe('LIMIT')
    const long = bag(`1.2.${'9'.repeat(400)}`, der.null())
    expect(await refused(makePfx([plainSafe(long)]))).toBe('LIMIT')
  })
})
