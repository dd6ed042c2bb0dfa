/** There is no `valid` without a trust function; what it is asked, and what becomes of its answer. */
import { describe, expect, it, vi } from 'vitest'
import {
  countersign,
  requireValid,
  sign,
  type TrustContext,
  type TrustFunction,
  type TrustResult,
  type VerifyOptions,
  verify,
} from '../../src/cms/index.ts'
import { CmsError, SignerError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { countersigned, nested, stamped } from './support/cases-unsigned.ts'
import { CONTENT, forge, forgeMessage, forgeSignerInfo } from './support/forge.ts'
import { identity, keySigner, VECTOR_CONTENT, vector } from './support/identities.ts'

const yes: TrustFunction = () => ({ trusted: true })
const vectors = [
  'openssl-detached',
  'openssl-keyid',
  'openssl-pss',
  'bc-detached',
  'bc-ed25519',
  'bc-cades-t',
]

/** Every message that is accepted with trust, with the options that it needs. */
function accepted(): [string, Uint8Array, VerifyOptions][] {
  const own = { content: CONTENT }
  return [
    ...vectors.map((name): [string, Uint8Array, VerifyOptions] => [
      name,
      vector(`${name}.der`),
      { content: VECTOR_CONTENT },
    ]),
    ['openssl-two', vector('openssl-two.der'), {}],
    ['bc-stream', vector('bc-stream.der'), {}],
    ['openssl-noattr', vector('openssl-noattr.der'), { allowNoSignedAttributes: true }],
    ['openssl-sha1', vector('openssl-sha1.der'), { content: VECTOR_CONTENT, allowWeakHashes: true }],
    ['weak key', forge(identity('weak')), { ...own, minRsaBits: 1024 }],
    [
      'unsorted',
      forge({ order: 'as-sent', attributes: (good) => good.reverse() }),
      { ...own, lenient: true },
    ],
    ['timestamp', stamped(), own],
    ['countersigned', countersigned({}), own],
    ['nested', nested(4), own],
    ['self-signed', forge({ ...identity('root') }), own],
  ]
}

describe.each(accepted())('%s', (_, message, options) => {
  it('is valid with trust, and never without, whatever else is allowed', async () => {
    expect(await verify(message, { ...options, trust: yes })).toMatchObject({
      verdict: 'valid',
      certificateValidation: 'done',
    })
    const loose = { lenient: true, allowNoSignedAttributes: true, allowWeakHashes: true, minRsaBits: 0 }
    const given = { certificates: [identity('root').certificate, identity('rsa').certificate] }
    for (const more of [{}, loose, given, { ...loose, ...given }]) {
      const result = await verify(message, { ...options, ...more })
      expect(result).toMatchObject({
        verdict: 'certificate-not-validated',
        certificateValidation: 'not-done',
        reason: undefined,
      })
      for (const signer of result.signers) {
        expect(signer.checks.find(({ check }) => check === 'trust')?.outcome).toBe('not-done')
        for (const part of [signer, ...signer.timestamps, ...signer.countersignatures]) {
          expect(part.verdict).toBe('certificate-not-validated')
        }
      }
      expect(() => requireValid(result)).toThrow(expect.objectContaining({ code: 'ERR_CMS_NOT_VALID' }))
    }
  })

  it('is not valid where the answer is anything but trusted: true', async () => {
    const answers = [false, undefined, 1, 'true', {}].map((trusted) => ({ trusted, detail: 'no' }))
    for (const answer of [...answers, undefined, null, true, 'trusted', [], () => ({ trusted: true })]) {
      const trust = () => answer as TrustResult
      const result = await verify(message, { ...options, trust })
      expect(result.verdict).toBe('invalid')
      expect(result.reason).toMatch(/^(certificate-not-trusted|countersignature-invalid)$/)
      expect(() => requireValid(result)).toThrow(CmsError)
    }
  })
})

/** Verifies, and tells what the trust function was asked. */
async function asked(message: Uint8Array, options: VerifyOptions = {}) {
  const questions: { certificate: Certificate; context: TrustContext }[] = []
  const trust: TrustFunction = (certificate, context) => {
    questions.push({ certificate, context })
    return { trusted: true, detail: 'asked' }
  }
  const result = await verify(message, { content: CONTENT, trust, ...options })
  return { questions, result }
}

const names = (certificates: readonly Certificate[]): string[] =>
  certificates.map(({ subject }) => String(subject)).sort()
const subjectOf = (name: Parameters<typeof identity>[0]): string => String(identity(name).certificate.subject)

describe('what the trust function is asked', () => {
  it('the certificate, the other certificates, no time, and the signal', async () => {
    const { der } = await sign(CONTENT, { signers: keySigner('p256'), signingTime: new Date('2001-01-01') })
    const { signal } = new AbortController()
    const certificates = [identity('root').certificate, identity('p256').certificate]
    const { questions } = await asked(der, { certificates, signal })
    expect(questions).toHaveLength(1)
    const [{ certificate, context } = questions[0] as never] = questions
    expect(certificate.equals(identity('p256').certificate)).toBe(true)
    expect(names(context.certificates)).toEqual([subjectOf('intermediate'), subjectOf('root')])
    expect(context).toMatchObject({ purpose: 'cms-signer', time: undefined })
    expect(context.signal).toBe(signal)
  })

  it('each signer of several, in the same way', async () => {
    const { der } = await sign(CONTENT, { signers: [keySigner('p256'), keySigner('rsa')] })
    const { questions } = await asked(der)
    expect(names(questions.map(({ certificate }) => certificate))).toEqual(
      [subjectOf('p256'), subjectOf('rsa')].sort(),
    )
  })

  it('a timestamp at its own time first, then the signer at the time of the timestamp', async () => {
    const genTime = new Date('2026-03-04T05:06:07Z')
    const { questions, result } = await asked(stamped({ genTime }))
    expect(
      questions.map(({ certificate, context: { purpose, time } }) => [
        String(certificate.subject),
        purpose,
        time,
      ]),
    ).toEqual([
      [subjectOf('tsa'), 'timestamping', genTime],
      [subjectOf('rsa'), 'cms-signer', genTime],
    ])
    expect(names(questions[0]?.context.certificates ?? [])).toEqual([subjectOf('rsa')])
    expect(names(questions[1]?.context.certificates ?? [])).toEqual([])
    expect(result.signers[0]?.timestamps).toMatchObject([
      { verdict: 'valid', time: genTime, policy: '1.3.6.1.4.1.99999.1' },
    ])
  })

  it('no time where the timestamp is not trusted', async () => {
    const times: unknown[] = []
    const trust: TrustFunction = (_, { purpose, time }) => {
      if (purpose === 'timestamping') return { trusted: false, detail: 'unknown authority' }
      times.push(time)
      return { trusted: true }
    }
    const result = await verify(stamped(), { content: CONTENT, trust })
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'certificate-not-trusted' })
    expect(times).toEqual([])
  })

  it('countersigners, too', async () => {
    const { questions } = await asked(countersigned({}))
    expect(questions.map(({ context }) => context.purpose)).toEqual(['cms-signer', 'cms-signer'])
    expect(names(questions.map(({ certificate }) => certificate))).toEqual(
      [subjectOf('other'), subjectOf('rsa')].sort(),
    )
  })

  it('nothing where the signature is not good', async () => {
    const tampered = forge({ signature: (good) => good.fill(0, 0, 4) })
    expect((await asked(tampered)).questions).toEqual([])
    expect((await asked(forge(), { content: 'another' })).questions).toEqual([])
    expect((await asked(forgeMessage({ signerInfos: [] }))).questions).toEqual([])
  })

  it('the good signers alone, of several', async () => {
    const signerInfos = [
      forgeSignerInfo(),
      forgeSignerInfo({ ...identity('p256'), signature: () => new Uint8Array() }),
    ]
    const certificates = [identity('rsa').certificate.der, identity('p256').certificate.der]
    const { questions, result } = await asked(forgeMessage({ signerInfos, certificates }))
    expect(questions).toHaveLength(1)
    expect(result.verdict).toBe('invalid')
  })
})

