/** Every reason code, by messages in which nothing else is wrong. */
import { describe, expect, it } from 'vitest'
import { digest, type HashName, hashAlgorithm } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { CmsOid, REASONS, type ReasonCode, verify } from '../../src/cms/index.ts'
import { type Case, failedChecks, runCase } from './support/cases.ts'
import { ALGORITHM_CASES } from './support/cases-algorithms.ts'
import { ATTRIBUTE_CASES } from './support/cases-attributes.ts'
import { countersigned, nested, stamped, UNSIGNED_CASES } from './support/cases-unsigned.ts'
import { type Attribute, attribute, CONTENT, forge, forgeMessage } from './support/forge.ts'
import { identity } from './support/identities.ts'

/** signing-certificate-v2 that names the certificate rightly. */
function namedBy(name: HashName): Attribute {
  const hash = hashAlgorithm(name)
  const certHash = der.octetString(digest(hash, identity('rsa').certificate.der))
  const value = der.sequence([der.sequence([der.sequence([hash.der, certHash])])])
  return attribute(CmsOid.signingCertificateV2, value)
}

const CASES: Record<ReasonCode, Case[]> = {
  'no-signers': [{ name: 'no signers', message: () => forgeMessage({ signerInfos: [] }), failed: [] }],
  ...ALGORITHM_CASES,
  'digest-algorithm-weak': [
    ...ALGORITHM_CASES['digest-algorithm-weak'],
    ...(['SHA-1', 'MD5'] as const).map((name) => ({
      name: `signing-certificate-v2 with ${name}`,
      message: () => forge({ attributes: (good) => [...good, namedBy(name)] }),
      failed: ['signing-certificate'],
    })),
  ],
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

it('signing-certificate-v2 may name another hash; a weak one where that is asked for', async () => {
  for (const name of ['SHA-512', 'SHA-1'] as const) {
    const message = forge({ attributes: (good) => [...good, namedBy(name)] })
    const options = { content: CONTENT, allowWeakHashes: true, trust: () => ({ trusted: true }) as const }
    expect(await verify(message, options)).toMatchObject({ verdict: 'valid' })
  }
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
