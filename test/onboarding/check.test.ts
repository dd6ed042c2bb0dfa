/** What SWIFT takes as an MT599, and what is said of the rest. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkMt599 } from '../../src/onboarding/index.ts'

/** Set X, spelled out here again. */
const SET_X = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "

const tagged = (reference: string, ...lines: string[]) =>
  [`:20:${reference}`, `:79:${lines.join('\r\n')}`].join('\r\n')
const told = (text: string, lineLength?: number) =>
  checkMt599(text, { lineLength }).problems.map(({ where, line, column, reason, suggestion }) =>
    [where, line, column, reason, ...(suggestion === undefined ? [] : [suggestion])].join(' '),
  )

/** The forms as the guide prints them, but for the last line, which is too long there. */
const GUIDE = `ATTN: PRGConnect
SUBJECT: Clearstream APIs
Please add the Clearstream API service
and link the Clearstream API Playground resource
to our Xact OU xxxxxx
Contact details: John Doe,
john.doe(at)xxxxxx.xyz, 00123456789
`

describe('what is right', () => {
  it("is the guide's form, with files' line ends and SWIFT's, and with tags", () => {
    for (const text of [GUIDE, GUIDE.replaceAll('\n', '\r\n'), `:20:A\n:21:B/C\n:79:${GUIDE}`]) {
      expect(checkMt599(text)).toMatchObject({ valid: true, problems: [], proposal: undefined })
    }
    expect(checkMt599(`:20:A\n:21:B/C\n:79:${GUIDE}`)).toMatchObject({
      tagged: true,
      fields: { 20: 'A', 21: 'B/C', 79: expect.arrayContaining(['to our Xact OU xxxxxx']) },
    })
  })

  it('is every character of set X, and none besides', () => {
    for (let code = 0; code < 0x3000; code++) {
      const character = String.fromCodePoint(code)
      if (character === '\n') continue
      expect(checkMt599(`a${character}a`).valid, `U+${code.toString(16)}`).toBe(SET_X.includes(character))
    }
  })

  it('is as long as the fields allow', () => {
    const full = Array.from({ length: 35 }, () => 'x'.repeat(50))
    expect(told(tagged('x'.repeat(16), ...full))).toEqual([])
    expect(told(tagged('x'.repeat(17), ...full))).toEqual(['field 20 1 21 line-too-long'])
    expect(told(tagged('x', ...full, 'x'))).toEqual(['field 79 37 1 too-many-lines'])
    expect(told(tagged('x', `${full[0]}x`))).toEqual(['field 79 2 55 line-too-long'])
    expect(told('x'.repeat(36), 35)).toEqual(['field 79 1 36 line-too-long'])
  })
})

