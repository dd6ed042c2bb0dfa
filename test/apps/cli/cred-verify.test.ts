/** `sealkit cred verify`: certificates of users against authorities, as they call it. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writePkcs12, writeTruststore } from '../../../src/credentials/index.ts'
import { describeShared, shared } from '../../support/tools.ts'
import { DAY, issue, issueCrl, issueTsa, type Party } from '../../trust/support/authority.ts'
import { credentialFolder } from './support/credentials.ts'
import { PASSWORD, type Result, sealkit } from './support/program.ts'

let cwd: string
let root: Party
let sub: Party
let server: Party
let client: Party
const put = (name: string, ...parts: readonly (string | Uint8Array)[]): void =>
  writeFileSync(join(cwd, name), Buffer.concat(parts.map((part) => Buffer.from(part))))

beforeAll(async () => {
  cwd = (await credentialFolder()).folder
  root = await issue('CN=Root', { ca: true, days: 3650 })
  sub = await issue('CN=Issuing CA', { ca: true, issuer: root, days: 1000 })
  const names = ['DNS:api.example', 'DNS:*.web.example', 'IP:192.0.2.1']
  server = await issue('CN=api.example', {
    issuer: sub,
    subjectAltNames: names,
    extendedKeyUsage: ['serverAuth'],
  })
  client = await issue('CN=a000012345', { issuer: sub, extendedKeyUsage: ['clientAuth'] })
  const tsa = await issueTsa('CN=stamps', sub)
  put('root.pem', root.certificate.toPem())
  put('sub.pem', sub.certificate.toPem())
  put('bundle.pem', root.certificate.toPem(), sub.certificate.toPem())
  put('server.pem', server.certificate.toPem())
  put('chain.pem', server.certificate.toPem(), sub.certificate.toPem())
  put('client.der', client.certificate.der)
  put('tsa.pem', tsa.certificate.toPem())
  put('self.pem', (await issue('CN=self')).certificate.toPem())
  const key = { ...client, chain: [sub.certificate] }
  put('client.p12', await writePkcs12({ keys: [key] }, { password: PASSWORD, iterations: 1000 }))
  const authorities = [root.certificate, sub.certificate]
  put('trust.p12', await writeTruststore(authorities, { password: PASSWORD, iterations: 1000 }))
  const date = new Date('2026-01-01T00:00:00Z')
  put('sub.crl', (await issueCrl(sub, [{ certificate: server.certificate, date }])).der)
  put('lists.pem', (await issueCrl(root, [])).toPem(), (await issueCrl(sub, [])).toPem())
  mkdirSync(join(cwd, 'authorities'))
  put('authorities/one.pem', root.certificate.toPem())
  put('authorities/two', sub.certificate.der)
  put('authorities/README', 'what these are')
})

const verify = (...args: string[]): Promise<Result> => sealkit(['cred', 'verify', ...args], { cwd })
const says = ({ code, stdout, stderr }: Result) => ({ code, text: stdout.toString(), stderr })

describe('a good certificate: exit code 0', () => {
  it('as a tree, with what was checked and what was not', async () => {
    const { code, text, stderr } = says(
      await verify('server.pem', '--ca', 'bundle.pem', '--host', 'api.example'),
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(
      text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'TIME'),
    ).toBe(`server.pem: VALID at TIME; holds until TIME

CN=api.example
│  the certificate; EC P-256
│  TIME to TIME
│  revocation: not checked
└─ CN=Issuing CA
   │  intermediate CA; EC P-256
   │  TIME to TIME
   │  revocation: not checked
   └─ CN=Root
         trusted; EC P-256
         TIME to TIME

Checked:     signatures, validity, CAs, constraints, policies; for tls-server as api.example
NOT checked: revocation (--crl, --ocsp)
`)
  })

  it.each<[string, string[], RegExp]>([
    [
      'no purpose: it says so',
      ['server.pem', '--ca', 'bundle.pem'],
      /NOT checked: what the certificate may be used for/,
    ],
    [
      'the server without its name',
      ['server.pem', '--ca', 'bundle.pem', '--purpose', 'tls-server'],
      /NOT checked: the server's name/,
    ],
    ['a wildcard', ['server.pem', '--ca', 'bundle.pem', '--host', 'a.web.example'], /as a\.web\.example/],
    ['an address', ['server.pem', '--ca', 'bundle.pem', '--host', '192.0.2.1'], /VALID/],
    ['intermediates in its own file', ['chain.pem', '--ca', 'root.pem'], /└─ CN=Issuing CA/],
    [
      'intermediates by --untrusted',
      ['server.pem', '--ca', 'root.pem', '--untrusted', 'sub.pem'],
      /└─ CN=Root/,
    ],
    ['two authorities', ['server.pem', '--ca', 'root.pem', '--ca', 'sub.pem'], /└─ CN=Root/],
    ['DER, a client', ['client.der', '--ca', 'bundle.pem', '--purpose', 'tls-client'], /for tls-client\n/],
    [
      'P12: the certificate of its key',
      ['client.p12', '--ca', 'root.pem', '--password-file', 'password'],
      /VALID.*\n\nCN=a000012345\n/,
    ],
    [
      'a timestamp authority',
      ['tsa.pem', '--ca', 'bundle.pem', '--purpose', 'timestamping'],
      /for timestamping\n/,
    ],
    [
      'the other profiles',
      ['server.pem', '--ca', 'bundle.pem', '--host', 'api.example', '--profile', 'strict'],
      /profile strict/,
    ],
    ['a truststore', ['server.pem', '--ca', 'trust.p12', '--password-file', 'password'], /└─ CN=Root/],
    [
      'revocation required',
      ['server.pem', '--ca', 'bundle.pem', '--crl', 'lists.pem', '--revocation', 'require'],
      /revocation: good by revocation list/,
    ],
    [
      'at a time with a zone',
      ['server.pem', '--ca', 'bundle.pem', '--time', new Date(Date.now() + DAY).toISOString()],
      /VALID/,
    ],
  ])('%s', async (_, args, expected) => {
    const { code, text } = says(await verify(...args))
    expect(text).toMatch(expected)
    expect(code).toBe(0)
  })

  it('a folder of authorities; what is none is a note', async () => {
    const { code, stderr } = await verify('server.pem', '--ca', 'authorities')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^note: authorities: README: .+\n$/)
  })

  it('an intermediate without its root is trusted, with a note', async () => {
    const { code, stderr } = await verify('server.pem', '--ca', 'sub.pem')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'note: trusted without its root, which no source has: CN=Issuing CA\n',
    })
  })

  it('from standard input', async () => {
    const { code } = await sealkit(['cred', 'verify', '-', '--ca', 'bundle.pem'], {
      cwd,
      input: server.certificate.toPem(),
    })
    expect(code).toBe(0)
  })
})

describe('one that is not: exit code 1, the reason and the way out', () => {
  it.each<[string, string[], string]>([
    ['another host', ['server.pem', '--ca', 'bundle.pem', '--host', 'other.example'], 'name-mismatch'],
    [
      'another purpose',
      ['server.pem', '--ca', 'bundle.pem', '--purpose', 'tls-client'],
      'extended-key-usage',
    ],
    [
      'a client as server',
      ['client.der', '--ca', 'bundle.pem', '--purpose', 'tls-server'],
      'extended-key-usage',
    ],
    ['no intermediate', ['server.pem', '--ca', 'root.pem'], 'issuer-missing'],
    ['another authority', ['chain.pem', '--ca', 'ca.crt'], 'issuer-missing'],
    ['self-signed', ['self.pem', '--ca', 'root.pem'], 'issuer-not-trusted'],
    ['expired', ['expired.crt', '--ca', 'ca.crt'], 'expired'],
    ['too early', ['server.pem', '--ca', 'bundle.pem', '--time', '2020-02-29'], 'not-yet-valid'],
    ['too late', ['server.pem', '--ca', 'bundle.pem', '--time', '2036-01-01T00:00:00+01:00'], 'expired'],
    ['revoked', ['server.pem', '--ca', 'bundle.pem', '--crl', 'sub.crl'], 'revoked'],
    [
      'no list where one is required',
      ['server.pem', '--ca', 'bundle.pem', '--revocation', 'require'],
      'revocation-unknown',
    ],
    [
      'an OCSP response that is none',
      ['server.pem', '--ca', 'bundle.pem', '--ocsp', 'sub.crl'],
      'revocation-unknown',
    ],
  ])('%s', async (_, args, reason) => {
    const { code, text, stderr } = says(await verify(...args))
    expect(text).toMatch(/^\S+: NOT VALID at .* UTC: /)
    expect(text).toContain(`(${reason})\n`)
    expect(text).toMatch(new RegExp(`^ *(│ +)?${reason}: `, 'm'))
    expect(text).not.toMatch(/^Checked/m)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const json = await verify(...args, '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout.toString())).toMatchObject({ file: args[0], verdict: 'invalid', reason })
  })

  it('certificates that are made to cost time: six keys of one name, each certified by all', async () => {
    const keys: Party[] = []
    for (let i = 0; i < 6; i++) keys.push(await issue('CN=Loop', { ca: true }))
    const all: string[] = []
    for (const { key } of keys) {
      for (const issuer of keys)
        all.push((await issue('CN=Loop', { ca: true, issuer }, key)).certificate.toPem())
    }
    const below = await issue('CN=below', { issuer: keys[0] as Party })
    put('loops.pem', below.certificate.toPem(), ...all)
    const { code, text, stderr } = says(await verify('loops.pem', '--ca', 'ca.crt'))
    expect(text).toMatch(/^loops\.pem: NOT VALID: too many /)
    expect(stderr).toMatch(/^sealkit: too many /)
    expect(code).toBe(1)
    const json = JSON.parse((await verify('loops.pem', '--ca', 'ca.crt', '--json')).stdout.toString())
    expect(json).toMatchObject({ verdict: 'invalid', error: { code: 'ERR_PATH_BUDGET' } })
  })
})

describe('--json', () => {
  it('has the question and the path', async () => {
    const { code, stdout } = await verify(
      'server.pem',
      '--ca',
      'bundle.pem',
      '--host',
      'api.example',
      '--json',
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout.toString())).toEqual({
      file: 'server.pem',
      purpose: 'tls-server',
      host: 'api.example',
      profile: 'default',
      revocation: 'if-given',
      verdict: 'valid',
      reason: null,
      reasonText: null,
      detail: null,
      hint: null,
      certificate: null,
      time: expect.stringMatching(/Z$/),
      validUntil: server.certificate.notAfter.toISOString(),
      policies: [],
      path: [server, sub, root].map(({ certificate }, i) => ({
        role: ['target', 'intermediate', 'anchor'][i],
        key: 'EC P-256',
        revocation: i === 2 ? null : { status: 'not-checked' },
        ...certificate.toJSON(),
      })),
    })
  })
})

describe('what cannot be done exits 2 or 3', () => {
  it.each<[string, string[], number, RegExp]>([
    ['no authorities', ['server.pem'], 2, /--ca is missing/],
    ['no certificate named', ['--ca', 'bundle.pem'], 2, /CERT is missing/],
    [
      'a purpose that is none',
      ['server.pem', '--ca', 'bundle.pem', '--purpose', 'tls'],
      2,
      /--purpose must be one of tls-server/,
    ],
    [
      'a host with a port',
      ['server.pem', '--ca', 'bundle.pem', '--host', 'api.example:443'],
      2,
      /--host must be a DNS name.*\n.*without https/,
    ],
    [
      'a host for a client',
      ['server.pem', '--ca', 'bundle.pem', '--host', 'x.example', '--purpose', 'tls-client'],
      2,
      /--host is for/,
    ],
    [
      'a time without zone',
      ['server.pem', '--ca', 'bundle.pem', '--time', '2026-01-01T00:00:00'],
      2,
      /--time must be.*\n.*Z/,
    ],
    ['February 30', ['server.pem', '--ca', 'bundle.pem', '--time', '2026-02-30'], 2, /--time must be/],
    [
      'a list, and none wanted',
      ['server.pem', '--ca', 'bundle.pem', '--crl', 'sub.crl', '--revocation', 'ignore'],
      2,
      /--revocation ignore/,
    ],
    ['a missing bundle', ['server.pem', '--ca', 'nothing.pem'], 3, /nothing\.pem: there is no such file/],
    [
      'a bundle of no CA',
      ['server.pem', '--ca', 'server.pem'],
      3,
      /server\.pem: no CA among its certificates\n {2}give the certificates of the issuers/,
    ],
    ['a bundle of text', ['server.pem', '--ca', 'password'], 3, /password: no certificate/],
    [
      'a truststore and the wrong password',
      ['server.pem', '--ca', 'trust.p12', '--password-file', 'wrong'],
      3,
      /password/,
    ],
    [
      'a truststore without password',
      ['server.pem', '--ca', 'trust.p12'],
      3,
      /a password for the truststore is needed/,
    ],
    ['a key without certificate', ['api.key', '--ca', 'bundle.pem'], 3, /api\.key: no certificate/],
    [
      'no list in it',
      ['server.pem', '--ca', 'bundle.pem', '--crl', 'root.pem'],
      3,
      /root\.pem: there is no revocation list/,
    ],
    [
      'no certificate in it',
      ['server.pem', '--ca', 'bundle.pem', '--untrusted', 'sub.crl'],
      3,
      /sub\.crl: no certificate/,
    ],
  ])('%s', async (_, args, expected, message) => {
    const { code, text, stderr } = says(await verify(...args))
    expect(stderr).toMatch(message)
    expect({ code, text }).toEqual({ code: expected, text: '' })
  })
})

describeShared("DigiCert's leaves", () => {
  const digicert = (...path: string[]): string => shared('vectors/digicert', ...path)
  const all = digicert('bundles/digicert-all-intermediates.pem')
  const leaves = readdirSync(digicert('leaves')).filter((name) => !name.endsWith('.chain.pem'))
  it('has twelve', () => expect(leaves).toHaveLength(12))

  it.each(leaves)('%s', async (name) => {
    const file = digicert('leaves', name)
    const roots = digicert('bundles/digicert-roots.pem')
    const now = JSON.parse(
      (await verify(file, '--ca', roots, '--untrusted', all, '--json')).stdout.toString(),
    )
    const [{ notBefore, notAfter }] = now.path
    const time = new Date((+new Date(notBefore) + +new Date(notAfter)) / 2).toISOString()
    const args = [file, '--ca', roots, '--untrusted', all, '--purpose', 'tls-server', '--time', time]
    const { code, text } = says(await verify(...args))
    const precertificate = /^(gis\.agroinvest|p53lf57)/.test(name)
    expect(code, text).toBe(precertificate ? 1 : 0)
    expect(text).toContain(precertificate ? 'it is a precertificate' : 'VALID at')
  })
})
