/** `sealkit verify --ca`: the signer's certificate against authorities that the user trusts. */
import { createPrivateKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writePem, writeTruststore } from '../../../src/credentials/index.ts'
import { forge } from '../../cms/support/forge.ts'
import { forgeToken, timestampAttribute } from '../../cms/support/tokens.ts'
import { DAY, issue, issueCrl, issueTsa, type Party } from '../../trust/support/authority.ts'
import { PASSWORD, type Result, sealkit, TOKEN, workFolder } from './support/program.ts'

let cwd: string
let root: Party
let sub: Party
const put = (name: string, ...parts: readonly (string | Uint8Array)[]): void =>
  writeFileSync(join(cwd, name), Buffer.concat(parts.map((part) => Buffer.from(part))), { mode: 0o600 })

async function signAs(name: string, party: Party, chain = [sub.certificate]): Promise<void> {
  put(`${name}.pem`, await writePem({ keys: [{ ...party, chain }] }))
  const { code, stderr } = await sealkit(
    ['sign', '--key', `${name}.pem`, '--in', 'token.txt', '--out', `${name}.sig`],
    { cwd },
  )
  expect(code, stderr).toBe(0)
}

beforeAll(async () => {
  cwd = await workFolder()
  root = await issue('CN=Root', { ca: true, days: 3650, notBefore: new Date(Date.now() - 2000 * DAY) })
  sub = await issue('CN=Issuing CA', {
    ca: true,
    issuer: root,
    days: 3000,
    notBefore: new Date(Date.now() - 1000 * DAY),
  })
  const signer = await issue('CN=signer', { issuer: sub })
  const client = await issue('CN=client', { issuer: sub, extendedKeyUsage: ['clientAuth'] })
  const old = await issue('CN=old', { issuer: sub, days: 100, notBefore: new Date(Date.now() - 200 * DAY) })
  await signAs('signer', signer)
  await signAs('alone', signer, [])
  await signAs('client', client)
  await signAs('old', old)
  put('root.pem', root.certificate.toPem())
  put('sub.pem', sub.certificate.toPem())
  put('bundle.pem', root.certificate.toPem(), sub.certificate.toPem())
  put('trust.p12', await writeTruststore([root.certificate], { password: PASSWORD, iterations: 1000 }))
  const date = new Date(Date.now() - DAY)
  put('sub.crl', (await issueCrl(sub, [{ certificate: signer.certificate, date }])).toPem())
  const tsa = await issueTsa('CN=stamps', root, { days: 1000, notBefore: new Date(Date.now() - 500 * DAY) })
  const tsaKey = await tsa.key.toKeyObject()
  const stamp = (signature: Uint8Array) =>
    forgeToken(signature, {
      certificate: tsa.certificate,
      privateKey: tsaKey,
      genTime: new Date(Date.now() - 150 * DAY),
    })
  const content = new TextEncoder().encode(TOKEN)
  const unsigned = (signature: Uint8Array) => [timestampAttribute(stamp(signature))]
  const privateKey = createPrivateKey(await writePem({ keys: [{ key: old.key }] }))
  const certificates = [old, sub].map(({ certificate }) => certificate.der)
  put('stamped.sig', forge({ certificate: old.certificate, privateKey, content, unsigned }, { certificates }))
})

const verify = (signature: string, ...args: string[]): Promise<Result> =>
  sealkit(['verify', '--signature', signature, '--content', 'token.txt', ...args], { cwd })

describe('a signer whose authority is trusted: exit code 0', () => {
  it('the report has the path', async () => {
    const { code, stdout, stderr } = await verify('signer.sig', '--ca', 'root.pem')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const report = stdout.toString()
    expect(report).toMatch(/^Signature: good$/m)
    expect(report).toMatch(
      /^ {2}path {10}VALID at .* UTC; holds until .* UTC\n {16}CN=signer\n {16}│ {2}the certificate; EC P-256$/m,
    )
    expect(report).toMatch(/^ {16}└─ CN=Issuing CA$/m)
    expect(report).toMatch(/^ {19}└─ CN=Root$/m)
    expect(report).toMatch(/^ {16}ok {6}certificate trusted$/m)
    expect(report).toMatch(/^Checked: .*; a trusted authority vouches for the certificate\.$/m)
    expect(report).not.toContain('NOT checked')
  })

  it('--json has it too', async () => {
    const { code, stdout } = await verify('signer.sig', '--ca', 'root.pem', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout.toString())).toMatchObject({
      verdict: 'valid',
      reason: null,
      certificateValidation: 'done',
      signers: [
        {
          verdict: 'valid',
          path: {
            verdict: 'valid',
            path: [
              { role: 'target', subject: 'CN=signer' },
              { role: 'intermediate', subject: 'CN=Issuing CA' },
              { role: 'anchor', subject: 'CN=Root', sha256: root.certificate.fingerprint() },
            ],
          },
        },
      ],
    })
    const only = await verify('signer.sig', '--signature-only', '--json')
    expect(JSON.parse(only.stdout.toString())).toMatchObject({ signers: [{ path: null }] })
  })

  it.each<[string, string, string[]]>([
    ['intermediates of the bundle', 'alone.sig', ['--ca', 'bundle.pem']],
    ['intermediates by --untrusted', 'alone.sig', ['--ca', 'root.pem', '--untrusted', 'sub.pem']],
    ['several bundles', 'alone.sig', ['--ca', 'root.pem', '--ca', 'sub.pem', '--ca', 'system']],
    ['a truststore', 'signer.sig', ['--ca', 'trust.p12', '--password-file', 'password']],
    ['another purpose by its name', 'client.sig', ['--ca', 'root.pem', '--extended-key-usage', 'clientAuth']],
    [
      'another purpose by its OID',
      'client.sig',
      ['--ca', 'root.pem', '--extended-key-usage', '1.3.6.1.5.5.7.3.2'],
    ],
    ['any purpose', 'client.sig', ['--ca', 'root.pem', '--extended-key-usage', 'any']],
    [
      'an expired signer, for its time',
      'old.sig',
      ['--ca', 'root.pem', '--time', new Date(Date.now() - 150 * DAY).toISOString()],
    ],
    ['an expired signer with a timestamp', 'stamped.sig', ['--ca', 'root.pem']],
    ['revocation ignored', 'signer.sig', ['--ca', 'root.pem', '--revocation', 'ignore']],
  ])('%s', async (_, signature, args) => {
    const { code, stdout, stderr } = await verify(signature, ...args)
    expect(stdout.toString(), stderr).toMatch(/^Signature: good$/m)
    expect(code).toBe(0)
  })
})

