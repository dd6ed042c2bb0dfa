/** What a report says: every check with its outcome, and requireValid's sentence. */
import { describe, expect, it } from 'vitest'
import { countersign, REASONS, requireValid, sign, type TrustFunction, verify } from '../../src/cms/index.ts'
import { CONTENT, forge, forgeMessage } from './support/forge.ts'
import { identity, keySigner } from './support/identities.ts'
import { authority } from './support/tokens.ts'

const trust: TrustFunction = () => ({ trusted: true })
const outcomes = (checks: readonly { check: string; outcome: string }[] | undefined): string[] =>
  (checks ?? []).map(({ check, outcome }) => `${check}: ${outcome}`)

describe('the checks of a signer', () => {
  it('stand in their order, each as passed where there was something to check', async () => {
    const message = await countersign(
      await sign(CONTENT, {
        signers: keySigner('rsa'),
        signingCertificate: true,
        algorithmProtection: true,
        timestamp: authority(),
      }),
      { key: keySigner('p256') },
    )
    const result = await verify(message, { content: CONTENT, trust })
    const [signer] = result.signers
    expect(outcomes(signer?.checks)).toEqual([
      'digest-algorithm: passed',
      'signed-attributes: passed',
      'content-type: passed',
      'message-digest: passed',
      'algorithm-protection: passed',
      'certificate: passed',
      'signing-certificate: passed',
      'signature-algorithm: passed',
      'signature: passed',
      'timestamp: passed',
      'countersignature: passed',
      'trust: passed',
    ])
    expect(signer?.checks.every((check) => !('reason' in check) && !('detail' in check))).toBe(true)
  })

  it('are not done where there is nothing to check', async () => {
    const result = await verify(await sign(CONTENT, { signers: keySigner('p256') }), { content: CONTENT })
    const notDone = outcomes(result.signers[0]?.checks).filter((line) => line.endsWith('not-done'))
    expect(notDone).toEqual([
      'algorithm-protection: not-done',
      'signing-certificate: not-done',
      'timestamp: not-done',
      'countersignature: not-done',
      'trust: not-done',
    ])
  })

  it('that need what failed before are not done', async () => {
    const result = await verify(forge({ hash: 'MD5' }), { content: CONTENT, trust })
    const done = outcomes(result.signers[0]?.checks).filter((line) => !line.endsWith('not-done'))
    expect(done).toEqual([
      'digest-algorithm: failed',
      'signed-attributes: passed',
      'content-type: passed',
      'certificate: passed',
    ])
  })

  it('have a detail only where there is something to say', async () => {
    const silent = await verify(forge({}, { certificates: [] }), { content: CONTENT, trust })
    const failed = silent.signers[0]?.checks.find(({ outcome }) => outcome === 'failed')
    expect(failed).toEqual({ check: 'certificate', outcome: 'failed', reason: 'certificate-not-found' })
    expect(silent.signers[0]?.detail).toBeUndefined()
    const telling = await verify(forge({ hash: 'MD5' }), { content: CONTENT, trust })
    expect(telling.signers[0]).toMatchObject({ reason: 'digest-algorithm-weak', detail: 'MD5' })
    const refused = await verify(forge(), { content: CONTENT, trust: () => ({ trusted: false, detail: '' }) })
    expect(refused.signers[0]?.detail).toBeUndefined()
  })
})

describe('a signer', () => {
  it('is described by name, algorithm and time', async () => {
    const signingTime = new Date('2026-11-21T02:30:00Z')
    const message = await sign(CONTENT, { signers: keySigner('rsa', { pss: true }), signingTime })
    const [signer] = (await verify(message, { content: CONTENT })).signers
    const { certificate } = identity('rsa')
    expect(signer).toMatchObject({
      algorithm: 'RSASSA-PSS with SHA-256',
      signingTime,
      signerIdentifier: `serial ${certificate.serialNumber}, issued by ${certificate.issuer}`,
      timestamps: [],
      countersignatures: [],
      notes: [],
    })
    expect(signer?.certificate?.equals(certificate)).toBe(true)
  })

  it('is described by key identifier where it says no more', async () => {
    const message = await sign(CONTENT, { signers: keySigner('ed25519'), sid: 'subjectKeyIdentifier' })
    const [signer] = (await verify(message, { content: CONTENT })).signers
    const id = Buffer.from(identity('ed25519').certificate.subjectKeyIdentifier ?? []).toString('hex')
    expect(signer).toMatchObject({ algorithm: 'Ed25519', signerIdentifier: `subjectKeyIdentifier ${id}` })
  })
})

it('a message without signers is invalid, and needs no content to be so', async () => {
  const result = await verify(forgeMessage({ signerInfos: [] }), { trust })
  expect(result).toMatchObject({ verdict: 'invalid', reason: 'no-signers', signers: [] })
})

describe('requireValid', () => {
  const message = (options: Parameters<typeof verify>[1], bytes = forge()) =>
    verify(bytes, { content: CONTENT, ...options }).then(
      (result) => requireValid(result),
      () => undefined,
    )

  it('says nothing where all is good', async () => {
    await expect(message({ trust })).resolves.toBeUndefined()
  })

  it('names what is missing where nobody was asked', async () => {
    await expect(message({})).rejects.toMatchObject({
      code: 'ERR_CMS_NOT_VALID',
      message: "nobody validated the signer's certificate",
      hint: 'give verify a trust function',
    })
  })

  it('gives the sentence of the reason, with the detail where there is one', async () => {
    await expect(message({ trust, content: 'other' })).rejects.toMatchObject({
      code: 'ERR_CMS_NOT_VALID',
      message: REASONS['message-digest-mismatch'],
      hint: undefined,
    })
    await expect(message({ trust }, forge({ hash: 'MD5' }))).rejects.toMatchObject({
      message: `${REASONS['digest-algorithm-weak']}: MD5`,
    })
    await expect(message({ trust }, forgeMessage({ signerInfos: [] }))).rejects.toMatchObject({
      message: REASONS['no-signers'],
    })
  })
})
