/**
 * Decodes the content octets of an OBJECT IDENTIFIER (X.690 8.19) into dotted form.
 * Arcs of any size stay exact: a 32-bit or 53-bit truncation could forge a trusted OID.
 *
 * @returns the dotted form, or undefined where the octets are not a minimal encoding
 */
export function decodeOid(content: Uint8Array): string | undefined {
  if (content.length === 0 || (content[content.length - 1] as number) >= 0x80) return undefined
  let text = ''
  let arc = 0
  let big: bigint | undefined
  let fresh = true
  for (let i = 0; i < content.length; i++) {
    const octet = content[i] as number
    if (fresh && octet === 0x80) return undefined
    fresh = false
    if (big !== undefined) big = (big << 7n) | BigInt(octet & 0x7f)
    else if (arc >= 2 ** 45) big = (BigInt(arc) << 7n) | BigInt(octet & 0x7f)
    else arc = arc * 128 + (octet & 0x7f)
    if (octet >= 0x80) continue
    if (text === '') text = firstArcs(big ?? arc)
    else text += `.${big ?? arc}`
    arc = 0
    big = undefined
    fresh = true
  }
  return text
}

function firstArcs(value: number | bigint): string {
  if (value < 40) return `0.${value}`
  if (value < 80) return `1.${Number(value) - 40}`
  return typeof value === 'bigint' ? `2.${value - 80n}` : `2.${value - 80}`
}

/**
 * Encodes a dotted OBJECT IDENTIFIER into its content octets.
 *
 * @throws TypeError where the text is no OID (two arcs at least; first 0 to 2; second below 40 under 0 and 1)
 */
export function encodeOid(dotted: string): Uint8Array {
  if (!/^[0-2](\.(0|[1-9]\d*))+$/.test(dotted)) throw new TypeError(`not an object identifier: ${dotted}`)
  const [first, second, ...rest] = dotted.split('.').map(BigInt) as [bigint, bigint, ...bigint[]]
  if (first < 2n && second > 39n) throw new TypeError(`not an object identifier: ${dotted}`)
  const out: number[] = []
  for (const arc of [first * 40n + second, ...rest]) {
    const octets = [Number(arc & 0x7fn)]
    for (let left = arc >> 7n; left > 0n; left >>= 7n) octets.unshift(Number(left & 0x7fn) | 0x80)
    out.push(...octets)
  }
  return Uint8Array.from(out)
}
