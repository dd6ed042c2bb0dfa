/** Our reader of JSON against JSON.parse, and the lines of both forms. */
import fc from 'fast-check'
import { stringify } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/config/read-file.ts'
import { ConfigError } from '../../src/errors.ts'

const read = (text: string, name: string) => readDocument(new TextEncoder().encode(text), name)
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('JSON', () => {
  it('has the values that JSON.parse has', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(plain(read(text, 'a.json').root)).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    '{}x',
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":NaN}',
    '{"a":tru}',
    '{a:1}',
    "{'a':1}",
    '{"a":1,}',
  ])('is strict: %s', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
    expect(() => read(text, 'a.json')).toThrow(ConfigError)
  })

  it.each([
    '{"a":[1,]}',
    '{"a" 1}',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":"\\u00g0"}',
    '{',
    '',
    '[]',
    '"a"',
    '/**/{}',
  ])('is no other language: %s', (text) => expect(() => read(text, 'a.json')).toThrow(ConfigError))
})

describe('lines', () => {
  const line = (document: ReturnType<typeof read>, path: string) => document.lineOf(path.split('/'))

  it('of TOML are those of the keys, whatever stands in between', () => {
    const document = read(
      [
        '\ufeff# [profiles.no]', // 1
        'a = """', // 2
        'b = 1',
        '"""" # "', // 4
        "c = '''x''''", // 5
        'd = [ # ]', // 6
        '  "]", { e = 1 },',
        ']',
        '["q.r" . s]', // 9
        'f.g = { h = "}", "i" = [', // 10
        ' 1] }',
        "'j' = 2 # = 3", // 12
        '[[k]]', // 13
        'l = 1979-05-27T07:32:00Z', // 14
      ].join('\r\n'),
      'a.toml',
    )
    const lines = {
      a: 2,
      b: undefined,
      c: 5,
      d: 6,
      'd/1/e': 7,
      'q.r': 9,
      'q.r/s': 9,
      'q.r/s/f': 10,
      'q.r/s/f/g': 10,
    }
    for (const [path, expected] of Object.entries(lines)) expect(line(document, path), path).toBe(expected)
    expect(line(document, 'q.r/s/f/g/h')).toBe(10)
    expect(line(document, 'q.r/s/j')).toBe(12)
    expect(line(document, 'k/l')).toBe(14)
  })

  it('of any TOML that is written line by line are found', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }))
    const table = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), value, { maxKeys: 5 })
    fc.assert(
      fc.property(table, (config) => {
        const text = stringify(config)
        const document = read(text, 'a.toml')
        // One key stands in each line.
        const lines = Object.keys(config).map((key) => document.lineOf([key]))
        expect(lines).toEqual(Object.keys(document.root).map((_, i) => i + 1))
      }),
      { numRuns: 500 },
    )
  })

  it('of JSON are those of the keys', () => {
    const text = JSON.stringify({ a: { 'b"': [1, { c: '\n' }] }, d: 1 }, null, 1)
    const document = read(text, 'a.json')
    expect(['a', 'a/b"', 'a/b"/1/c', 'd', 'e'].map((path) => line(document, path))).toEqual([
      2,
      3,
      6,
      10,
      undefined,
    ])
  })
})
