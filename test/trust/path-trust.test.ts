/** Path validation as the trust function of CMS: which time counts, which usages, which certificates are used. */
import { beforeAll, describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { CmsOid, type VerifyResult, verify } from '../../src/cms/index.ts'
import type { TestCertificateOptions } from '../../src/credentials/index.ts'
import { CertificatePool, TrustStore } from '../../src/path/index.ts'
import { type PathTrustOptions, pathOf, pathTrust } from '../../src/trust/index.ts'
import { type Certificate, KeyPurpose } from '../../src/x509/index.ts'
import { attribute, CONTENT, type ForgedSigner, forge } from '../cms/support/forge.ts'
import { forgeToken, timestampAttribute } from '../cms/support/tokens.ts'
import { DAY, issue, issueCrl, issueTsa, type Party } from './support/authority.ts'

/** CAs hold from 2025 to 2045, signers through 2025, timestamp authorities through 2027. */
const START = new Date('2025-01-01T00:00:00Z')
const WITHIN = new Date('2025-06-01T00:00:00Z')
const AFTER = new Date('2026-06-01T00:00:00Z')
const LATER = new Date('2029-06-01T00:00:00Z')
const ca = { ca: true, notBefore: START, days: 7300 }

let root: Party
let sub: Party
let signer: Party
let tsa: Party
beforeAll(async () => {
  root = await issue('CN=root', ca)
  sub = await issue('CN=sub', { ...ca, issuer: root })
  signer = await signerWith()
  tsa = await issueTsa('CN=tsa', root, { notBefore: START, days: 1095 })
})

function signerWith(options: Partial<TestCertificateOptions> = {}): Promise<Party> {
  return issue('CN=signer', { issuer: sub, notBefore: START, days: 365, ...options })
}

async function messageOf(
  { certificate, key }: Party = signer,
  options: ForgedSigner = {},
  certificates: readonly Certificate[] = [certificate, sub.certificate],
): Promise<Uint8Array> {
  const ders = certificates.map((each) => each.der)
  return forge({ certificate, privateKey: await key.toKeyObject(), ...options }, { certificates: ders })
}

async function stampedAt(genTime: Date, by: Party = tsa, of: Party = signer): Promise<Uint8Array> {
  const privateKey = await by.key.toKeyObject()
  const token = (signature: Uint8Array) =>
    forgeToken(signature, { certificate: by.certificate, privateKey, genTime })
  return messageOf(of, { unsigned: (signature) => [timestampAttribute(token(signature))] })
}

const judge = (message: Uint8Array, options: Partial<PathTrustOptions> = {}): Promise<VerifyResult> => {
  const trust = pathTrust({ trust: new TrustStore([root.certificate]), time: WITHIN, ...options })
  return verify(message, { content: CONTENT, trust })
}
const detailOf = ({ signers }: VerifyResult): string | undefined => signers[0]?.detail

describe('a signer', () => {
  it('is good with a path, which is in the report', async () => {
    const { verdict, certificateValidation, signers } = await judge(await messageOf())
    expect({ verdict, certificateValidation }).toEqual({ verdict: 'valid', certificateValidation: 'done' })
    const path = signers.map(pathOf)[0]
    expect(path?.path.map(({ certificate }) => `${certificate.subject}`)).toEqual([
      'CN=signer',
      'CN=sub',
      'CN=root',
    ])
    expect(path?.time).toEqual(WITHIN)
  })

  it('without trust function there is no path', async () => {
    const { signers } = await verify(await messageOf(), { content: CONTENT })
    expect(signers.map(pathOf)).toEqual([undefined])
  })

  it('of another authority is refused, and the detail says what is missing', async () => {
    const trust = new TrustStore([(await issue('CN=other', ca)).certificate])
    const result = await judge(await messageOf(), { trust })
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'certificate-not-trusted' })
    expect(detailOf(result)).toMatch(/^CN=sub: the certificate of its issuer is missing: CN=root; add /)
    expect(pathOf(result.signers[0] as never)?.problem?.reason).toBe('issuer-missing')
  })

  it.each<[string, (own: Certificate) => Certificate[]]>([
    ['in the wrong order', (own) => [root.certificate, sub.certificate, own]],
    ['twice', (own) => [own, own, sub.certificate, sub.certificate]],
    ['with others among them', (own) => [tsa.certificate, own, sub.certificate]],
  ])('the certificates of the message %s', async (_, certificates) => {
    const message = await messageOf(signer, {}, certificates(signer.certificate))
    expect((await judge(message)).verdict).toBe('valid')
  })

  it('intermediates may come from the caller, as a list or a pool', async () => {
    const message = await messageOf(signer, {}, [signer.certificate])
    expect(detailOf(await judge(message))).toMatch(/missing: CN=sub/)
    for (const untrusted of [[sub.certificate], new CertificatePool([sub.certificate])]) {
      expect((await judge(message, { untrusted })).verdict).toBe('valid')
    }
  })

  it('a root that comes with the message is not trusted for that', async () => {
    const message = await messageOf(signer, {}, [signer.certificate, sub.certificate, root.certificate])
    const trust = new TrustStore([(await issue('CN=other', ca)).certificate])
    expect(detailOf(await judge(message, { trust }))).toMatch(
      /^CN=root: it is a root certificate that is not among/,
    )
  })

  it('the budget ends hostile messages with a refusal', async () => {
    const result = await judge(await messageOf(), { limits: { maxSignatures: 1 } })
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'certificate-not-trusted' })
    expect(detailOf(result)).toBe('too many signatures to verify')
  })
})

