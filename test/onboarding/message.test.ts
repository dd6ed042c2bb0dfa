/** The message by the guide's two forms. */

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OnboardingError } from '../../src/errors.ts'
import { checkMt599, type OnboardingOptions, onboardingMessage } from '../../src/onboarding/index.ts'
import { describeShared, shared } from '../support/tools.ts'

const contact = { name: 'John Doe', email: 'john.doe(at)xxxxxx.xyz', phone: '00123456789' }
const base: OnboardingOptions = { reference: 'API-1', ou: 'xxxxxx', contact }

function errorOf(options: OnboardingOptions): OnboardingError {
  try {
    onboardingMessage(options)
  } catch (error) {
    if (error instanceof OnboardingError) return error
    throw error
  }
  throw new Error('it was taken')
}

const told = (options: OnboardingOptions) =>
  errorOf(options).problems.map(({ where, column, reason }) => `${where} ${column} ${reason}`)

describe('the forms', () => {
  it("a new service with the playground, in the guide's own lines", () => {
    expect(onboardingMessage(base).fields[79]).toEqual([
      'ATTN: PRGConnect',
      'SUBJECT: Clearstream APIs',
      'Please add the Clearstream API service',
      'and link the Clearstream API Playground resource',
      'to our Xact OU xxxxxx',
      'Contact details: John Doe, john.doe(at)xxxxxx.xyz,',
      '00123456789',
    ])
  })

  it('the same in lines of 35', () => {
    expect(onboardingMessage({ ...base, lineLength: 35 })).toEqual({
      type: 'MT599',
      destination: 'CEDELULLXXX',
      fields: {
        20: 'API-1',
        21: undefined,
        79: [
          'ATTN: PRGConnect',
          'SUBJECT: Clearstream APIs',
          'Please add the Clearstream API',
          'service',
          'and link the Clearstream API',
          'Playground resource',
          'to our Xact OU xxxxxx',
          'Contact details: John Doe,',
          'john.doe(at)xxxxxx.xyz, 00123456789',
        ],
      },
      text: expect.stringMatching(/^:20:API-1\r\n:79:ATTN: PRGConnect\r\n[\s\S]*00123456789\r\n$/),
      notes: [],
    })
  })

  it('an additional resource, with a related reference, in lines of 50', () => {
    const resources = ['A', 'B', 'C']
    const options = { ...base, form: 'additional-resource', relatedReference: 'R/1', lineLength: 50 } as const
    const { text, fields, notes } = onboardingMessage({ ...options, resources })
    expect(text).toMatch(/^:20:API-1\r\n:21:R\/1\r\n:79:ATTN/)
    expect(fields[79]).toContain('Please link the A, B and C API resources')
    expect(notes).toEqual([])
    const two = onboardingMessage({ ...options, resources: ['A', 'B'] })
    expect(two.fields[79]).toContain('Please link the A and B API resources')
    const one = onboardingMessage({ ...options, resources: ['A'] })
    expect(one.fields[79]).toContain('Please link the A API resource')
  })

  it('says where the playground is not among the first', () => {
    expect(onboardingMessage({ ...base, resources: ['A'] }).notes).toEqual([
      expect.stringContaining('Clearstream API Playground'),
    ])
  })

  describeShared("are the guide's, but for its line breaks", () => {
    const guide = readFileSync(shared('seeds/000_d64ce417a3743700.txt'), 'utf8')
    const forms = guide.match(/^ATTN: PRGConnect\n[^`]*/gm) ?? []
    const flat = (text: string) => text.replace(/\s+/g, ' ').trim()
    it.each([
      ['new-service', undefined],
      ['additional-resource', ['<API-NAME-FROM-DBP-CATALOGUE>']],
    ] as const)('%s', (form, resources) => {
      const at = form === 'new-service' ? 0 : 1
      // The name in angle brackets stands for one.
      const expected = flat(forms[at] ?? '').replace('<API-NAME-FROM-DBP-CATALOGUE>', 'NAME')
      const { fields } = onboardingMessage({ ...base, form, resources: resources && ['NAME'] })
      expect(flat(fields[79].join(' '))).toBe(expected)
    })
  })
})

describe('what SWIFT does not take', () => {
  it('is told all at once, with the place in the value and a suggestion', () => {
    const options = {
      ...base,
      reference: '/A@',
      contact: { ...contact, name: 'Jörg & Co', email: 'a_b@c.de' },
    }
    const error = errorOf(options)
    expect(error).toMatchObject({ code: 'ERR_ONBOARDING_INVALID', hint: expect.any(String) })
    expect(
      error.problems.map(({ where, line, column, suggestion }) => [where, line, column, suggestion]),
    ).toEqual([
      ['reference', 1, 3, '(at)'],
      ['reference', 1, 1, ''],
      ['contact.name', 1, 2, 'o'],
      ['contact.name', 1, 6, 'and'],
      ['contact.email', 1, 2, '(underscore)'],
      ['contact.email', 1, 4, '(at)'],
    ])
    for (const { where, message } of error.problems) {
      expect(error.message).toContain(`${where}, line 1, column `)
      expect(error.message).toContain(message)
    }
    expect(error.proposal).toContain('Contact details: Jorg and Co,\r\na(underscore)b(at)c.de')
    expect(checkMt599(error.proposal ?? '@').valid).toBe(true)
  })

  it.each<[string, Partial<OnboardingOptions>, string[]]>([
    ['nothing', { reference: '', ou: ' ' }, ['reference 1 empty', 'ou 1 empty']],
    ['an empty related reference', { relatedReference: '' }, ['relatedReference 1 empty']],
    ['no resource', { form: 'additional-resource' }, ['resources 1 empty']],
    ['an empty list', { resources: [] }, ['resources 1 empty']],
    ['a resource', { resources: ['A', 'B_'] }, ['resources[1] 2 character']],
    ['line ends in a value', { ou: 'a\r\nb' }, ['ou 2 character', 'ou 3 character']],
    [
      'a word that is too long',
      { contact: { ...contact, email: `x ${'y'.repeat(51)}` } },
      ['contact.email 3 word-too-long'],
    ],
    [
      'lines that are too many',
      { resources: Array.from({ length: 40 }, () => 'x'.repeat(30)) },
      ['field 79 1 too-many-lines'],
    ],
  ])('%s', (_, options, problems) => {
    expect(told({ ...base, ...options })).toEqual(problems)
  })

  it('has no proposal where a person has to say', () => {
    expect(errorOf({ ...base, ou: 'Ж' }).proposal).toBeUndefined()
    expect(errorOf({ ...base, ou: 'x'.repeat(60) }).proposal).toBeUndefined()
  })

  it('options of no such kind are misuse', () => {
    const wrong = (options: unknown) => () => onboardingMessage({ ...base, ...(options as object) })
    expect(wrong({ form: 'toString' })).toThrow(TypeError)
    expect(wrong({ contact: undefined })).toThrow(TypeError)
    expect(wrong({ resources: 'A' })).toThrow(TypeError)
    expect(wrong({ ou: 1 })).toThrow(TypeError)
    expect(wrong({ lineLength: 34 })).toThrow(RangeError)
  })
})

describe('for any values', () => {
  const value = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', 'B', ' ', '-', ':', '/', '+', ',', '.'),
      minLength: 1,
      maxLength: 60,
    }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('é', '_', '@', 'x', ' ', '-'), maxLength: 20 }),
  )
  /** What people write, mostly: short words of set X. */
  const words = fc
    .array(
      fc.string({
        unit: fc.constantFrom('a', 'B', '1', '.', '-', ':', '/', '+'),
        minLength: 1,
        maxLength: 14,
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((some) => some.join(' '))
  const optionsOf = (each: fc.Arbitrary<string>) =>
    fc.record<OnboardingOptions>({
      form: fc.constantFrom('new-service', 'additional-resource'),
      reference: fc.constantFrom('A1', 'A/1', 'X-2026-01', '/', 'A_'),
      ou: each,
      resources: fc.array(each, { maxLength: 4 }),
      contact: fc.record({ name: each, email: each, phone: each }),
      lineLength: fc.integer({ min: 35, max: 50 }),
    })
  const options = fc.oneof(optionsOf(words), optionsOf(value))

  it('the message is one that SWIFT takes, with the values as they were; or an error with a place', () => {
    let made = 0
    let refused = 0
    fc.assert(
      fc.property(options, (given) => {
        let message: ReturnType<typeof onboardingMessage>
        try {
          message = onboardingMessage(given)
        } catch (error) {
          if (!(error instanceof OnboardingError)) throw error
          refused++
          expect(error.problems.length).toBeGreaterThan(0)
          if (error.proposal !== undefined) expect(checkMt599(error.proposal).problems).toEqual([])
          return
        }
        made++
        expect(checkMt599(message.text, { lineLength: given.lineLength }).problems).toEqual([])
        // Nothing is changed, only broken at blanks.
        const flat = message.fields[79].join(' ')
        for (const text of [given.ou, ...Object.values(given.contact)]) expect(flat).toContain(text)
        for (const text of given.resources ?? []) expect(flat).toContain(text)
        expect(message.fields[20]).toBe(given.reference)
      }),
      { numRuns: 3000 },
    )
    expect(made).toBeGreaterThan(200)
    expect(refused).toBeGreaterThan(500)
  })
})
