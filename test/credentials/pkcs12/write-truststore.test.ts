import { describe, expect, it } from 'vitest'
import { type WriteTruststoreOptions, writeTruststore } from '../../../src/credentials/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { codeOf } from '../support.ts'
import { makePair } from './make-pkcs12.ts'
import { at, bagsOf, certificatesOf, contentOf, faultsOf, openByHand } from './support/open-by-hand.ts'

const password = 'changeit'
const [a, b, c] = ['CA', 'ca', 'Other'].map((name) => makePair('ed25519', name).certificate) as [
  Certificate,
  Certificate,
  Certificate,
]

async function opened(certificates: readonly Certificate[], options: Partial<WriteTruststoreOptions> = {}) {
  return openByHand(await writeTruststore(certificates, { password, ...options }), password)
}

const bmp = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex')

describe('writeTruststore', () => {
  it('writes certificates with the attribute that Java looks for, byte for byte, and an alias', async () => {
    const { safes, pfx } = await opened([a, c])
    const [safe] = safes
    if (safe === undefined) throw new Error('no safe')
    expect([pfx, safe].flatMap(faultsOf)).toEqual([])
    expect(certificatesOf(safe).map((der) => Buffer.from(der))).toEqual(
      [a, c].map(({ der }) => Buffer.from(der)),
    )
    const attribute = '3016060c6086480186f966adca7b010131060604551d2500'
    expect(Buffer.from(safe.bytes).toString('hex').split(attribute)).toHaveLength(3)
    for (const { attributes } of bagsOf(safe)) {
      expect([...attributes.keys()].sort()).toEqual(['1.2.840.113549.1.9.20', '2.16.840.1.113894.746875.1.1'])
    }
  })

  it('writes a certificate once, under its first alias, and aliases that differ in lower case', async () => {
    const [safe] = (await opened([a, b, a, c], { aliases: [undefined, 'cA', 'again', 'ca-2'] })).safes
    if (safe === undefined) throw new Error('no safe')
    expect(certificatesOf(safe)).toHaveLength(3)
    const names = bagsOf(safe).map(
      ({ attributes }) => attributes.get('1.2.840.113549.1.9.20')?.slice(2) ?? [],
    )
    const expected = ['CA', 'cA-2', 'ca-2-2'].map(bmp)
    expect(names.map((name) => Buffer.from(name).toString('hex'))).toEqual(expected)
  })

  it('derives keys as keytool does by default: 10,000 iterations', async () => {
    const { pfx } = await opened([a])
    expect(Buffer.from(contentOf(pfx, at(pfx.tree, 2, 2))).readUInt16BE()).toBe(10_000)
    const high = (await opened([a], { iterations: 20_000 })).pfx
    expect(Buffer.from(contentOf(high, at(high.tree, 2, 2))).readUInt16BE()).toBe(20_000)
  })

  it('refuses a password that Java does not open', async () => {
    expect(await codeOf(() => opened([a], { password: 'geändert' }))).toBe('PASSWORD_UNSUITABLE')
  })

  it.each([
    ['no certificates', () => opened([])],
    ['bytes', () => opened([a.der as unknown as Certificate])],
    ['too many aliases', () => opened([a], { aliases: ['a', 'b'] })],
    ['an alias that is no text', () => opened([a], { aliases: [7 as unknown as string] })],
  ])('%s: a TypeError', async (_, act) => {
    await expect(act()).rejects.toThrow(TypeError)
  })
})
