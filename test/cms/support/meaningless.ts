/**
 * The places of a message that may change without anything being wrong: nothing signs them, and nothing hangs on
 * them. Every rule has its reason; what no rule explains, verify must refuse.
 */
import { readTree, type TreeNode } from '../../support/derTree.ts'
import { identity } from './identities.ts'

/** Where things stand in a message: paths as in test/support/derTree.ts. */
export interface Places {
  /** ContentInfos: of the message, of its timestamp tokens. */
  messages: readonly string[]
  /** SignerInfos: of the message, of tokens, countersignatures. */
  signers: readonly string[]
  /** Certificates that nobody signs with. */
  others: readonly string[]
}

const TIMESTAMP_OR_COUNTERSIGNATURE = 'root.1.0.4.0.6.0.1.0'

export function placesOf(message: Uint8Array, unsigned?: 'timestamp' | 'countersignature'): Places {
  const inner = TIMESTAMP_OR_COUNTERSIGNATURE
  const messages = ['root', ...(unsigned === 'timestamp' ? [inner] : [])]
  const signers = messages.map((path) => `${path}.1.0.4.0`)
  if (unsigned === 'countersignature') signers.push(inner)
  const intermediate = Buffer.from(identity('intermediate').certificate.der)
  const others: string[] = []
  const visit = (node: TreeNode): void => {
    if (intermediate.equals(message.subarray(node.start, node.end))) others.push(node.path)
    node.children.forEach(visit)
  }
  visit(readTree(message))
  return { messages, signers, others }
}

/** Why a change of this kind at this place may go unnoticed; undefined where it may not. */
export function explain(
  kind: string,
  path: string,
  { messages, signers, others }: Places,
): string | undefined {
  const below = (prefix: string): string | undefined =>
    path === prefix ? '' : path.startsWith(`${prefix}.`) ? path.slice(prefix.length) : undefined
  const outermost = below(`${signers[0]}.3`)
  if (kind === 'ber' && outermost === undefined) return 'another encoding of the same values'
  if (others.some((prefix) => below(prefix) !== undefined)) return "a certificate that is not the signer's"
  for (const [prefixes, rules] of [
    [signers, SIGNER],
    [messages, MESSAGE],
  ] as const) {
    for (const prefix of prefixes) {
      const place = below(prefix)
      if (place === undefined) continue
      const rule = rules.find(([where, kinds]) => where.test(place) && kinds.includes(kind))
      if (rule !== undefined) return rule[2]
    }
  }
  return undefined
}

type Rule = [where: RegExp, kinds: string, reason: string]

const MESSAGE: Rule[] = [
  [/^\.1\.0\.0$/, 'content flip', 'version: follows from the rest, RFC 5652 5.1'],
  [
    /^\.1\.0\.1(\.|$)/,
    'tag content removed duplicated swapped added noncanonical flip',
    'digestAlgorithms: a hint for one pass, RFC 5652 5.1',
  ],
  [/^\.1\.0\.3$/, 'swapped', 'order of certificates'],
  [/^\.1\.0\.3\.\d+$/, 'duplicated added', 'a certificate twice, or something that is none'],
  [/^\.1\.0\.4\.\d+$/, 'duplicated', 'the same signer twice'],
]

const SIGNER: Rule[] = [
  [/^\.0$/, 'content flip', 'version: follows from sid, RFC 5652 5.3'],
  [/^\.1\.0\.\d+\.0\.1$/, 'tag flip', 'the same name in other letters or another string type, RFC 5280 7.1'],
  [/^\.2\.0$/, 'added', 'NULL parameters of a hash, RFC 5754 2'],
  [/^\.2\.1$/, 'removed', 'NULL parameters of a hash left out, RFC 5754 2'],
  [/^\.4\.1$/, 'removed', 'NULL parameters of rsaEncryption left out, RFC 4055 5'],
  [/^\.6$/, 'removed content', 'unsigned attributes taken away'],
  [/^\.6\.\d+$/, 'removed duplicated', 'an unsigned attribute taken away or twice'],
  [/^\.6\.\d+\.0$/, 'content flip', 'an unsigned attribute of another type'],
  [/^\.6\.\d+\.1$/, 'content', 'an unsigned attribute without values'],
  [/^\.6\.\d+\.1\.\d+$/, 'removed duplicated', 'an unsigned value taken away or twice'],
]
