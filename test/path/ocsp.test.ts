/** OCSP (RFC 6960), answered by a real responder: `openssl ocsp`. Its clock is the real one, so that ours is. */
import { expect, it } from 'vitest'
import { encodeOcspRequest } from '../../src/path/revocation/ocsp.ts'
import { parseOcspResponse } from '../../src/x509/ocsp.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../support/malformed.ts'
import { describeWith } from '../support/tools.ts'
import { type Issued, issue, SERVER_AUTH, validate } from './support/issue.ts'
import { type Asked, respond } from './support/revocation.ts'

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
const DAY = 86_400_000

describeWith('openssl', 'OCSP', () => {
  const root = issue('CN=root', { ca: true })
  const leaf = issue('CN=leaf', { issuer: root, purposes: [SERVER_AUTH] })
  const other = issue('CN=other', { issuer: root, purposes: [SERVER_AUTH] })
  const responder = issue('CN=responder', { issuer: root, purposes: [OCSP_SIGNING] })
  const now = new Date()

  const answer = (wanted: Partial<Asked> & { target?: Issued } = {}): Uint8Array =>
    respond({
      request: encodeOcspRequest((wanted.target ?? leaf).certificate, root.certificate),
      issuer: root,
      signer: root,
      index: [[leaf.certificate, 'V']],
      ...wanted,
    })
  const ask = async (
    ocspResponses: readonly Uint8Array[],
    { mode = 'require', time = now }: { mode?: 'require' | 'if-given' | 'ignore'; time?: Date } = {},
  ): Promise<string> => {
    const { problem, path } = await validate(leaf, [root], [], { time, revocation: { mode, ocspResponses } })
    return problem?.reason ?? path[0]?.revocation?.status ?? '-'
  }
  const good = answer()
  const delegated = answer({ signer: responder })
  const revoked = answer({ index: [[leaf.certificate, 'R']] })

  it('good: by the CA, by a responder it delegates to', async () => {
    expect(await ask([good])).toBe('good')
    expect(await ask([delegated])).toBe('good')
  })

  it('revoked, whatever else says good', async () => {
    expect(await ask([revoked])).toBe('revoked')
    expect(await ask([good, revoked])).toBe('revoked')
    expect(await ask([revoked, good])).toBe('revoked')
    expect(await ask([revoked], { mode: 'if-given' })).toBe('revoked')
    expect(await ask([revoked], { mode: 'ignore' })).toBe('not-checked')
  })

  it('unknown to the responder is not good', async () => {
    const unknown = answer({ index: [] })
    expect(await ask([unknown])).toBe('revocation-unknown')
    expect(await ask([unknown], { mode: 'if-given' })).toBe('revocation-unknown')
  })

  it('about another certificate says nothing', async () => {
    const about = answer({ target: other, index: [[other.certificate, 'V']] })
    expect(await ask([about])).toBe('revocation-unknown')
    expect(await ask([about], { mode: 'if-given' })).toBe('not-checked')
  })

  it.each([
    [
      'a certificate of the CA that is not for OCSP',
      () => issue('CN=r', { issuer: root, purposes: [SERVER_AUTH] }),
    ],
    ['a certificate for anything', () => issue('CN=r', { issuer: root, purposes: ['2.5.29.37.0'] })],
    [
      'one of another CA',
      () => issue('CN=r', { issuer: issue('CN=x', { ca: true }), purposes: [OCSP_SIGNING] }),
    ],
    [
      'one of another CA of the same name',
      () => issue('CN=r', { issuer: issue('CN=root', { ca: true }), purposes: [OCSP_SIGNING] }),
    ],
    [
      'one that expired',
      () => issue('CN=r', { issuer: root, purposes: [OCSP_SIGNING], notAfter: new Date('2026-01-01') }),
    ],
    ['another key under the name of the CA', () => issue('CN=root', { ca: true })],
    [
      'one whose key is not for signatures',
      () => issue('CN=r', { issuer: root, purposes: [OCSP_SIGNING], keyUsage: ['keyAgreement'] }),
    ],
  ])('signed by %s', async (_, make) => {
    expect(await ask([answer({ signer: make() })])).toBe('revocation-unknown')
  })

  it('without the certificate of its responder', async () => {
    expect(await ask([answer({ signer: responder, bare: true })])).toBe('revocation-unknown')
    expect(await ask([answer({ bare: true })])).toBe('good')
  })

  it('stale or of the future', async () => {
    expect(await ask([good], { time: new Date(+now + 8 * DAY) })).toBe('revocation-unknown')
    expect(await ask([good], { time: new Date(+now - DAY) })).toBe('revocation-unknown')
    expect(await ask([good], { time: new Date(+now + 6 * DAY) })).toBe('good')
  })

  it('is fetched by the function given, where none is given', async () => {
    const queries: string[] = []
    const fetchOcsp = async ({ request, certificate }: { request: Uint8Array; certificate: unknown }) => {
      queries.push(String((certificate as typeof leaf.certificate).subject))
      return answer({ request })
    }
    const run = (ocspResponses: Uint8Array[]) =>
      validate(leaf, [root], [], { time: now, revocation: { mode: 'require', ocspResponses, fetchOcsp } })
    expect((await run([])).path[0]?.revocation).toMatchObject({ status: 'good', by: 'ocsp' })
    expect((await run([good])).verdict).toBe('valid')
    expect(queries).toEqual(['CN=leaf'])
  })

  it('fetched is to be about the certificate that was asked for', async () => {
    const about = answer({ target: other, index: [[other.certificate, 'V']] })
    const fetchOcsp = async () => about
    const { problem } = await validate(leaf, [root], [], { time: now, revocation: { fetchOcsp } })
    expect([problem?.reason, problem?.detail]).toEqual([
      'revocation-unknown',
      expect.stringContaining('not about the certificate that was asked for'),
    ])
    const nothing = { fetchOcsp: async () => undefined }
    expect((await validate(leaf, [root], [], { time: now, revocation: nothing })).verdict).toBe('valid')
  })

  it('one that cannot be read is no answer', async () => {
    // OCSPResponse of tryLater.
    const later = Uint8Array.of(0x30, 3, 0x0a, 1, 3)
    expect(() => parseOcspResponse(later)).toThrow(expect.objectContaining({ code: 'ERR_OCSP_RESPONSE' }))
    expect(await ask([later])).toBe('revocation-unknown')
    expect(await ask([later], { mode: 'if-given' })).toBe('revocation-unknown')
  })

  it('one byte altered is never good', async () => {
    const accepted: number[] = []
    // The certificates behind the signature are looked at by their own signatures.
    for (let i = 0; i < good.length; i++) {
      const bytes = good.slice()
      bytes[i] = (bytes[i] as number) ^ 1
      if ((await ask([bytes])) === 'good') accepted.push(i)
    }
    const { tbs, signature } = parseOcspResponse(good)
    const signedUpTo = Buffer.from(good).indexOf(signature) + signature.length
    expect(Buffer.from(good).indexOf(tbs)).toBeGreaterThan(0)
    expect(accepted.filter((i) => i < signedUpTo)).toEqual([])
  })

  it('malformed ones end in typed errors', async () => {
    const small = answer({ bare: true })
    const accepted = await expectOnlyTypedErrors(parseOcspResponse, malformedVariants(small))
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
  })
})
