/** Every bit of a message flipped, one at a time: accepted only where nothing hangs on it. */
import { expect, it } from 'vitest'
import { type TrustFunction, verify } from '../../src/cms/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { readTree, type TreeNode } from '../support/derTree.ts'
import { identity, vector } from './support/identities.ts'
import { explain, placesOf } from './support/meaningless.ts'

const trust: TrustFunction = (certificate) =>
  certificate.equals(identity('rsa').certificate) ? { trusted: true } : { trusted: false, detail: 'unknown' }

function nodeAt(node: TreeNode, offset: number): TreeNode {
  const child = node.children.find(({ start, end }) => start <= offset && offset < end)
  return child === undefined ? node : nodeAt(child, offset)
}

it('of an RSA signature with its content and chain', async () => {
  const message = vector('openssl-attached.der')
  const tree = readTree(message)
  const places = placesOf(message)
  const reasons = new Map<string | undefined, number>()
  const unexplained: string[] = []
  for (let bit = 0; bit < message.length * 8; bit++) {
    const flipped = Uint8Array.from(message)
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (0x80 >> (bit & 7))
    try {
      if ((await verify(flipped, { trust })).verdict === 'invalid') continue
    } catch (error) {
      if (error instanceof SealkitError) continue
      throw error
    }
    const { path } = nodeAt(tree, bit >> 3)
    const reason = explain('flip', path, places)
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    if (reason === undefined) unexplained.push(`${path} byte ${bit >> 3} bit ${bit & 7}`)
  }
  expect(unexplained).toEqual([])
  // None in the content, the signature, the signed attributes or the signer's certificate; some in each of these:
  expect([...reasons.keys()].sort()).toEqual([
    "a certificate that is not the signer's",
    'digestAlgorithms: a hint for one pass, RFC 5652 5.1',
    'the same name in other letters or another string type, RFC 5280 7.1',
    'version: follows from sid, RFC 5652 5.3',
    'version: follows from the rest, RFC 5652 5.1',
  ])
})
