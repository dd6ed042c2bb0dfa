import { SealkitError } from '../../src/errors.ts'
import { elementVariants } from './damage.ts'
import { eachNode, element, join, readTree } from './derTree.ts'
import { type Variant, type VariantKind, variant } from './variant.ts'

export type { Variant, VariantKind }

/**
 * Every way we know to damage a real input: some tens of variants an element, and one for each byte.
 * Made lazily; the same for the same input.
 *
 * @param der a valid input (DER or BER), which is also walked into OCTET and BIT STRINGs that hold DER
 * @example
 * ```ts
 * const accepted = await expectOnlyTypedErrors((bytes) => Certificate.parse(bytes), malformedVariants(der))
 * expect(accepted.filter(neverValid).map((variant) => variant.name)).toEqual([])
 * ```
 */
export function* malformedVariants(der: Uint8Array): Generator<Variant> {
  const root = readTree(der)
  yield* tiny()
  for (let end = 1; end < der.length; end++) {
    yield variant('truncated', `truncated at ${end} of ${der.length}`, der.slice(0, end))
  }
  for (const [name, tail] of Object.entries(TAILS)) {
    yield variant('trailing', `trailing ${name}`, join([der, tail]))
  }
  yield variant('trailing', 'trailing copy of itself', join([der, der]))
  yield* depthBombs(der)
  for (const node of eachNode(root)) yield* elementVariants(der, root, node)
}

/** Whether no parser may accept the variant, whatever it parses: for `accepted.filter(neverValid)`. */
export function neverValid(variant: Variant): boolean {
  return !variant.encapsulated && NEVER_VALID.has(variant.kind)
}

const NEVER_VALID: ReadonlySet<VariantKind> = new Set(['truncated', 'trailing', 'length', 'depth', 'tiny'])

/**
 * Runs a parser, sync or async, over the variants and fails where anything but a `SealkitError` comes out.
 *
 * @returns the variants that were accepted, for the suite to judge
 */
export async function expectOnlyTypedErrors(
  parse: (bytes: Uint8Array) => unknown,
  variants: Iterable<Variant>,
): Promise<Variant[]> {
  const accepted: Variant[] = []
  const wrong: string[] = []
  let count = 0
  for (const each of variants) {
    count++
    try {
      await parse(each.bytes)
      accepted.push(each)
    } catch (error) {
      if (error instanceof SealkitError) continue
      wrong.push(`${each.name}: ${error instanceof Error ? error.stack : String(error)}`)
      if (wrong.length === 5) break
    }
  }
  if (wrong.length > 0) throw new Error(`not a SealkitError:\n${wrong.join('\n')}`)
  if (count === 0) throw new Error('there were no variants')
  return accepted
}

/** Variants counted by kind, for a readable assertion: `{ removed: 2, swapped: 1 }`. */
export function countKinds(variants: Iterable<Variant>): Partial<Record<VariantKind, number>> {
  const counts: Partial<Record<VariantKind, number>> = {}
  for (const { kind } of variants) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

const TAILS = {
  'zero byte': Uint8Array.of(0),
  'end-of-contents': Uint8Array.of(0, 0),
  NULL: Uint8Array.of(5, 0),
  'ff byte': Uint8Array.of(0xff),
}

function* tiny(): Generator<Variant> {
  yield variant('tiny', 'empty', new Uint8Array(0))
  for (const tag of [0x00, 0x02, 0x04, 0x05, 0x06, 0x1f, 0x24, 0x30, 0x31, 0x7f, 0xa0, 0xbf, 0xff]) {
    yield variant('tiny', `one byte ${tag.toString(16)}`, Uint8Array.of(tag))
    for (const length of [0x00, 0x01, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xfe, 0xff]) {
      const name = `two bytes ${tag.toString(16)} ${length.toString(16)}`
      yield variant('tiny', name, Uint8Array.of(tag, length))
    }
  }
}

function* depthBombs(der: Uint8Array): Generator<Variant> {
  for (const [tag, name] of [
    [0x30, 'SEQUENCE'],
    [0xa0, '[0]'],
    [0x24, 'constructed OCTET STRING'],
  ] as const) {
    let wrapped = der
    for (let i = 0; i < 100; i++) wrapped = element(tag, [wrapped])
    yield variant('depth', `inside 100 ${name}`, wrapped)
    const opened = new Uint8Array(200_000).map((_, i) => (i % 2 === 0 ? tag : 0x80))
    yield variant('depth', `inside 100,000 indefinite ${name}, open`, join([opened, der]))
    const closed = join([opened, der, new Uint8Array(200_000)])
    yield variant('depth', `inside 100,000 indefinite ${name}`, closed)
  }
}
