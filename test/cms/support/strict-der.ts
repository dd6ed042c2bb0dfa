/** A strict look at whole messages, apart from src/asn1 on purpose. */
import { eachNode, readTree, type TreeNode } from '../../support/derTree.ts'

/** What in these bytes is not DER (X.690 sections 10 and 11); nothing where all is. */
export function derFaults(bytes: Uint8Array): string[] {
  const faults: string[] = []
  for (const node of eachNode(readTree(bytes))) {
    const fault = formFault(bytes, node) ?? valueFault(bytes, node)
    if (fault !== undefined) faults.push(`${node.path}: ${fault}`)
  }
  return faults
}

function formFault(
  bytes: Uint8Array,
  { tag, start, contentStart, contentEnd }: TreeNode,
): string | undefined {
  const [first = 0, ...more] = tag
  const octets = bytes.subarray(start + tag.length, contentStart)
  const length = contentEnd - contentStart
  const shortest = length < 0x80 ? 1 : 1 + Math.ceil(Math.log2(length + 1) / 8)
  if (octets[0] === 0x80) return 'indefinite length'
  if (octets.length !== shortest) return `length in ${octets.length} octets instead of ${shortest}`
  if (more.length > 0) return undefined
  const constructed = (first & 0x20) !== 0
  const mustBe = [0x10, 0x11].includes(first & 0x1f)
  return first < 0x40 && constructed !== mustBe ? `tag ${first.toString(16)}` : undefined
}

function valueFault(bytes: Uint8Array, node: TreeNode): string | undefined {
  const content = bytes.subarray(node.contentStart, node.contentEnd)
  const [a = 0, b = 0] = content
  switch (node.tag[0]) {
    case 0x01:
      return content.length === 1 && (a === 0 || a === 0xff) ? undefined : 'BOOLEAN'
    case 0x02:
      return content.length === 0 || (content.length > 1 && [0, 0x1ff].includes((a << 1) | (b >> 7)))
        ? 'INTEGER'
        : undefined
    case 0x03:
      return ((content.at(-1) ?? 0) & ((1 << a) - 1)) === 0 || content.length === 1 ? undefined : 'BIT STRING'
    case 0x05:
      return content.length === 0 ? undefined : 'NULL'
    case 0x06:
      return content.some((octet, i) => octet === 0x80 && (i === 0 || (content[i - 1] as number) < 0x80))
        ? 'OBJECT IDENTIFIER'
        : undefined
    case 0x31:
      return isAscending(bytes, node) ? undefined : 'SET OF out of order'
    default:
      return undefined
  }
}

/** Whether the children stand in the order of a SET OF (X.690 11.6). */
export function isAscending(bytes: Uint8Array, { children }: TreeNode): boolean {
  const items = children.map(({ start, end }) => bytes.subarray(start, end))
  return items.every((item, i) => i === 0 || Buffer.compare(items[i - 1] as Uint8Array, item) <= 0)
}

/** The fields of a message by their places in RFC 5652, sets under implicit tags among them. */
export interface Outline {
  version: TreeNode
  digestAlgorithms: TreeNode
  encapContentInfo: TreeNode
  certificates: TreeNode | undefined
  crls: TreeNode | undefined
  signerInfos: {
    version: TreeNode
    sid: TreeNode
    digestAlgorithm: TreeNode
    signedAttrs: TreeNode
    signatureAlgorithm: TreeNode
    signature: TreeNode
    unsignedAttrs: TreeNode | undefined
  }[]
}

export function outline(message: Uint8Array): Outline {
  const fields = [...at(at(readTree(message), 1), 0).children]
  const take = (list: TreeNode[], tag?: number): TreeNode | undefined =>
    tag === undefined || list[0]?.tag[0] === tag ? list.shift() : undefined
  const must = (list: TreeNode[]): TreeNode => take(list) ?? fail()
  return {
    version: must(fields),
    digestAlgorithms: must(fields),
    encapContentInfo: must(fields),
    certificates: take(fields, 0xa0),
    crls: take(fields, 0xa1),
    signerInfos: must(fields).children.map(({ children }) => {
      const list = [...children]
      return {
        version: must(list),
        sid: must(list),
        digestAlgorithm: must(list),
        signedAttrs: must(list),
        signatureAlgorithm: must(list),
        signature: must(list),
        unsignedAttrs: take(list, 0xa1),
      }
    }),
  }
}

/** The bytes of a node. */
export function bytesOf(message: Uint8Array, { start, end }: TreeNode): Uint8Array {
  return message.subarray(start, end)
}

function at({ children }: TreeNode, index: number): TreeNode {
  return children[index] ?? fail()
}

function fail(): never {
  throw new Error('not a SignedData')
}
