import fc from 'fast-check'
import { der, encode } from '../../src/asn1/index.ts'

/** A value as it is meant, apart from any encoding. Types and texts are what both readers are compared by. */
export interface Value {
  /** `INTEGER`, `[0]` ... */
  type: string
  /** Decimal, dotted, text, ISO date or hexadecimal, by type; undefined where there are items. */
  text?: string
  items?: Value[]
}

/** A value with its DER. */
export interface Model {
  value: Value
  der: Uint8Array
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const leaf = (type: string, text: string, bytes: Uint8Array): Model => ({ value: { type, text }, der: bytes })

const integer = fc.oneof(fc.bigInt(-300n, 300n), fc.bigInt(-(2n ** 200n), 2n ** 200n))
const arc = fc.oneof(fc.nat(300).map(BigInt), fc.bigInt(0n, 2n ** 48n))
const oid = fc.tuple(fc.constantFrom('1.2', '0.9', '2.5', '2.999'), fc.array(arc, { maxLength: 5 }))
const octets = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 120, maxLength: 300 }))
// No byte order mark at the start: asn1js takes it off.
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((t) => !t.startsWith('\ufeff'))
const printable = fc.string({ unit: fc.constantFrom(..."AZaz09 ()+,-./:=?'"), maxLength: 20 })
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 20 })
const dates = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((date) => {
    date.setUTCMilliseconds(0)
    return date
  })

const leaves: fc.Arbitrary<Model> = fc.oneof(
  fc.boolean().map((b) => leaf('BOOLEAN', String(b), der.boolean(b))),
  integer.map((n) => leaf('INTEGER', String(n), der.integer(n))),
  fc.constant(leaf('NULL', '', der.null())),
  oid.map(([start, rest]) => [start, ...rest].join('.')).map((o) => leaf('OBJECT IDENTIFIER', o, der.oid(o))),
  octets.map((o) => leaf('OCTET STRING', hexOf(o), der.octetString(o))),
  fc.tuple(octets, fc.nat(7)).map(([o, n]) => bits(o, n)),
  text.map((t) => leaf('UTF8 STRING', t, der.utf8String(t))),
  printable.map((t) => leaf('PRINTABLE STRING', t, der.printableString(t))),
  ascii.map((t) => leaf('IA5 STRING', t, der.ia5String(t))),
  text.map((t) => leaf('BMP STRING', t, encode(0x1e, [Buffer.from(t, 'utf16le').swap16()]))),
  dates.map((d) =>
    leaf(
      d.getUTCFullYear() >= 1950 && d.getUTCFullYear() < 2050 ? 'UTC TIME' : 'GENERALIZED TIME',
      d.toISOString(),
      der.time(d),
    ),
  ),
  fc
    .tuple(fc.nat(40), octets)
    .map(([n, o]) => leaf(`[${n}] primitive`, hexOf(o), der.implicit(n, der.octetString(o)))),
)

function bits(bytes: Uint8Array, unused: number): Model {
  const unusedBits = bytes.length === 0 ? 0 : unused
  const cleared = bytes.map((byte, i) => (i === bytes.length - 1 ? (byte >> unusedBits) << unusedBits : byte))
  return leaf('BIT STRING', `${hexOf(cleared)}/${unusedBits}`, der.bitString(cleared, unusedBits))
}

/** Trees of every type, written by our writer. */
export const trees: fc.Arbitrary<Model> = fc.letrec<{ tree: Model }>((tie) => {
  const items = fc.array(tie('tree'), { maxLength: 5, depthIdentifier: 'tree' })
  const inside = (type: string, models: Model[], bytes: Uint8Array): Model => ({
    value: { type, items: models.map((model) => model.value) },
    der: bytes,
  })
  const encodings = (models: Model[]): Uint8Array[] => models.map((model) => model.der)
  return {
    tree: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'tree' },
      leaves,
      items.map((models) => inside('SEQUENCE', models, der.sequence(encodings(models)))),
      items.map((models) => {
        const sorted = [...models].sort((a, b) => Buffer.compare(a.der, b.der))
        return inside('SET', sorted, der.setOf(encodings(models)))
      }),
      fc
        .tuple(fc.nat(40), tie('tree'))
        .map(([n, model]) => inside(`[${n}]`, [model], der.explicit(n, model.der))),
    ),
  }
}).tree
