import { element, join, lengthOctets, replaceNode, type TreeNode } from './derTree.ts'
import { type Variant, type VariantKind, variant } from './variant.ts'

/** What can be done to one element. `repaired` keeps the lengths around it right, so that it is reached. */
export function* elementVariants(der: Uint8Array, root: TreeNode, node: TreeNode): Generator<Variant> {
  const at = `${node.path} (at ${node.start})`
  const { tag, children } = node
  const whole = der.subarray(node.start, node.end)
  const content = der.subarray(node.contentStart, node.contentEnd)
  const first = tag[0] as number
  const repaired = (kind: VariantKind, what: string, ...parts: Uint8Array[]): Variant =>
    variant(kind, `${at}: ${what}`, replaceNode(der, root, node, parts), node.encapsulated)

  for (const octets of badLengths(node)) {
    const parts = [der.subarray(0, node.start + tag.length), octets, der.subarray(node.contentStart)]
    const name = `${at}: length ${Buffer.from(octets).toString('hex')}`
    yield variant('length', name, join(parts), node.encapsulated)
  }
  for (const other of OTHER_TAGS) {
    if (other === first) continue
    yield repaired('tag', `tag ${other.toString(16)}`, element(other, [content]))
  }
  yield repaired('tag', 'constructed bit', element(first ^ 0x20, [content]))
  yield repaired('tag', 'high tag number', element(Uint8Array.of(first | 0x1f, 0x81, 0x01), [content]))

  yield repaired('ber', 'long length', tag, lengthOctets(content.length, 1), content)
  yield repaired('ber', 'length with leading zeros', tag, lengthOctets(content.length, 4), content)
  if ((first & 0x20) !== 0) {
    yield repaired('ber', 'indefinite length', tag, Uint8Array.of(0x80), content, Uint8Array.of(0, 0))
  } else if (first === 0x04) {
    const half = content.length >> 1
    const pieces = [element(4, [content.subarray(0, half)]), element(4, [content.subarray(half)])]
    yield repaired('ber', 'string in two pieces', element(0x24, pieces))
  }

  if (node !== root) {
    yield repaired('removed', 'removed')
    yield repaired('duplicated', 'twice', whole, whole)
    yield repaired('added', 'NULL after it', whole, Uint8Array.of(5, 0))
    yield repaired('added', 'end-of-contents after it', whole, Uint8Array.of(0, 0))
    yield repaired('content', 'replaced by a depth bomb', depthBomb())
  }
  for (let i = 0; i + 1 < children.length; i++) {
    const items = children.map((child) => der.subarray(child.start, child.end))
    const [a, b] = [items[i] as Uint8Array, items[i + 1] as Uint8Array]
    if (Buffer.compare(a, b) === 0) continue
    items.splice(i, 2, b, a)
    yield repaired('swapped', `children ${i} and ${i + 1} swapped`, element(tag, items))
  }
  if (content.length > 0) yield repaired('content', 'emptied', element(tag, []))
  if (children.length === 0) yield* primitives(repaired, tag, content)
}

function* primitives(
  repaired: (kind: VariantKind, what: string, ...parts: Uint8Array[]) => Variant,
  tag: Uint8Array,
  content: Uint8Array,
): Generator<Variant> {
  const changed = (at: number, octet: number): Uint8Array =>
    element(tag, [content.map((b, i) => (i === at ? octet : b))])
  const length = content.length
  const first = content[0] ?? 0
  const last = content[length - 1] ?? 0
  if (length > 0) {
    yield repaired('content', 'first bit flipped', changed(0, first ^ 0x80))
    yield repaired('content', 'last bit flipped', changed(length - 1, last ^ 0x01))
    yield repaired('content', 'last byte dropped', element(tag, [content.subarray(0, -1)]))
  }
  yield repaired('content', 'zero byte appended', element(tag, [content, Uint8Array.of(0)]))
  yield repaired('content', '100 kB appended', element(tag, [content, new Uint8Array(100_000).fill(0x81)]))
  if (tag[0] === 0x01) yield repaired('noncanonical', 'BOOLEAN 01', changed(0, 0x01))
  if (tag[0] === 0x02 || tag[0] === 0x0a) {
    const pad = Uint8Array.of(first >= 0x80 ? 0xff : 0)
    yield repaired('noncanonical', 'padded INTEGER', element(tag, [pad, content]))
  }
  if (tag[0] === 0x03) yield repaired('noncanonical', 'BIT STRING with 9 unused bits', changed(0, 9))
  if (tag[0] === 0x06) {
    yield repaired('noncanonical', 'padded first arc', element(tag, [Uint8Array.of(0x80), content]))
    // Arithmetic in 32 bits would read the last arc as what it was.
    const wrap = Uint8Array.of(...content.subarray(0, -1), 0x90, 0x80, 0x80, 0x80, last)
    if (last < 0x80 && (content[length - 2] ?? 0) < 0x80) {
      yield repaired('content', 'last arc plus 2^32', element(tag, [wrap]))
    }
  }
}

function badLengths(node: TreeNode): Uint8Array[] {
  const length = node.contentEnd - node.contentStart
  const bad = [
    lengthOctets(length + 1),
    lengthOctets(100 * 1024 * 1024),
    Uint8Array.of(0x84, 0xff, 0xff, 0xff, 0xff),
    Uint8Array.of(0x88, 0x01, 0, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(0x89, 0x01, 0, 0, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(0xfe),
    Uint8Array.of(0xff),
    Uint8Array.of(0x80),
  ]
  return length > 0 ? [lengthOctets(length - 1), ...bad] : bad
}

const OTHER_TAGS = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0xa0, 0xa1,
]

function depthBomb(): Uint8Array {
  let bomb: Uint8Array = Uint8Array.of(5, 0)
  for (let i = 0; i < 200; i++) bomb = element(0x30, [bomb])
  return bomb
}
