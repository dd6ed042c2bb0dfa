import { describe, expect, it } from 'vitest'
import { ANY_POLICY, type PolicyExtensions, PolicyGraph, type PolicyInput } from '../../src/path/policies.ts'

const NONE: PolicyExtensions = {
  policies: undefined,
  mappings: undefined,
  requireExplicitPolicy: undefined,
  inhibitPolicyMapping: undefined,
  inhibitAnyPolicy: undefined,
}
type Step = Partial<PolicyExtensions> & { selfIssued?: boolean }

/** From the certificate below the anchor to the last; undefined where the path is refused. */
function run(steps: readonly Step[], input: PolicyInput = {}): string[] | undefined {
  const graph = new PolicyGraph(steps.length, input)
  for (const [i, { selfIssued = false, ...step }] of steps.entries()) {
    const extensions = { ...NONE, ...step }
    const last = i === steps.length - 1
    if (!graph.add(extensions, selfIssued && !last)) return undefined
    if (last) return graph.finish(extensions)?.toSorted()
    if (!graph.map(extensions)) return undefined
    graph.count(extensions, selfIssued)
  }
  return undefined
}

const only = (...policies: string[]): Step => ({ policies })

describe('policies (RFC 5280 6.1, RFC 9618)', () => {
  it('are those in all certificates', () => {
    expect(run([only('1.1', '1.2'), only('1.2', '1.3')])).toEqual(['1.2'])
    expect(run([only('1.1'), only('1.2')])).toEqual([])
    expect(run([only('1.1'), only('1.2')], { requireExplicit: true })).toBeUndefined()
    expect(run([{}, {}])).toEqual([])
    expect(run([{}, {}], { requireExplicit: true })).toBeUndefined()
  })

  it('anyPolicy stands for each, unless it is inhibited', () => {
    expect(run([only(ANY_POLICY), only('1.1')])).toEqual(['1.1'])
    expect(run([only('1.1'), only(ANY_POLICY)])).toEqual(['1.1'])
    expect(run([only(ANY_POLICY), only(ANY_POLICY)])).toEqual([ANY_POLICY])
    const inhibited = { inhibitAny: true, requireExplicit: true }
    expect(run([only('1.1'), only(ANY_POLICY)], inhibited)).toBeUndefined()
    expect(run([only('1.1'), { ...only(ANY_POLICY), selfIssued: true }, only('1.1')], inhibited)).toEqual([
      '1.1',
    ])
    expect(run([only('1.1'), { ...only(ANY_POLICY), selfIssued: true }], inhibited)).toBeUndefined()
  })

  it('inhibitAnyPolicy counts the certificates below', () => {
    const first = (inhibitAnyPolicy: number): Step => ({ policies: ['1.1'], inhibitAnyPolicy })
    const input = { requireExplicit: true }
    expect(run([first(0), only(ANY_POLICY)], input)).toBeUndefined()
    expect(run([first(1), only(ANY_POLICY)], input)).toEqual(['1.1'])
    expect(run([first(1), only(ANY_POLICY), only(ANY_POLICY)], input)).toBeUndefined()
    expect(run([first(1), { ...only(ANY_POLICY), selfIssued: true }, only(ANY_POLICY)], input)).toEqual([
      '1.1',
    ])
  })

  it('requireExplicitPolicy counts them too', () => {
    const first = (requireExplicitPolicy: number): Step => ({ ...only('1.1'), requireExplicitPolicy })
    expect(run([first(0), only('1.2')])).toBeUndefined()
    expect(run([first(1), only('1.2')])).toBeUndefined()
    expect(run([first(2), only('1.2')])).toEqual([])
    expect(run([only('1.1'), { ...only('1.2'), requireExplicitPolicy: 0 }])).toBeUndefined()
    expect(run([only('1.1'), { ...only('1.2'), requireExplicitPolicy: 1 }])).toEqual([])
  })

  it('the caller takes some of them', () => {
    const ask = (...acceptable: string[]) => ({ acceptable, requireExplicit: true })
    expect(run([only('1.1', '1.2'), only('1.1', '1.2')], ask('1.2', '1.3'))).toEqual(['1.2'])
    expect(run([only('1.1'), only('1.1')], ask('1.2'))).toBeUndefined()
    expect(run([only('1.1'), only('1.1')], { acceptable: ['1.2'] })).toEqual([])
    expect(run([only(ANY_POLICY), only(ANY_POLICY)], ask('1.2'))).toEqual(['1.2'])
    expect(run([only('1.1'), only('1.1')], ask())).toBeUndefined()
  })

  it('mappings translate, and the answer is in the terms of the anchor', () => {
    const mapping: Step = { policies: ['1.1'], mappings: [['1.1', '2.1']] }
    expect(run([mapping, only('2.1')])).toEqual(['1.1'])
    expect(run([mapping, only('1.1')], { requireExplicit: true })).toBeUndefined()
    expect(run([mapping, only('2.1')], { acceptable: ['2.1'], requireExplicit: true })).toBeUndefined()
    expect(run([mapping, only('2.1')], { inhibitMapping: true, requireExplicit: true })).toBeUndefined()
    expect(run([{ policies: [ANY_POLICY], mappings: [['1.1', '2.1']] }, only('2.1')])).toEqual(['1.1'])
  })

  it('inhibitPolicyMapping counts', () => {
    const first = (inhibitPolicyMapping: number): Step => ({ ...only('1.1'), inhibitPolicyMapping })
    const mapping: Step = { policies: ['1.1'], mappings: [['1.1', '2.1']] }
    expect(run([first(0), mapping, only('2.1')], { requireExplicit: true })).toBeUndefined()
    expect(run([first(1), mapping, only('2.1')], { requireExplicit: true })).toEqual(['1.1'])
  })

  it('a mapping must not name anyPolicy', () => {
    expect(run([{ policies: ['1.1'], mappings: [['1.1', ANY_POLICY]] }, only('1.1')])).toBeUndefined()
    expect(run([{ policies: ['1.1'], mappings: [[ANY_POLICY, '1.1']] }, only('1.1')])).toBeUndefined()
  })

  it('CVE-2023-0464: thirty levels of mappings that each double a tree', () => {
    const step: Step = {
      ...only('1.1', '1.2'),
      mappings: [
        ['1.1', '1.1'],
        ['1.1', '1.2'],
        ['1.2', '1.1'],
        ['1.2', '1.2'],
      ],
    }
    const steps = Array.from({ length: 60 }, () => step)
    expect(run([...steps, only('1.1', '1.2')], { requireExplicit: true })).toEqual(['1.1', '1.2'])
  })
})
