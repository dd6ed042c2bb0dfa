import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePem, encodePem, toDefinite } from '../../src/asn1/index.ts'
import { Asn1Error, PemError } from '../../src/errors.ts'
import { expectOnlyTypedErrors, malformedVariants, type VariantKind } from '../support/malformed.ts'
import { describeShared, shared } from '../support/tools.ts'
import { show } from './helpers.ts'
import { inputs, streamed } from './inputs.ts'
import { mutated } from './mutate.ts'
import { type Walk, walk } from './walk.ts'

/** What it gives, or undefined where it throws the typed error; anything else fails the test. */
function typed<T>(run: () => T, type: typeof Asn1Error | typeof PemError = Asn1Error): T | undefined {
  try {
    return run()
  } catch (error) {
    if (error instanceof type) return undefined
    throw error
  }
}

/** All that must hold for any bytes at all. */
function check(bytes: Uint8Array): void {
  const strict: Walk | undefined = typed(() => walk(bytes))
  if (strict !== undefined) {
    expect(strict.elements).toBeLessThanOrEqual(bytes.length / 2)
    expect(Buffer.compare(strict.again, bytes)).toBe(0)
    expect(toDefinite(bytes)).toBe(bytes)
  }
  const definite = typed(() => toDefinite(bytes))
  if (definite === undefined) return
  // 23 00, a BIT STRING of no pieces, becomes 03 01 00.
  expect(definite.length).toBeLessThanOrEqual(bytes.length * 1.5)
  expect(toDefinite(definite)).toBe(definite)
  const lenient = typed(() => walk(definite, { rules: 'definite' }))
  if (lenient !== undefined) expect(lenient.elements).toBeLessThanOrEqual(definite.length / 2)
}

/** Not `length` and `tiny`: any DER is welcome here, and some of these are. */
const NEVER = new Set<VariantKind>(['truncated', 'trailing', 'depth', 'noncanonical'])

function checkPem(text: string | Uint8Array): void {
  const blocks = typed(() => decodePem(text), PemError) ?? []
  const size = blocks.reduce((sum, block) => sum + block.der.length, 0)
  expect(size).toBeLessThanOrEqual(text.length * 0.75)
  expect(blocks.every((block) => block.der.length > 0)).toBe(true)
}

describe('real inputs', () => {
  it.each(inputs)('%s is read, and comes out again', (_, bytes) => {
    const definite = toDefinite(bytes)
    expect(definite === bytes).toBe(bytes !== streamed)
    expect(show(walk(definite).again)).toBe(show(definite))
    check(bytes)
  })

  it.each(inputs)('%s, mutated: typed errors only', (_, bytes) => {
    fc.assert(fc.property(mutated(bytes), check), { numRuns: 400 })
  })

  it.each(inputs)('%s, in every malformed variant', async (_, bytes) => {
    const read = (damaged: Uint8Array): void => {
      const strict = typed(() => walk(damaged))
      if (strict !== undefined) expect(toDefinite(damaged)).toBe(damaged)
      walk(toDefinite(damaged), { rules: 'definite' })
    }
    const accepted = await expectOnlyTypedErrors(read, malformedVariants(bytes))
    // This walk does not open strings, and under BER's rules any TRUE is as good as another.
    const never = accepted.filter(
      ({ kind, name, encapsulated }) => NEVER.has(kind) && !encapsulated && !name.endsWith('BOOLEAN 01'),
    )
    expect(never.map(({ name }) => name)).toEqual([])
    // Some variants of each of these are well formed: the walk must be reaching into them.
    for (const kind of ['ber', 'tag', 'content', 'removed', 'duplicated', 'added'])
      expect(
        accepted.some((variant) => variant.kind === kind),
        kind,
      ).toBe(true)
  })

  it.each(inputs)('%s in PEM, mutated: PemError only', (_, bytes) => {
    const text = `text\n${encodePem('X', bytes)}\n  subject=x\r\n${encodePem('A B', bytes.subarray(0, 70))}`
    fc.assert(fc.property(mutated(Buffer.from(text)), checkPem), { numRuns: 150 })
    fc.assert(
      fc.property(mutated(Buffer.from(text)), (octets) => checkPem(Buffer.from(octets).toString('latin1'))),
      { numRuns: 50 },
    )
  })
})

describe('any bytes', () => {
  it('random ones', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), check), { numRuns: 3000 })
  })

  it('of the octets that headers are made of', () => {
    const telling = fc.constantFrom(
      0x00,
      0x01,
      0x02,
      0x03,
      0x04,
      0x05,
      0x23,
      0x24,
      0x30,
      0x31,
      0x80,
      0x81,
      0xa0,
    )
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 24 }), (octets) => check(Uint8Array.from(octets))),
      { numRuns: 5000 },
    )
  })

  it('every input of one and two bytes', () => {
    for (let first = 0; first < 256; first++) {
      check(Uint8Array.of(first))
      for (let second = 0; second < 256; second++) check(Uint8Array.of(first, second))
    }
  })
})

describe('any text', () => {
  const words = [
    '-----BEGIN X-----',
    '-----END X-----',
    '-----',
    'BEGIN ',
    'AQI=',
    'AQID',
    '\n',
    '\r',
    ' ',
    ':',
    'A: b',
    '\ufeff',
  ]
  it('of the words PEM is made of', () => {
    const text = fc.array(fc.constantFrom(...words), { maxLength: 20 }).map((parts) => parts.join(''))
    fc.assert(fc.property(text, checkPem), { numRuns: 5000 })
  })
})

describeShared('../shared/vectors', () => {
  const files = ['digicert', 'gost', 'pkcs12']
    .flatMap((folder) => filesIn(shared('vectors', folder)))
    .filter(
      (file) => /\.(der|crt|cer|p12|pfx|p7|p7s|pem|key|p8)$/.test(file) && statSync(file).size < 200_000,
    )

  it('are many', () => expect(files.length).toBeGreaterThan(200))

  it.each(['digicert', 'gost', 'pkcs12'])(
    '%s: as they are and mutated',
    (folder) => {
      const prefix = shared('vectors', folder)
      for (const file of files.filter((name) => name.startsWith(prefix))) {
        const bytes = Uint8Array.from(readFileSync(file))
        check(bytes)
        checkPem(bytes)
        const [first] = typed(() => decodePem(bytes), PemError) ?? []
        const content = first?.der ?? bytes
        check(content)
        if (content.length < 8000) fc.assert(fc.property(mutated(content), check), { numRuns: 8 })
      }
    },
    60_000,
  )
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
