/** anyPolicy (RFC 5280 4.2.1.4). */
export const ANY_POLICY = '2.5.29.32.0'

/** What a certificate says of policies; undefined for what it does not have. */
export interface PolicyExtensions {
  /** certificatePolicies (RFC 5280 4.2.1.4), as OIDs. */
  readonly policies: readonly string[] | undefined
  /** policyMappings (4.2.1.5): issuerDomainPolicy, subjectDomainPolicy. */
  readonly mappings: readonly (readonly [issuer: string, subject: string])[] | undefined
  /** policyConstraints (4.2.1.11). */
  readonly requireExplicitPolicy: number | undefined
  readonly inhibitPolicyMapping: number | undefined
  /** inhibitAnyPolicy (4.2.1.14). */
  readonly inhibitAnyPolicy: number | undefined
}

/** What the caller asks of policies (RFC 5280 6.1.1 (c), (e), (f), (g)). */
export interface PolicyInput {
  /** user-initial-policy-set as OIDs. Default: any policy. */
  readonly acceptable?: readonly string[] | undefined
  /** initial-explicit-policy: the path must be good for one of the policies. Default false. */
  readonly requireExplicit?: boolean | undefined
  /** initial-policy-mapping-inhibit. Default false. */
  readonly inhibitMapping?: boolean | undefined
  /** initial-any-policy-inhibit. Default false. */
  readonly inhibitAny?: boolean | undefined
}

/** A node of the policy graph (RFC 9618 section 5): unlike the tree of RFC 5280 it has one node a policy and level. */
interface Node {
  readonly policy: string
  readonly parents: readonly Node[]
  expected: ReadonlySet<string>
}

type Level = Map<string, Node>

/**
 * The policy processing of RFC 5280 6.1, as the graph of RFC 9618, whose size is bounded by the certificates: the tree
 * of RFC 5280 can be made to grow exponentially (CVE-2023-0464).
 */
export class PolicyGraph {
  #level: Level
  #explicitPolicy: number
  #policyMapping: number
  #inhibitAnyPolicy: number
  readonly #acceptable: ReadonlySet<string>

  /** @param length number of certificates of the path, the anchor not counted */
  constructor(length: number, input: PolicyInput) {
    const unless = (asked: boolean | undefined): number => (asked === true ? 0 : length + 1)
    this.#explicitPolicy = unless(input.requireExplicit)
    this.#policyMapping = unless(input.inhibitMapping)
    this.#inhibitAnyPolicy = unless(input.inhibitAny)
    this.#acceptable = new Set(input.acceptable ?? [ANY_POLICY])
    this.#level = new Map([
      [ANY_POLICY, { policy: ANY_POLICY, parents: [], expected: new Set([ANY_POLICY]) }],
    ])
  }

  /**
   * 6.1.3 (d), (e), (f).
   *
   * @param exempt the certificate is self-issued and not the last: anyPolicy counts in it even where it is inhibited
   * @returns false where a valid policy is asked for and none is left
   */
  add({ policies }: PolicyExtensions, exempt: boolean): boolean {
    this.#level = policies === undefined ? new Map() : this.#next(policies, exempt)
    return this.#explicitPolicy > 0 || this.#level.size > 0
  }

  #next(policies: readonly string[], exempt: boolean): Level {
    const expecting = new Map<string, Node[]>()
    for (const node of this.#level.values()) {
      for (const policy of node.expected) {
        const nodes = expecting.get(policy)
        if (nodes === undefined) expecting.set(policy, [node])
        else nodes.push(node)
      }
    }
    const any = this.#level.get(ANY_POLICY)
    const level: Level = new Map()
    const grow = (policy: string, parents: readonly Node[]): void => {
      level.set(policy, { policy, parents, expected: new Set([policy]) })
    }
    for (const policy of policies) {
      if (policy === ANY_POLICY) continue
      const parents = expecting.get(policy)
      if (parents !== undefined) grow(policy, parents)
      else if (any !== undefined) grow(policy, [any])
    }
    if (policies.includes(ANY_POLICY) && (this.#inhibitAnyPolicy > 0 || exempt)) {
      for (const [policy, nodes] of expecting) if (!level.has(policy)) grow(policy, nodes)
    }
    return level
  }

  /** 6.1.4 (a), (b): the mappings of a certificate that is not the last. @returns false where one names anyPolicy */
  map({ mappings = [] }: PolicyExtensions): boolean {
    if (mappings.some((pair) => pair.includes(ANY_POLICY))) return false
    const bySource = new Map<string, Set<string>>()
    for (const [issuer, subject] of mappings) {
      bySource.set(issuer, (bySource.get(issuer) ?? new Set()).add(subject))
    }
    const any = this.#level.get(ANY_POLICY)
    for (const [policy, expected] of bySource) {
      const node = this.#level.get(policy)
      if (this.#policyMapping === 0) this.#level.delete(policy)
      else if (node !== undefined) node.expected = expected
      else if (any !== undefined) this.#level.set(policy, { policy, parents: any.parents, expected })
    }
    return true
  }

  /** 6.1.4 (h), (i), (j): the counters for the next certificate. */
  count(
    { requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy }: PolicyExtensions,
    selfIssued: boolean,
  ): void {
    const step = selfIssued ? 0 : 1
    const least = (counter: number, asked = Number.POSITIVE_INFINITY): number =>
      Math.min(Math.max(0, counter - step), asked)
    this.#explicitPolicy = least(this.#explicitPolicy, requireExplicitPolicy)
    this.#policyMapping = least(this.#policyMapping, inhibitPolicyMapping)
    this.#inhibitAnyPolicy = least(this.#inhibitAnyPolicy, inhibitAnyPolicy)
  }

  /**
   * 6.1.5 (a), (b), (g), after the last certificate.
   *
   * @returns the policies the path is good for (anyPolicy: for all of them); undefined where one is asked for and none
   *   is left
   */
  finish({ requireExplicitPolicy }: PolicyExtensions): readonly string[] | undefined {
    const explicit = requireExplicitPolicy === 0 ? 0 : Math.max(0, this.#explicitPolicy - 1)
    const policies = this.#userConstrained()
    return explicit > 0 || policies.length > 0 ? policies : undefined
  }

  /** user-constrained-policy-set (RFC 9618 5.6). */
  #userConstrained(): string[] {
    const authority = this.#authorityConstrained()
    if (this.#acceptable.has(ANY_POLICY)) return [...authority]
    if (authority.has(ANY_POLICY)) return [...this.#acceptable]
    return [...authority].filter((policy) => this.#acceptable.has(policy))
  }

  /** authority-constrained-policy-set: the policies by which the path left anyPolicy, in the anchor's own terms. */
  #authorityConstrained(): Set<string> {
    const found = new Set<string>()
    if (this.#level.has(ANY_POLICY)) found.add(ANY_POLICY)
    const seen = new Set<Node>()
    const open = [...this.#level.values()]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (seen.has(node)) continue
      seen.add(node)
      if (node.policy !== ANY_POLICY && node.parents.some(({ policy }) => policy === ANY_POLICY)) {
        found.add(node.policy)
      }
      for (const parent of node.parents) open.push(parent)
    }
    return found
  }
}
