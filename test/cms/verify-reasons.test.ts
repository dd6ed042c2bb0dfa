/** Every reason code, by messages in which nothing else is wrong. */
import { describe, expect, it } from 'vitest'
import { REASONS, type ReasonCode, verify } from '../../src/cms/index.ts'
import { type Case, failedChecks, runCase } from './support/cases.ts'
import { ALGORITHM_CASES } from './support/cases-algorithms.ts'
import { ATTRIBUTE_CASES } from './support/cases-attributes.ts'
import { countersigned, nested, stamped, UNSIGNED_CASES } from './support/cases-unsigned.ts'
import { CONTENT, forge, forgeMessage } from './support/forge.ts'

const CASES: Record<ReasonCode, Case[]> = {
  'no-signers': [{ name: 'no signers', message: () => forgeMessage({ signerInfos: [] }), failed: [] }],
  ...ALGORITHM_CASES,
  ...ATTRIBUTE_CASES,
  ...UNSIGNED_CASES,
}

describe('the forge', () => {
  it.each([
    ['a signature', forge()],
    ['a countersignature', countersigned({})],
    ['countersignatures four deep', nested(4)],
    ['a timestamp', stamped()],
  ])('makes %s that is valid when nothing is wrong', async (_, message) => {
    const result = await verify(message, { content: CONTENT, trust: () => ({ trusted: true }) })
    expect(result).toMatchObject({ verdict: 'valid', reason: undefined })
  })
})

describe('reasons', () => {
  it('has a case for each code', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(REASONS).sort())
    for (const [code, cases] of Object.entries(CASES)) expect(cases.length, code).toBeGreaterThan(0)
  })

  describe.each(Object.entries(CASES) as [ReasonCode, Case[]][])('%s', (code, cases) => {
    it.each(cases)('$name', async (one) => {
      const result = await runCase(one)
      const report = one.at === undefined ? result.signers[0] : one.at(result)
      expect({ reason: result.reason, failed: failedChecks(report) }).toEqual({
        reason: one.over ?? code,
        failed: one.failed,
      })
      expect(result.verdict).toBe('invalid')
      if (report !== undefined) expect(report).toMatchObject({ verdict: 'invalid', reason: code })
      const untrusting = await verify(one.message(), {
        content: CONTENT,
        ...one.options?.(),
        trust: undefined,
      })
      expect(untrusting.verdict).toBe(
        code === 'certificate-not-trusted' || one.name === 'of a certificate that is not trusted'
          ? 'certificate-not-validated'
          : 'invalid',
      )
    })
  })
})
