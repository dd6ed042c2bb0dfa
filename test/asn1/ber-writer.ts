import { element, join, lengthOctets, readTree, type TreeNode } from '../support/derTree.ts'

/** Numbers from 0 to `below`, less one: the choices of {@link toBer}. */
export type Choose = (below: number) => number

/** The same numbers for the same seed (mulberry32). */
export function choices(seed: number): Choose {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/**
 * Writes DER as BER, here and there with indefinite lengths, lengths that are not the shortest, and strings in
 * pieces, nested ones too.
 *
 * @param inPieces universal string types that may come in pieces
 */
export function toBer(der: Uint8Array, choose: Choose, inPieces: ReadonlySet<number>): Uint8Array {
  return ber(der, readTree(der), choose, inPieces)
}

function ber(der: Uint8Array, node: TreeNode, choose: Choose, inPieces: ReadonlySet<number>): Uint8Array {
  const first = node.tag[0] as number
  const content = der.subarray(node.contentStart, node.contentEnd)
  if ((first & 0x20) !== 0) {
    const children = node.children.map((child) => ber(der, child, choose, inPieces))
    return constructed(node.tag, children, choose)
  }
  if (!inPieces.has(first) || choose(2) === 0) return primitive(node.tag, content, choose)
  const unusedBits = first === 0x03 ? (content[0] as number) : undefined
  return string(first, unusedBits === undefined ? content : content.subarray(1), unusedBits, choose, 3)
}

function string(
  type: number,
  content: Uint8Array,
  unusedBits: number | undefined,
  choose: Choose,
  depth: number,
): Uint8Array {
  // The pieces of character strings are OCTET STRINGs (X.690 8.23).
  const piece = unusedBits === undefined ? 0x04 : 0x03
  const pieces: Uint8Array[] = []
  // An empty BIT STRING with unused bits is none.
  for (let at = 0, count = 1 + choose(4); count > 0; count--) {
    const end = count === 1 ? content.length : Math.min(content.length, at + choose(content.length + 1))
    const part = content.subarray(at, end)
    const last = end === content.length
    const unused = unusedBits === undefined ? undefined : last ? unusedBits : 0
    if (depth > 0 && choose(3) === 0) pieces.push(string(piece, part, unused, choose, depth - 1))
    else
      pieces.push(
        primitive(
          Uint8Array.of(piece),
          unused === undefined ? part : join([Uint8Array.of(unused), part]),
          choose,
        ),
      )
    at = end
    if (last) break
  }
  return constructed(Uint8Array.of(type | 0x20), pieces, choose)
}

function primitive(tag: Uint8Array, content: Uint8Array, choose: Choose): Uint8Array {
  return join([tag, lengthOctets(content.length, choose(3) === 0 ? choose(4) : 0), content])
}

function constructed(tag: Uint8Array, parts: readonly Uint8Array[], choose: Choose): Uint8Array {
  if (choose(3) === 0) return element(tag, parts)
  const content = join(parts)
  if (choose(2) === 0) return primitive(tag, content, choose)
  return join([tag, Uint8Array.of(0x80), content, Uint8Array.of(0, 0)])
}
