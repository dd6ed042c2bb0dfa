import fc from 'fast-check'

type Edit = (bytes: number[]) => void

// Octets that mean something to a parser: indefinite and long lengths, end-of-contents, constructed tags.
const telling = fc.constantFrom(
  0x00,
  0x01,
  0x02,
  0x04,
  0x1f,
  0x24,
  0x30,
  0x7f,
  0x80,
  0x81,
  0x84,
  0x89,
  0xa0,
  0xff,
)
const octet = fc.oneof(telling, fc.nat(0xff))
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, octet).map(
    ([at, value]): Edit =>
      (b) =>
        void b.splice(index(at, b), 1, value),
  ),
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Edit =>
      (b) =>
        flip(b, index(at, b), bit),
  ),
  fc.tuple(place, fc.array(octet, { minLength: 1, maxLength: 6 })).map(
    ([at, values]): Edit =>
      (b) =>
        void b.splice(index(at, b), 0, ...values),
  ),
  fc.tuple(place, fc.nat(20)).map(
    ([at, count]): Edit =>
      (b) =>
        void b.splice(index(at, b), count),
  ),
  fc.tuple(place, place, fc.nat(60)).map(
    ([from, to, count]): Edit =>
      (b) =>
        void b.splice(index(to, b), 0, ...b.slice(index(from, b), index(from, b) + count)),
  ),
  place.map(
    (at): Edit =>
      (b) =>
        void b.splice(index(at, b)),
  ),
)

function flip(bytes: number[], at: number, bit: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
}

function index(at: number, bytes: readonly number[]): number {
  return Math.floor(at * bytes.length)
}

/** The input with a few edits: octets changed, put in, taken out, copied elsewhere, cut off. */
export function mutated(input: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.array(edit, { minLength: 1, maxLength: 5 }).map((edits) => {
    const bytes = Array.from(input)
    for (const change of edits) change(bytes)
    return Uint8Array.from(bytes)
  })
}