describe('what is wrong is told', () => {
  it.each<[string, string, string[]]>([
    [
      'characters',
      'a_b@c\né & ü',
      [
        'field 79 1 2 character (underscore)',
        'field 79 1 4 character (at)',
        'field 79 2 1 character e',
        'field 79 2 3 character and',
        'field 79 2 5 character u',
      ],
    ],
    [
      'columns count characters, not halves',
      '😀@',
      ['field 79 1 1 character', 'field 79 1 2 character (at)'],
    ],
    ['an accent by itself', 'e\u0301', ['field 79 1 2 character ']],
    [
      'what is not seen',
      '\ufeffa\u00a0b\tc\0',
      [
        'field 79 1 1 character ',
        'field 79 1 3 character  ',
        'field 79 1 5 character  ',
        'field 79 1 7 character ',
      ],
    ],
    ['a Cr by itself', 'a\rb', ['field 79 1 2 character  ']],
    ['line starts', 'a\n-b\n:c', ['field 79 2 1 line-start', 'field 79 3 1 line-start']],
    ['the first line too', ':20:a\n:79:-b', ['field 79 2 5 line-start']],
    ['an empty line', 'a\n\nb', ['field 79 2 1 empty']],
    ['an empty text', '', ['field 79 1 1 empty']],
    [
      'slashes',
      ':20:/a//b/\n:21:/\n:79:x',
      ['field 20 1 5 slash ', 'field 20 1 7 slash /', 'field 20 1 10 slash ', 'field 21 2 5 slash '],
    ],
    ['empty fields', ':20:\n:21: \n:79:', ['field 20 1 5 empty', 'field 21 2 5 empty', 'field 79 3 5 empty']],
    ['a reference of two lines', ':20:a\nb\n:79:x', ['field 20 2 1 too-many-lines']],
    ['missing fields', ':21:a', ['field 20 1 1 field', 'field 79 1 1 field']],
    ['no reference', ':79:a', ['field 20 1 1 field']],
    ['fields twice', ':20:a\n:20:b\n:79:x', ['field 20 2 1 field']],
    ['another order', ':20:a\n:79:x\n:21:b', ['field 21 3 1 field']],
    ['other fields', ':20:a\n:32A:1\n:79:x', ['field 32A 2 1 field']],
    ['text before them', 'hello\n:20:a\n:79:x', ['text 1 1 field']],
  ])('%s', (_, text, problems) => {
    expect(told(text)).toEqual(problems)
  })

  it('in words that name the character', () => {
    const [first, second] = checkMt599('@\u00a0').problems
    expect(first).toMatchObject({ found: '@', message: '"@" is not in SWIFT\'s character set X; write (at)' })
    expect(second?.message).toBe("U+00A0 is not in SWIFT's character set X; write a blank")
  })

  it('for what is no text, or no length of lines, as misuse', () => {
    expect(() => checkMt599(undefined as unknown as string)).toThrow(TypeError)
    for (const lineLength of [34, 51, 40.5, Number.NaN]) {
      expect(() => checkMt599('a', { lineLength })).toThrow(RangeError)
    }
  })
})

describe('the proposal', () => {
  it('has every suggestion, and long lines folded', () => {
    const text = ':20:/A//B/\n:79:Zoë & Co, j_doe@example.com, a long line that goes on, on and on\n\nend'
    expect(checkMt599(text).proposal).toBe(
      ':20:A/B\r\n:79:Zoe and Co, j(underscore)doe(at)example.com, a\r\nlong line that goes on, on and on\r\nend\r\n',
    )
  })

  it.each([
    ['letters that are not Latin', 'Жaa'],
    ['a line that begins with a dash', '-@'],
    ['a word that does not fit', `${'x'.repeat(51)}@`],
    ['fields that are wrong', ':79:@'],
    ['a reference that is too long', `:20:${'@'.repeat(10)}\n:79:x`],
    ['a reference of which nothing is left', ':20:///\n:79:x'],
    ['what would become a tag', '\u0301:20:x\n:79:x@'],
  ])('is not made of %s', (_, text) => {
    expect(checkMt599(text)).toMatchObject({ valid: false, proposal: undefined })
  })

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom(...SET_X, '@', '_', 'é', '\n', '\r\n', ':', '/', '-', ' '),
      maxLength: 400,
    }),
    fc.string({
      unit: fc.constantFrom(':20:', ':21:', ':79:', ':32A:', '\n', '/', 'a', '@', ' '),
      maxLength: 40,
    }),
  )

  it('is always a text that SWIFT takes, and the same fields', () => {
    let proposals = 0
    fc.assert(
      fc.property(anything, (text) => {
        const { valid, problems, proposal, tagged: tags } = checkMt599(text)
        expect(valid).toBe(problems.length === 0)
        for (const { line, column, suggestion } of problems) {
          expect(Math.min(line, column)).toBeGreaterThan(0)
          expect([...(suggestion ?? '')].every((each) => SET_X.includes(each))).toBe(true)
        }
        if (proposal === undefined) return
        proposals++
        expect(checkMt599(proposal)).toMatchObject({ valid: true, tagged: tags })
        expect(proposal.replaceAll('\r\n', '')).not.toMatch(/[^a-zA-Z0-9/\-?:().,'+ ]/)
      }),
      { numRuns: 3000 },
    )
    expect(proposals).toBeGreaterThan(100)
  })

  it('every place that is told is where it says', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const lines = text.split(/\r?\n/)
        for (const { reason, line, column, found } of checkMt599(text).problems) {
          if (reason !== 'character') continue
          expect(Array.from(lines[line - 1] ?? '')[column - 1]).toBe(found)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
