/** Files that are damaged or hostile: a ConfigError that says where, and shows nothing of what stands there. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/config/read-file.ts'
import { readSettings } from '../../src/config/read-settings.ts'
import { ConfigError } from '../../src/errors.ts'
import { expectOnlyTypedErrors, malformedVariants } from '../support/malformed.ts'
import { SECRET } from './support.ts'

const TOML = `default-profile = "a"
[defaults]
ca = ["system", 'b']
[profiles.a]
platform = "moex"
password = { command = ["pass", "x"] }
pin = """
${SECRET}"""
"client-secret" = "${SECRET}"
timeout = 1_0
`
const JSON_TEXT = `{"default-profile": "a", "profiles": {"a": {"platform": "clearstream",
  "password": "${SECRET}", "ca": ["system"], "timeout": 10, "retries": 1}}}`

const encode = (text: string) => new TextEncoder().encode(text)
const parse = (bytes: Uint8Array, name: string) => readSettings(readDocument(bytes, name), name)

function errorOf(text: string | Uint8Array, name = 'a.toml'): ConfigError {
  try {
    parse(typeof text === 'string' ? encode(text) : text, name)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.hint).toEqual(expect.any(String))
    expect(error.cause).toBeUndefined()
    expect(`${error.message} ${error.stack}`).not.toContain(SECRET)
    return error
  }
  throw new Error('it was accepted')
}

/** Text damaged at each place: cut off, a character left out, doubled, or another in its place. */
function* damaged(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) {
    yield text.slice(0, i)
    yield text.slice(0, i) + text.slice(i + 1)
    yield text.slice(0, i + 1) + text.slice(i)
    for (const other of ['"', "'", '[', '{', '}', '\\', '\n', '\0', '#', '=', '\ufeff', '9']) {
      yield text.slice(0, i) + other + text.slice(i + 1)
    }
  }
}

describe.each([
  ['TOML', TOML, 'a.toml'],
  ['JSON', JSON_TEXT, 'a.json'],
])('%s', (_, text, name) => {
  it('that is DER, whole or damaged, gives typed errors', async () => {
    const der = Uint8Array.of(0x30, 0x06, 0x02, 0x01, 0x05, 0x0c, 0x01, 0x61)
    const accepted = await expectOnlyTypedErrors((bytes) => parse(bytes, name), malformedVariants(der))
    // The empty file is TOML, and says nothing.
    expect(accepted.filter(({ bytes }) => bytes.length > 0)).toEqual([])
  })

  it('damaged at any place is read, or gives an error without the secret', () => {
    parse(encode(text), name)
    let refused = 0
    for (const variant of damaged(text)) {
      try {
        parse(encode(variant), name)
      } catch (error) {
        refused++
        if (!(error instanceof ConfigError)) throw error
        // A damaged secret too: none of it may be repeated.
        expect(`${error.message} ${error.stack}`).not.toContain(SECRET.slice(8, 20))
      }
    }
    expect(refused).toBeGreaterThan(500)
  })

  it('of any characters gives typed errors', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (noise) => {
        try {
          parse(encode(noise), name)
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('longer than 1 MiB is not read, as long as that is', () => {
    const blanks = (length: number) => encode(text + ' '.repeat(length - encode(text).length))
    expect(parse(blanks(1024 * 1024), name).profiles.size).toBe(1)
    expect(errorOf(blanks(1024 * 1024 + 1), name).message).toContain('longer than 1048576 bytes')
  })

  it('that is not UTF-8 is refused', () => {
    expect(errorOf(Uint8Array.of(...encode(text), 0xff), name).message).toContain('not UTF-8')
  })
})

describe('hostile files', () => {
  const deep = 100_000
  it.each([
    ['arrays', `a = ${'['.repeat(deep)}`, 'a.toml'],
    ['inline tables', `a = ${'{a='.repeat(deep)}`, 'a.toml'],
    ['dotted keys', `${'a.'.repeat(deep)}a = 1`, 'a.toml'],
    ['headers', `[${'a.'.repeat(deep)}a]`, 'a.toml'],
    ['closed arrays', `a = ${'['.repeat(deep)}${']'.repeat(deep)}`, 'a.toml'],
    ['arrays', `{"a": ${'['.repeat(deep)}`, 'a.json'],
    ['objects', '{"a":'.repeat(deep), 'a.json'],
    ['closed objects', `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`, 'a.json'],
    ['a text of escapes', `{"a": "${'\\\\'.repeat(500_000)}"}`, 'a.json'],
    ['a text of escapes', `a = "${'\\\\'.repeat(500_000)}"`, 'a.toml'],
    ['a long text of quotes', `a = """${'""a'.repeat(300_000)}"""`, 'a.toml'],
    ['many keys', Array.from({ length: 50_000 }, (_, i) => `a${i} = 1`).join('\n'), 'a.toml'],
  ])('nested or long: %s', (_, text, name) => {
    expect(['ERR_CONFIG_MALFORMED', 'ERR_CONFIG_SETTING']).toContain(errorOf(text, name).code)
  })

  it('many faults are one error of a few lines', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `a${i} = 1`).join('\n')
    expect(errorOf(many).message.length).toBeLessThan(1000)
    expect(errorOf(many).message).toContain('line 1: unknown key a0; line 2: unknown key a1')
    expect(errorOf(many).message).toContain('and 49990 more')
  })

  it.each([
    ['[profiles.a]\nplatform = "moex"\n[profiles.a]\n', 'a.toml', 3],
    ['default-profile = "a"\ndefault-profile = "a"\n', 'a.toml', 2],
    ['{"default-profile": "a",\n"default-profile": "a"}', 'a.json', 2],
    ['{"profiles": {"a": {"platform": "moex",\n\n"platform": "moex"}}}', 'a.json', 3],
    ['{"default\\u002dprofile": "a",\n"default-profile": "a"}', 'a.json', 2],
  ])('a key given twice is refused, with its line: %j', (text, name, line) => {
    const error = errorOf(text, name)
    expect(error.code).toBe('ERR_CONFIG_MALFORMED')
    expect(error.message).toContain(`${name}:${line}: `)
  })

  it('a prototype is a key like any, and changes nothing', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      expect(errorOf(`[${key}]\npolluted = true\n`).code).toBe('ERR_CONFIG_SETTING')
      expect(errorOf(`[profiles.a]\nplatform = "moex"\n${key}.polluted = 1\n`).message).toContain(key)
      expect(errorOf(`{"${key}": {"polluted": true}}`, 'a.json').message).toContain(`unknown key ${key}`)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
