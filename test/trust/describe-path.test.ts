/** Paths for people and programs; each reason has its sentence and its row in the guide. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { type PathResult, TrustStore, type ValidatePathOptions, validatePath } from '../../src/path/index.ts'
import { describePath, PATH_REASONS, pathJson } from '../../src/trust/index.ts'
import { Name } from '../../src/x509/index.ts'
import { DAY, hierarchy, issue, issueCrl, type Party } from './support/authority.ts'

let root: Party
let sub: Party
let leaf: Party
beforeAll(async () => {
  ;({ root, sub, leaf } = await hierarchy())
})

const validate = (options: Partial<ValidatePathOptions> = {}): Promise<PathResult> =>
  validatePath(leaf.certificate, {
    trust: new TrustStore([root.certificate]),
    untrusted: [sub.certificate],
    purpose: 'any',
    ...options,
  })
const ANY_TIME = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g
const shown = (result: PathResult): string => describePath(result).replace(ANY_TIME, 'TIME')

describe('describePath', () => {
  it('a good path', async () => {
    expect(shown(await validate())).toBe(`VALID at TIME; holds until TIME

CN=leaf
│  the certificate; EC P-256
│  TIME to TIME
│  revocation: not checked
└─ CN=Test intermediate
   │  intermediate CA; EC P-256
   │  TIME to TIME
   │  revocation: not checked
   └─ CN=Test root
         trusted; EC P-256
         TIME to TIME
`)
  })

  it('one that is not valid yet is marked, with the reason and the way out', async () => {
    expect(shown(await validate({ time: new Date(+leaf.certificate.notBefore - DAY) }))).toBe(
      `NOT VALID at TIME: a certificate is not valid yet (not-yet-valid)

✗ CN=leaf
   the certificate; EC P-256
   TIME to TIME
   not-yet-valid: it is valid from ${leaf.certificate.notBefore.toISOString()} on, not at ${new Date(+leaf.certificate.notBefore - DAY).toISOString()}
   way out: check the clock of this machine
`,
    )
  })

  it('a missing issuer', async () => {
    expect(
      shown(await validate({ untrusted: [] })),
    ).toBe(`NOT VALID at TIME: the certificate of an issuer is missing (issuer-missing)

✗ CN=leaf
   the certificate; EC P-256
   TIME to TIME
   issuer-missing: the certificate of its issuer is missing: CN=Test intermediate
   way out: add the intermediate certificates that came with it, or the root to the CA bundle
`)
  })

  it('an intermediate that was revoked stands in its place in the tree', async () => {
    const crls = [
      await issueCrl(root, [{ certificate: sub.certificate, date: new Date('2026-01-01T00:00:00Z') }]),
      await issueCrl(sub, []),
    ]
    const lines = shown(await validate({ revocation: { crls } })).split('\n')
    expect(lines[0]).toBe('NOT VALID at TIME: a certificate was revoked (revoked)')
    expect(lines).toContain('└─ ✗ CN=Test intermediate')
    expect(lines).toContain('   │  revocation: REVOKED TIME by revocation list')
    expect(lines).toContain('   │  revoked: it was revoked at 2026-01-01T00:00:00.000Z')
    expect(lines).toContain('   │  way out: a new certificate is needed')
  })

  it('a list that says good, until when', async () => {
    const crls = [await issueCrl(sub, [])]
    expect(shown(await validate({ revocation: { crls } }))).toContain(
      '│  revocation: good by revocation list, until TIME',
    )
  })

  it('one that is trusted itself, and one that is not', async () => {
    const own = await issue('CN=self')
    const options = { purpose: 'any', untrusted: [own.certificate] } as const
    const trusted = await validatePath(own.certificate, {
      ...options,
      trust: new TrustStore([own.certificate]),
    })
    expect(shown(trusted)).toContain('the certificate itself, trusted; EC P-256')
    const other = await validatePath(own.certificate, {
      ...options,
      trust: new TrustStore([root.certificate]),
    })
    expect(shown(other)).toContain(
      'issuer-not-trusted: it is a root certificate that is not among the 1 trusted ones',
    )
  })

  it('CAs that issued each other end in a result', async () => {
    const [a, b] = [await issue('CN=A', { ca: true }), await issue('CN=B', { ca: true })]
    const cross = [
      await issue('CN=A', { ca: true, issuer: b }, a.key),
      await issue('CN=B', { ca: true, issuer: a }, b.key),
    ]
    const below = await issue('CN=below', { issuer: a })
    const untrusted = cross.map(({ certificate }) => certificate)
    const result = await validatePath(below.certificate, {
      trust: new TrustStore(),
      untrusted,
      purpose: 'any',
    })
    expect(result.problem?.reason).toBe('issuer-not-trusted')
    expect(shown(result)).toMatch(
      /✗ CN=B\n.*\n.*\n.*its issuer leads back to the path, and to no trusted root: CN=A/,
    )
  })

  it('colours, where they are wanted', async () => {
    expect(describePath(await validate(), { colour: true })).toContain('\x1b[32mVALID\x1b[0m')
    expect(describePath(await validate())).not.toContain('\x1b')
  })

  it('names cannot drive the terminal', async () => {
    const evil = der.sequence([der.oid('2.5.4.3'), der.utf8String('\x1b[2J\u202eevil\r\nVALID')])
    const subject = Name.parse(der.sequence([der.setOf([evil])]))
    const { certificate } = await issue(subject, { issuer: sub })
    const text = describePath(
      await validatePath(certificate, { trust: new TrustStore([root.certificate]), purpose: 'any' }),
    )
    expect(text).toContain('[2J')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/)
  })
})

describe('pathJson', () => {
  it('a good path', async () => {
    const json = pathJson(await validate({ revocation: { crls: [await issueCrl(sub, [])] } }))
    expect(JSON.parse(JSON.stringify(json))).toMatchObject({
      verdict: 'valid',
      reason: null,
      reasonText: null,
      detail: null,
      hint: null,
      certificate: null,
      time: expect.stringMatching(/Z$/),
      validUntil: expect.stringMatching(/Z$/),
      policies: [],
      path: [
        { role: 'target', key: 'EC P-256', subject: 'CN=leaf', revocation: { status: 'good', by: 'crl' } },
        { role: 'intermediate', subject: 'CN=Test intermediate', revocation: { status: 'not-checked' } },
        { role: 'anchor', subject: 'CN=Test root', revocation: null, sha256: root.certificate.fingerprint() },
      ],
    })
  })

  it('a refused one names the certificate', async () => {
    expect(pathJson(await validate({ untrusted: [] }))).toMatchObject({
      verdict: 'invalid',
      reason: 'issuer-missing',
      reasonText: PATH_REASONS['issuer-missing'],
      certificate: leaf.certificate.fingerprint(),
      validUntil: null,
      path: [{ role: 'target' }],
    })
  })
})

it('docs/path.md has a row for each reason, and for no other', () => {
  const text = readFileSync(new URL('../../docs/path.md', import.meta.url), 'utf8')
  const section = text.split('## Reasons')[1]?.split('\n## ')[0] ?? ''
  const rows = Array.from(section.matchAll(/^\| `([a-z-]+)` \|/gm), ([, reason]) => reason)
  expect(rows.sort()).toEqual(Object.keys(PATH_REASONS).sort())
})