describe('usages', () => {
  const { emailProtection, clientAuth, timeStamping, anyExtendedKeyUsage } = KeyPurpose
  it.each<[string, Partial<TestCertificateOptions>, PathTrustOptions['extendedKeyUsage'], boolean]>([
    ['digitalSignature', { keyUsage: ['digitalSignature'] }, undefined, true],
    ['nonRepudiation', { keyUsage: ['nonRepudiation'] }, undefined, true],
    ['keyEncipherment alone', { keyUsage: ['keyEncipherment'] }, undefined, false],
    ['keyEncipherment, any purpose', { keyUsage: ['keyEncipherment'] }, 'any', false],
    ['emailProtection', { extendedKeyUsage: [emailProtection] }, undefined, true],
    ['document signing', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.36'] }, undefined, true],
    ['anyExtendedKeyUsage', { extendedKeyUsage: [anyExtendedKeyUsage] }, undefined, true],
    ['clientAuth', { extendedKeyUsage: [clientAuth] }, undefined, false],
    ['clientAuth where any is taken', { extendedKeyUsage: [clientAuth] }, 'any', true],
    ['clientAuth where it is asked for', { extendedKeyUsage: [clientAuth] }, [clientAuth], true],
    [
      'emailProtection where clientAuth is asked for',
      { extendedKeyUsage: [emailProtection] },
      [clientAuth],
      false,
    ],
    ['timeStamping', { extendedKeyUsage: [timeStamping] }, undefined, false],
  ])('%s', async (_, options, extendedKeyUsage, good) => {
    const result = await judge(await messageOf(await signerWith(options)), { extendedKeyUsage })
    expect(result.verdict).toBe(good ? 'valid' : 'invalid')
  })
})

describe('time, without a timestamp', () => {
  it.each<[string, Date, RegExp | undefined]>([
    ['before', new Date(+START - 1000), /is valid from/],
    ['first second', START, undefined],
    ['last second', new Date(+START + 365 * DAY), undefined],
    ['after', AFTER, /it expired at/],
  ])('%s', async (_, time, refused) => {
    const result = await judge(await messageOf(), { time })
    if (refused === undefined) expect(result.verdict).toBe('valid')
    else expect(detailOf(result)).toMatch(refused)
  })

  it('is now by default', async () => {
    expect(detailOf(await judge(await messageOf(), { time: undefined }))).toMatch(/^CN=signer: it expired/)
  })

  it("the signer's own word does not count", async () => {
    const signingTime = attribute(CmsOid.signingTime, der.time(WITHIN))
    const message = await messageOf(signer, { attributes: (good) => [...good, signingTime] })
    const result = await judge(message, { time: AFTER })
    expect(result.signers[0]?.signingTime).toEqual(WITHIN)
    expect(detailOf(result)).toMatch(/it expired/)
  })
})

describe('time, with a timestamp', () => {
  it('of a trusted authority: that time counts', async () => {
    const result = await judge(await stampedAt(WITHIN), { time: AFTER })
    expect(result.verdict).toBe('valid')
    expect(pathOf(result.signers[0] as never)?.time).toEqual(WITHIN)
    expect(pathOf(result.signers[0]?.timestamps[0]?.signer as never)?.verdict).toBe('valid')
  })

  it('of one after the expiry', async () => {
    expect((await judge(await stampedAt(AFTER), { time: AFTER })).verdict).toBe('invalid')
  })

  it('of an authority that is not trusted', async () => {
    const stranger = await issueTsa('CN=stranger', await issue('CN=other', ca), {
      notBefore: START,
      days: 1095,
    })
    const result = await judge(await stampedAt(WITHIN, stranger), { time: AFTER })
    expect(result.verdict).toBe('invalid')
    expect(result.signers[0]?.timestamps[0]).toMatchObject({
      verdict: 'invalid',
      reason: 'certificate-not-trusted',
    })
  })

  it('of an authority that has expired since: refused, unless judged for a time before', async () => {
    const message = await stampedAt(WITHIN)
    const late = await judge(message, { time: LATER })
    expect(late.verdict).toBe('invalid')
    expect(late.signers[0]?.timestamps[0]?.detail).toMatch(/^CN=tsa: it expired/)
    expect((await judge(message, { time: AFTER })).verdict).toBe('valid')
  })

  it('of an authority that was not there yet', async () => {
    const young = await issueTsa('CN=young', root, { notBefore: AFTER, days: 365 })
    const result = await judge(await stampedAt(WITHIN, young), { time: new Date(+AFTER + DAY) })
    expect(result.signers[0]?.timestamps[0]?.detail).toMatch(/^CN=young: it is valid from/)
  })

  it.each([
    [4, 'valid'],
    [6, 'invalid'],
  ])('of %i minutes ahead of the clock: %s', async (minutes, verdict) => {
    const genTime = new Date(+WITHIN + minutes * 60_000)
    expect((await judge(await stampedAt(genTime))).verdict).toBe(verdict)
  })

  it.each([
    ['timeStamping', [KeyPurpose.emailProtection], 'valid'],
    ['emailProtection', 'any' as const, 'invalid'],
  ] as const)(
    'of an authority below a CA for %s, where signers may be for %s: %s',
    async (usage, extendedKeyUsage, verdict) => {
      const above = await issue('CN=above', { ...ca, issuer: root, extendedKeyUsage: [usage] })
      const below = await issueTsa('CN=below', above, { notBefore: START, days: 1095 })
      const options = { extendedKeyUsage, untrusted: [above.certificate] }
      expect((await judge(await stampedAt(WITHIN, below), options)).verdict).toBe(verdict)
    },
  )

  it('the rule of signers is not that of authorities', async () => {
    const wrong = await issue('CN=wrong', {
      issuer: root,
      notBefore: START,
      days: 1095,
      extendedKeyUsage: ['timeStamping'],
    })
    expect((await judge(await stampedAt(WITHIN, wrong), { extendedKeyUsage: 'any' })).verdict).toBe('invalid')
    expect(
      (await judge(await stampedAt(WITHIN), { extendedKeyUsage: [KeyPurpose.emailProtection] })).verdict,
    ).toBe('valid')
  })
})

describe('revocation', () => {
  /** A list of a day later. */
  const revoke = (date: Date) =>
    issueCrl(sub, [{ certificate: signer.certificate, date }], new Date(+date + DAY))

  it('by a list given: refused, with the day', async () => {
    const crls = [await revoke(new Date('2025-05-01'))]
    const result = await judge(await messageOf(), { revocation: { crls } })
    expect(detailOf(result)).toMatch(/^CN=signer: it was revoked at 2025-05-01/)
    expect((await judge(await messageOf(), { revocation: { crls, mode: 'ignore' } })).verdict).toBe('valid')
  })

  it('after the timestamp: good; before it: refused', async () => {
    const message = await stampedAt(WITHIN)
    const options = (crl: Awaited<ReturnType<typeof revoke>>) => ({
      time: AFTER,
      revocation: { crls: [crl] },
    })
    expect((await judge(message, options(await revoke(new Date('2025-07-01'))))).verdict).toBe('valid')
    expect((await judge(message, options(await revoke(new Date('2025-05-01'))))).verdict).toBe('invalid')
  })

  it('required: every certificate needs a list', async () => {
    const [own, above] = [await issueCrl(sub, []), await issueCrl(root, [])]
    const message = await messageOf()
    const mode = 'require' as const
    expect(detailOf(await judge(message, { revocation: { mode, crls: [own] } }))).toMatch(/^CN=sub: /)
    expect((await judge(message, { revocation: { mode, crls: [own, above] } })).verdict).toBe('valid')
  })

  it('of a timestamp authority counts whenever it was', async () => {
    const crls = [
      await issueCrl(
        root,
        [{ certificate: tsa.certificate, date: new Date('2025-07-01') }],
        new Date('2025-07-02'),
      ),
    ]
    const result = await judge(await stampedAt(WITHIN), { time: AFTER, revocation: { crls } })
    expect(result.signers[0]?.timestamps[0]?.detail).toMatch(/^CN=tsa: it was revoked/)
  })
})