describe('what becomes of the answer', () => {
  const message = forge()

  it('may come later', async () => {
    const trust: TrustFunction = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return { trusted: true }
    }
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  })

  it('its no is a reason with its own words', async () => {
    const trust: TrustFunction = () => ({ trusted: false, detail: 'revoked yesterday' })
    const result = await verify(message, { content: CONTENT, trust })
    expect(result.signers[0]).toMatchObject({
      reason: 'certificate-not-trusted',
      detail: 'revoked yesterday',
    })
    expect(() => requireValid(result)).toThrow(/refused by the trust function: revoked yesterday/)
  })

  it('an error of ours is a no, thrown or rejected', async () => {
    const error = new SignerError('ERR_SIGNER_FAILED', 'no path to a root')
    const throwing: TrustFunction[] = [
      () => {
        throw error
      },
      () => Promise.reject(error),
    ]
    for (const trust of throwing) {
      const result = await verify(message, { content: CONTENT, trust })
      expect(result.signers[0]).toMatchObject({
        reason: 'certificate-not-trusted',
        detail: 'no path to a root',
      })
    }
  })

  it('any other error comes out of verify', async () => {
    const error = new Error('database is down')
    await expect(verify(message, { content: CONTENT, trust: () => Promise.reject(error) })).rejects.toBe(
      error,
    )
  })

  it('requireValid lets valid pass', async () => {
    const trust = vi.fn(yes)
    requireValid(await verify(message, { content: CONTENT, trust }))
    expect(trust).toHaveBeenCalledTimes(1)
  })

  it('one untrusted signer of two makes the whole invalid', async () => {
    const both = await sign(CONTENT, { signers: [keySigner('p256'), keySigner('rsa')] })
    const trust: TrustFunction = ({ publicKey }) =>
      publicKey.type === 'RSA' ? { trusted: true } : { trusted: false, detail: 'EC' }
    const result = await verify(both, { content: CONTENT, trust })
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'certificate-not-trusted' })
    expect(result.signers.map(({ verdict }) => verdict).sort()).toEqual(['invalid', 'valid'])
  })

  it('a countersignature nobody judged keeps its signer from being valid', async () => {
    const message = await countersign(await sign(CONTENT, { signers: keySigner('rsa') }), {
      key: keySigner('p256'),
    })
    const trust: TrustFunction = ({ publicKey }) =>
      publicKey.type === 'RSA' ? { trusted: true } : { trusted: false, detail: 'EC' }
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({
      verdict: 'invalid',
      reason: 'countersignature-invalid',
    })
  })
})
