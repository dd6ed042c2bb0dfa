/** What lies in a file of the store, read strictly. */
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEntry, writeEntry } from '../../../src/auth/store/entry.ts'
import type { TokenEntry } from '../../../src/auth/store/token-store.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { expectOnlyTypedErrors } from '../../support/malformed.ts'
import { variant } from '../../support/variant.ts'
import { fullEntry, key } from './entries.ts'

const id = tokenKeyId(key('alice'))
const good = writeEntry(fullEntry('alice'))
const bytes = (text: string) => new TextEncoder().encode(text)
const parse = (text: string) => parseEntry(id, bytes(text))

/** The good file with a change in its fields. */
function changed(change: (all: Fields) => void): string {
  const value = fields()
  change(value)
  return JSON.stringify(value)
}
type Fields = Record<string, Record<string, unknown>>
const fields = () => JSON.parse(good) as Fields

describe('a stored entry', () => {
  it('is read as it was written', () => {
    expect(parse(good)).toEqual(fullEntry('alice'))
  })

  it('is read as it was written, whatever its texts and times', () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 })
    const time = fc.maxSafeNat()
    const token = fc.record(
      {
        accessToken: fc.string({ unit: 'binary', minLength: 1 }),
        issuedAt: time,
        expiresAt: time,
        refreshToken: text,
        scope: text,
        refreshExpiresAt: time,
      },
      { requiredKeys: ['accessToken', 'issuedAt', 'expiresAt'] },
    )
    const refusal = fc.record({ at: time, until: time, count: time, code: text, message: text })
    const anyKey = fc.record({ platform: text, host: text, account: text, scope: text })
    const entry = fc.record({ key: anyKey, token, refusal }, { requiredKeys: ['key'] })
    fc.assert(
      fc.property(entry, (entry: TokenEntry) => {
        expect(parseEntry(tokenKeyId(entry.key), bytes(writeEntry(entry)))).toEqual(entry)
      }),
    )
  })

  it.each<[string, string, RegExp]>([
    ['nothing', '', /not JSON/],
    ['no JSON', 'access of alice', /not JSON/],
    ['null', 'null', /no object/],
    ['a list', '[]', /no object/],
    ['another version', changed((all) => Object.assign(all, { version: 2 })), /another version/],
    ['no version', changed((all) => delete all['version']), /no version/],
    ['no key', changed((all) => delete all['key']), /no key/],
    ['an unknown field', changed((all) => Object.assign(all, { more: 1 })), /unknown field/],
    ['__proto__', good.replace('{', '{"__proto__":{},'), /unknown field/],
    [
      'an unknown field of the key',
      changed((all) => Object.assign(all['key'] ?? {}, { more: 1 })),
      /key has/,
    ],
    ['another key', writeEntry(fullEntry('bob')), /another key/],
    ['a token that is no object', changed((all) => Object.assign(all, { token: 'x' })), /token is no/],
    ['no access token', changed((all) => delete all['token']?.['accessToken']), /no accessToken/],
    ['an empty one', changed((all) => Object.assign(all['token'] ?? {}, { accessToken: '' })), /is empty/],
    ['a time as text', changed((all) => Object.assign(all['token'] ?? {}, { expiresAt: '1' })), /expiresAt/],
    ['a time below 0', changed((all) => Object.assign(all['token'] ?? {}, { issuedAt: -1 })), /issuedAt/],
    ['a time that is no number', good.replace('1750000000000', '1e999'), /issuedAt/],
    ['half a count', changed((all) => Object.assign(all['refusal'] ?? {}, { count: 0.5 })), /count/],
    ['no code', changed((all) => delete all['refusal']?.['code']), /no code/],
    [
      'a field too long',
      changed((all) => Object.assign(all['token'] ?? {}, { scope: 'x'.repeat(65_537) })),
      /scope is too long/,
    ],
    ['a file too long', good + ' '.repeat(4 * 1024 * 1024), /longer/],
    ['a mark of byte order', `\ufeff${good}`, /not JSON/],
  ])('is refused: %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_STORE' }))
    expect(() => parse(text)).toThrow(message)
  })

  it('is refused where its bytes are no UTF-8', () => {
    const damaged = bytes(good).map((byte, i) => (i === good.indexOf('alice') ? 0xff : byte))
    expect(() => parseEntry(id, damaged)).toThrow(/not JSON/)
  })

  it('is refused when it is cut anywhere, and never taken for another', async () => {
    const whole = bytes(good)
    const variants = [...whole.keys()].flatMap((i) => [
      variant('truncated', `cut at ${i}`, whole.slice(0, i)),
      variant('trailing', `doubled at ${i}`, Uint8Array.of(...whole, ...whole.slice(0, i + 1))),
      ...[0x00, 0x22, 0x2c, 0x7d, 0xff].map((byte) =>
        variant(
          'length',
          `byte ${i} is ${byte}`,
          Uint8Array.from(whole, (old, j) => (j === i ? byte : old)),
        ),
      ),
    ])
    const accepted = await expectOnlyTypedErrors((damaged) => parseEntry(id, damaged), variants)
    // The end of line may be missing.
    const isWhole = (damaged: Uint8Array) => Buffer.from(damaged).toString().trimEnd() === good.trimEnd()
    const cut = accepted.filter(({ kind, bytes }) => kind !== 'length' && !isWhole(bytes))
    expect(cut.map(({ name }) => name)).toEqual([])
    for (const { bytes } of accepted) expect(parseEntry(id, bytes).key).toEqual(key('alice'))
  })

  it('shows no value in the error', () => {
    const texts = [good.slice(0, -20), changed((all) => Object.assign(all['token'] ?? {}, { of_alice: 1 }))]
    for (const text of texts) {
      try {
        parse(text)
        expect.unreachable()
      } catch (error) {
        expect(inspect(error)).not.toMatch(/of.alice/)
      }
    }
  })
})
