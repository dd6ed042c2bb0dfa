import { describe, expect, it } from 'vitest'
import { printable, printableJson } from '../../../apps/cli/printable.ts'

describe('printable', () => {
  it('lets no control or format character through', () => {
    expect(printable('a\x1b[31m\x9bb\u202e\r\n\t\x00\x7f\u2028\ufeff')).toBe(
      'a\\u{1b}[31m\\u{9b}b\\u{202e}\\u{d}\\u{a}\\u{9}\\u{0}\\u{7f}\\u{2028}\\u{feff}',
    )
    expect(printable('\ud800 \u{e0041}')).toBe('\\u{d800} \\u{e0041}')
  })

  it('leaves text of any language as it is', () => {
    const text = 'Иван Петров, Deutsche Börse AG, 株式会社, "quoted" \\ 😀'
    expect(printable(text)).toBe(text)
  })
})

describe('printableJson', () => {
  it('escapes what JSON.stringify leaves, and is the same value', () => {
    const value = { a: '\x1b\x9b\u202e\x7f\u{e0041}\ud800', b: ['Иван', 1, null] }
    const text = printableJson(value)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u{e0041}]/u)
    expect(JSON.parse(text)).toEqual(value)
  })
})
