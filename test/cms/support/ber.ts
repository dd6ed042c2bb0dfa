/** DER turned into the BER that streaming producers write. */
import { element, join, lengthOctets, readTree, type TreeNode } from '../../support/derTree.ts'

export interface BerForm {
  /** Nodes that stay DER, with all that is in them. */
  keep?: (node: TreeNode) => boolean
  /** `indefinite` lengths, or definite ones with more octets than need be. */
  lengths?: 'indefinite' | 'long'
  /** OCTET STRINGs of more bytes than this come in pieces. */
  pieces?: number
}

export function toBer(der: Uint8Array, form: BerForm = {}): Uint8Array {
  return write(der, readTree(der), form)
}

/** Attributes and certificates of a message: what senders of BER leave in DER. */
export function keepsDer({ path }: TreeNode): boolean {
  return /^root\.1\.0\.(\d+\.\d+\.3|3)$/.test(path)
}

function write(der: Uint8Array, node: TreeNode, form: BerForm): Uint8Array {
  const { tag, start, end, contentStart, contentEnd } = node
  if (form.keep?.(node)) return der.subarray(start, end)
  const content = der.subarray(contentStart, contentEnd)
  const { pieces = Number.POSITIVE_INFINITY } = form
  if (tag[0] === 0x04 && content.length > pieces) {
    const parts: Uint8Array[] = []
    for (let at = 0; at < content.length; at += pieces)
      parts.push(element(0x04, [content.subarray(at, at + pieces)]))
    return wrap(Uint8Array.of(0x24), join(parts), form)
  }
  if (((tag[0] ?? 0) & 0x20) === 0) return der.subarray(start, end)
  return wrap(tag, join(node.children.map((child) => write(der, child, form))), form)
}

function wrap(tag: Uint8Array, content: Uint8Array, { lengths = 'indefinite' }: BerForm): Uint8Array {
  return lengths === 'long'
    ? join([tag, lengthOctets(content.length, 2), content])
    : join([tag, Uint8Array.of(0x80), content, Uint8Array.of(0, 0)])
}
