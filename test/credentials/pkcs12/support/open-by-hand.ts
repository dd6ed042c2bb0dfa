/** Opens what sealkit writes with PBES2 and PBKDF2, apart from src: node:crypto and a tree of DER. */
import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import { derFaults } from '../../../cms/support/strict-der.ts'
import { eachNode, readTree, type TreeNode } from '../../../support/derTree.ts'

/** A part of a file with its tree; offsets are into `bytes`. */
export interface Part {
  readonly bytes: Uint8Array
  readonly tree: TreeNode
}

export interface OpenedByHand {
  readonly pfx: Part
  readonly authenticatedSafe: Part
  /** SafeContents of the encrypted safe, then of the plain one. */
  readonly safes: readonly Part[]
  /** PrivateKeyInfo of each shrouded key. */
  readonly keys: readonly Part[]
}

/** A SafeBag: its type, and its attributes by type with the encoding of their one value. */
export interface HandBag {
  readonly type: string
  readonly attributes: ReadonlyMap<string, Uint8Array>
}

const part = (bytes: Uint8Array): Part => ({ bytes, tree: readTree(bytes) })

export const contentOf = ({ bytes }: Part, { contentStart, contentEnd }: TreeNode): Uint8Array =>
  bytes.subarray(contentStart, contentEnd)

/** The node at a path of indexes. */
export function at(node: TreeNode, ...path: readonly number[]): TreeNode {
  return path.reduce((inner, index) => {
    const child = inner.children[index]
    if (child === undefined) throw new Error(`nothing at ${path}`)
    return child
  }, node)
}

const hex = (of: Part, node: TreeNode): string => Buffer.from(contentOf(of, node)).toString('hex')
const number = (of: Part, node: TreeNode): number => Number.parseInt(hex(of, node), 16)

export function openByHand(file: Uint8Array, password: string): OpenedByHand {
  const pfx = part(file)
  const authenticatedSafe = part(contentOf(pfx, at(pfx.tree, 1, 1, 0)))
  const safes = authenticatedSafe.tree.children.map((info) => {
    const content = at(info, 1, 0)
    if (content.tag[0] === 0x04) return part(contentOf(authenticatedSafe, content))
    // EncryptedData: version, then EncryptedContentInfo.
    const [, algorithm, ciphertext] = at(content, 1).children
    if (algorithm === undefined || ciphertext === undefined) throw new Error('no EncryptedContentInfo')
    return part(decrypt(authenticatedSafe, algorithm, ciphertext, password))
  })
  const keys = safes.flatMap((safe) =>
    safe.tree.children
      .filter((bag) => oid(contentOf(safe, at(bag, 0))) === '1.2.840.113549.1.12.10.1.2')
      .map((bag) => part(decrypt(safe, at(bag, 1, 0, 0), at(bag, 1, 0, 1), password))),
  )
  return { pfx, authenticatedSafe, safes, keys }
}

/** PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC. */
function decrypt(of: Part, algorithm: TreeNode, ciphertext: TreeNode, password: string): Uint8Array {
  const kdf = at(algorithm, 1, 0, 1)
  const [salt, iterations] = [contentOf(of, at(kdf, 0)), number(of, at(kdf, 1))]
  const key = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const cipher = createDecipheriv('aes-256-cbc', key, contentOf(of, at(algorithm, 1, 1, 1)))
  return new Uint8Array(Buffer.concat([cipher.update(contentOf(of, ciphertext)), cipher.final()]))
}

export function bagsOf(safe: Part): HandBag[] {
  return safe.tree.children.map((bag) => ({
    type: oid(contentOf(safe, at(bag, 0))),
    attributes: new Map(
      (bag.children[2]?.children ?? []).map((attribute) => {
        const value = at(attribute, 1, 0)
        return [oid(contentOf(safe, at(attribute, 0))), safe.bytes.slice(value.start, value.end)]
      }),
    ),
  }))
}

/** The certificates of a safe, DER. */
export function certificatesOf(safe: Part): Uint8Array[] {
  return safe.tree.children
    .filter((bag) => oid(contentOf(safe, at(bag, 0))) === '1.2.840.113549.1.12.10.1.3')
    .map((bag) => contentOf(safe, at(bag, 1, 0, 1, 0)))
}

/** Dotted form of the content octets. */
function oid(octets: Uint8Array): string {
  const arcs: number[] = []
  let arc = 0
  for (const octet of octets) {
    arc = arc * 128 + (octet & 0x7f)
    if (octet >= 0x80) continue
    if (arcs.length === 0)
      arcs.push(Math.min(Math.floor(arc / 40), 2), arc - Math.min(Math.floor(arc / 40), 2) * 40)
    else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

/** What is not DER. Random octets within strings can look like anything, and are not looked at. */
export function faultsOf({ bytes, tree }: Part): string[] {
  const within = new Set(Array.from(eachNode(tree)).flatMap((node) => (node.encapsulated ? [node.path] : [])))
  return derFaults(bytes).filter((fault) => !within.has(fault.split(':', 1)[0] ?? ''))
}
