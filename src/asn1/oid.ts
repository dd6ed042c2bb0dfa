/**
 * Decodes the content octets of an OBJECT IDENTIFIER (X.690 8.19) into dotted form.
 * Arcs of any size stay exact: a 32-bit or 53-bit truncation could forge a trusted OID.
 *
 * @returns the dotted form, or undefined where the octets are empty, cut off or not minimal
 */
export function decodeOid(content: Uint8Array): string | undefined {
  if (content.length === 0 || (content[content.length - 1] as number) >= 0x80) return undefined
  let text = ''
  let arc = 0
  let from = 0
  for (let i = 0; i < content.length; i++) {
    const octet = content[i] as number
    if (i === from && octet === 0x80) return undefined
    arc = arc * 128 + (octet & 0x7f)
    if (octet >= 0x80) continue
    // Seven octets hold 49 bits, which a number holds exactly.
    const exact = i - from < 7 ? arc : bigArc(content.subarray(from, i + 1))
    text = text === '' ? firstArcs(exact) : `${text}.${exact}`
    arc = 0
    from = i + 1
  }
  return text
}

// By way of binary digits, since shifting a growing bigint octet by octet takes quadratic time.
function bigArc(octets: Uint8Array): bigint {
  return BigInt(`0b${Array.from(octets, (octet) => (octet & 0x7f).toString(2).padStart(7, '0')).join('')}`)
}

/** X.690 8.19.4: the first two arcs share one number, 40 * first + second. */
function firstArcs(value: number | bigint): string {
  if (value < 40) return `0.${value}`
  if (value < 80) return `1.${Number(value) - 40}`
  return typeof value === 'bigint' ? `2.${value - 80n}` : `2.${value - 80}`
}

/** Characters: more than any limit on reading one allows. */
const LONGEST = 10_000

/**
 * Encodes a dotted OBJECT IDENTIFIER into its content octets (X.690 8.19).
 *
 * @throws TypeError where the text is no OID (two arcs at least; first 0 to 2; second below 40 under 0 and 1)
 */
export function encodeOid(dotted: string): Uint8Array {
  const isOid =
    typeof dotted === 'string' && dotted.length <= LONGEST && /^[0-2](\.(0|[1-9]\d*))+$/.test(dotted)
  if (!isOid) throw new TypeError(`not an object identifier: ${String(dotted).slice(0, 100)}`)
  const [first, second, ...rest] = dotted.split('.').map(BigInt) as [bigint, bigint, ...bigint[]]
  if (first < 2n && second > 39n) throw new TypeError(`not an object identifier: ${dotted}`)
  const out: number[] = []
  for (const arc of [first * 40n + second, ...rest]) {
    const octets = [Number(arc & 0x7fn)]
    for (let left = arc >> 7n; left > 0n; left >>= 7n) octets.push(Number(left & 0x7fn) | 0x80)
    out.push(...octets.reverse())
  }
  return Uint8Array.from(out)
}
