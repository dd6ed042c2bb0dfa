import { describe, expect, it } from 'vitest'
import { type NewKey, writePkcs12 } from '../../../src/credentials/index.ts'
import { makePair } from './make-pkcs12.ts'
import { bagsOf, openByHand } from './support/open-by-hand.ts'

const password = 'correct horse'
const pairs = Array.from({ length: 4 }, (_, i) => makePair('ed25519', i === 3 ? 'Leaf' : 'leaf'))

/** The friendly names of the keys, in their order. */
async function namesOf(keys: readonly NewKey[]): Promise<(string | undefined)[]> {
  const { safes } = openByHand(await writePkcs12({ keys }, { password, iterations: 1000 }), password)
  const bags = safes.flatMap(bagsOf).filter(({ type }) => type.endsWith('.10.1.2'))
  return bags.map(({ attributes }) => {
    const value = attributes.get('1.2.840.113549.1.9.20')
    if (value === undefined) return undefined
    const start = (value[1] as number) < 0x80 ? 2 : 2 + ((value[1] as number) & 0x7f)
    return Buffer.from(value.slice(start)).swap16().toString('utf16le')
  })
}
const named = (...names: (string | undefined)[]): NewKey[] =>
  names.map((friendlyName, i) => ({ ...(pairs[i] as (typeof pairs)[number]), friendlyName }))

describe('friendly names', () => {
  it('are the common name where none is given', async () => {
    expect(await namesOf(named(undefined, ''))).toEqual(['leaf', 'leaf-2'])
  })

  it('are "key" where there is no certificate either', async () => {
    const keys = pairs.slice(0, 2).map(({ key }) => ({ key }))
    expect(await namesOf(keys)).toEqual(['key', 'key-2'])
  })

  it('are unique, upper and lower case being the same: Java loses the second of a name', async () => {
    expect(await namesOf(named('API', 'api', 'Api-2', undefined))).toEqual([
      'API',
      'api-2',
      'Api-2-2',
      'Leaf',
    ])
  })

  it('are written as they are, whatever their characters', async () => {
    const names = ['\0\n-----BEGIN PRIVATE KEY-----\n', '__proto__', '🔑 鍵 ' + '\u202e', ' \\ " \t']
    expect(await namesOf(named(...names))).toEqual(names)
  })

  it('are cut at 255 units, at no half character, with room for the number', async () => {
    const long = 'x'.repeat(254)
    const names = await namesOf(named(`${long}🔑`, `${long}yz`, `${long}YZ`))
    expect(names).toEqual([long, `${long}y`, `${'x'.repeat(253)}-2`])
  })

  it.each([
    ['a lone surrogate', 'a\ud800'],
    ['a number', 5],
    ['bytes', Uint8Array.of(65)],
  ])('%s is refused', async (_, name) => {
    await expect(namesOf(named(name as string))).rejects.toThrow(TypeError)
  })
})
