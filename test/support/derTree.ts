/**
 * A plain BER walker for tests, apart from src/asn1 on purpose: what is under test must not make its own
 * test data.
 */
export interface TreeNode {
  /** Position from the root: `root`, `root.0.2`. */
  path: string
  /** Identifier octets. */
  tag: Uint8Array
  start: number
  contentStart: number
  contentEnd: number
  /** Behind the element, its end-of-contents octets included. */
  end: number
  /** Set for constructed elements, and for OCTET or BIT STRINGs that hold DER (`encapsulates`). */
  children: TreeNode[]
  encapsulates: boolean
  /** Inside such a string: a parser may leave these bytes unread. */
  encapsulated: boolean
}

/** Reads `bytes`, one whole BER element, into a tree. Throws a plain Error where they are none. */
export function readTree(bytes: Uint8Array): TreeNode {
  const root = readNode(bytes, 0, bytes.length, 'root', false)
  if (root.end !== bytes.length) throw new Error(`bytes after the element, from ${root.end}`)
  return root
}

/** The node and everything below it, outermost first. */
export function* eachNode(node: TreeNode): Generator<TreeNode> {
  yield node
  for (const child of node.children) yield* eachNode(child)
}

/** Encodes `root` anew with `target` replaced by any bytes, and every length around it put right. */
export function replaceNode(
  bytes: Uint8Array,
  root: TreeNode,
  target: TreeNode,
  replacement: readonly Uint8Array[],
): Uint8Array {
  if (root === target) return join(replacement)
  if (target.start < root.start || target.end > root.end) return bytes.subarray(root.start, root.end)
  const parts = root.children.map((child) => replaceNode(bytes, child, target, replacement))
  const unusedBits = root.encapsulates && root.tag[0] === 0x03 ? [Uint8Array.of(0)] : []
  return element(root.tag, [...unusedBits, ...parts])
}

/** An element with the shortest length. */
export function element(tag: Uint8Array | number, parts: readonly Uint8Array[]): Uint8Array {
  const content = join(parts)
  return join([typeof tag === 'number' ? Uint8Array.of(tag) : tag, lengthOctets(content.length), content])
}

/** Length octets: the shortest, or `extra` octets longer than need be. */
export function lengthOctets(length: number, extra = 0): Uint8Array {
  if (length < 0x80 && extra === 0) return Uint8Array.of(length)
  const octets: number[] = []
  for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256)
  if (octets.length === 0) octets.push(0)
  const pad = Math.max(0, length < 0x80 ? extra - 1 : extra)
  return Uint8Array.of(0x80 | (octets.length + pad), ...new Array<number>(pad).fill(0), ...octets)
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

function readNode(
  bytes: Uint8Array,
  start: number,
  limit: number,
  path: string,
  encapsulated: boolean,
): TreeNode {
  const octet = (at: number): number => {
    const value = at < limit ? bytes[at] : undefined
    if (value === undefined) throw new Error(`cut off at ${at}`)
    return value
  }
  let at = start
  const first = octet(at++)
  if ((first & 0x1f) === 0x1f) while (octet(at++) >= 0x80) {}
  const tag = bytes.subarray(start, at)
  let length = octet(at++)
  const indefinite = length === 0x80
  if (length > 0x80) {
    const octets = length & 0x7f
    length = 0
    for (let i = 0; i < octets; i++) length = length * 256 + octet(at++)
  }
  const contentStart = at
  const contentEnd = indefinite ? limit : at + length
  if (contentEnd > limit) throw new Error(`cut off at ${at}`)
  const place = { start, contentStart, contentEnd, end: contentEnd }
  const node = { path, tag, ...place, encapsulates: false, encapsulated }
  if ((first & 0x20) === 0) {
    const children = insideString(bytes, first, contentStart, contentEnd, path)
    return { ...node, children, encapsulates: children.length > 0 }
  }
  const children: TreeNode[] = []
  while (indefinite ? octet(at) !== 0 : at < contentEnd) {
    const child = readNode(bytes, at, contentEnd, `${path}.${children.length}`, encapsulated)
    children.push(child)
    at = child.end
  }
  if (!indefinite) return { ...node, children }
  octet(at + 1)
  return { ...node, contentEnd: at, end: at + 2, children }
}

/** An OCTET STRING, or BIT STRING of whole bytes, that holds one SEQUENCE: extensions, public keys. */
function insideString(bytes: Uint8Array, tag: number, from: number, to: number, path: string): TreeNode[] {
  const start = tag === 0x03 && bytes[from] === 0 ? from + 1 : from
  if ((tag !== 0x03 && tag !== 0x04) || (tag === 0x03 && start === from) || bytes[start] !== 0x30) return []
  try {
    const child = readNode(bytes, start, to, `${path}.0`, true)
    return child.end === to ? [child] : []
  } catch {
    return []
  }
}