describe('one that is not: exit code 1, the reason and the way out', () => {
  it.each<[string, string, string[], RegExp]>([
    ['another authority', 'signer.sig', ['--ca', 'other.pem'], /issuer is missing: CN=Root; add/],
    ['no intermediate', 'alone.sig', ['--ca', 'root.pem'], /issuer is missing: CN=Issuing CA; add/],
    [
      'another purpose',
      'client.sig',
      ['--ca', 'root.pem'],
      /CN=client: its extended key usage does not allow cms-signer/,
    ],
    ['expired, though it says it signed before', 'old.sig', ['--ca', 'root.pem'], /CN=old: it expired at/],
    [
      'a timestamp, and revocation unknown',
      'stamped.sig',
      ['--ca', 'root.pem', '--revocation', 'require'],
      /give a current revocation list/,
    ],
    ['revoked', 'signer.sig', ['--ca', 'root.pem', '--crl', 'sub.crl'], /CN=signer: it was revoked at/],
    [
      'required, and unknown',
      'signer.sig',
      ['--ca', 'root.pem', '--revocation', 'require'],
      /give a current revocation list/,
    ],
  ])('%s', async (_, signature, args, reason) => {
    const { code, stdout, stderr } = await verify(signature, ...args)
    const report = stdout.toString()
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(report).toMatch(/^Signature: NOT GOOD$/m)
    expect(/^ {2}reason .*$/m.exec(report)?.[0]).toMatch(reason)
    expect(report).not.toContain('vouches for')
    const json = JSON.parse((await verify(signature, ...args, '--json')).stdout.toString())
    expect(json.verdict).toBe('invalid')
  })

  it('a good certificate does not mend a bad signature, and its path is not looked for', async () => {
    const args = [
      'verify',
      '--signature',
      'signer.sig',
      '--content',
      'cert.pem',
      '--ca',
      'root.pem',
      '--json',
    ]
    const { code, stdout } = await sealkit(args, { cwd })
    expect(code).toBe(1)
    expect(JSON.parse(stdout.toString())).toMatchObject({
      reason: 'message-digest-mismatch',
      signers: [{ path: null }],
    })
  })
})

describe('what cannot be done exits 2 or 3', () => {
  it.each<[string, string[], number, RegExp]>([
    ['no judge', [], 2, /say how the certificate is to be judged\n.*--ca BUNDLE.*--signature-only/],
    ['both', ['--ca', 'root.pem', '--signature-only'], 2, /--ca and --signature-only exclude each other/],
    ['a time without --ca', ['--signature-only', '--time', '2026-01-01'], 2, /--time goes with --ca/],
    ['a time that is none', ['--ca', 'root.pem', '--time', 'yesterday'], 2, /--time must be/],
    [
      'a purpose that is none',
      ['--ca', 'root.pem', '--extended-key-usage', 'signing'],
      2,
      /--extended-key-usage must be/,
    ],
    ['no such bundle', ['--ca', 'nothing.pem'], 3, /nothing\.pem: there is no such file/],
    ['no CA in it', ['--ca', 'token.txt'], 3, /token\.txt: no certificate/],
    [
      'a truststore and the wrong password',
      ['--ca', 'trust.p12', '--password-file', 'token.txt'],
      3,
      /password/,
    ],
    ['no list in it', ['--ca', 'root.pem', '--crl', 'sub.pem'], 3, /sub\.pem: there is no revocation list/],
  ])('%s', async (_, args, expected, message) => {
    const { code, stdout, stderr } = await verify('signer.sig', ...args)
    expect(stderr).toMatch(message)
    expect({ code, stdout: stdout.toString() }).toEqual({ code: expected, stdout: '' })
  })
})
