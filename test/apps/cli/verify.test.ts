/** What `sealkit verify` says, for people and for programs, and its exit codes. */
import { createPrivateKey, sign as nodeSign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeThrowAway, type ThrowAway } from '../../../apps/demo/throw-away.ts'
import { nodeOptions, signatureAlgorithmFor } from '../../../src/algorithms/index.ts'
import { addSigner, type CmsKey, type CmsSignature, countersign, sign } from '../../../src/cms/index.ts'
import { describeUnless } from '../../support/tools.ts'
import { SIGN, sealkit, TOKEN, workFolder } from './support/program.ts'
import { noTerminal, onTerminal } from './support/terminal.ts'

let cwd: string
beforeAll(async () => {
  cwd = await workFolder()
  const { code } = await sealkit([...SIGN, '--in', 'token.txt', '--out', 'token.sig'], { cwd })
  expect(code).toBe(0)
})

const verify = (...args: string[]) => sealkit(['verify', '--signature-only', ...args], { cwd })
const detached = (signature: string, ...args: string[]) =>
  verify('--signature', signature, '--content', 'token.txt', ...args)

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(cwd, name), content)
  return name
}

function keyOf({ keyPem, certificate }: ThrowAway): CmsKey {
  const algorithm = signatureAlgorithmFor(certificate.publicKey)
  const key = createPrivateKey(keyPem)
  return {
    certificate,
    chain: [],
    algorithm,
    sign: async (data) => nodeSign(algorithm.hash?.node, data, { key, ...nodeOptions(algorithm) }),
  }
}

const putSignature = (name: string, signature: CmsSignature) => put(name, signature.der)

describe('a good signature', () => {
  it('exits 0, and the report says what was checked and what was not', async () => {
    const { code, stdout, stderr } = await detached('token.sig')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.toString().split('\n')
    expect(lines[0]).toBe('Signature: good, certificate not validated')
    expect(lines).toContain('  signer        CN=Signer of the tests')
    expect(lines).toContain('  algorithm     RSASSA-PKCS1-v1_5 with SHA-256')
    const report = stdout.toString()
    expect(report).toMatch(/^ {2}signed at {5}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, by the signer's own word$/m)
    expect(report).toMatch(/^ {2}checks {8}ok {6}digest algorithm known and safe$/m)
    expect(report).toMatch(/^ {16}ok {6}content is the one that was signed$/m)
    expect(report).toMatch(/^ {16}- {7}certificate not validated$/m)
    expect(report).toMatch(/^NOT checked: whether the certificate can be trusted \(--signature-only\)/m)
    expect(report).not.toMatch(/: (good|valid)$/m)
  })

  it('--json has the same under stable names', async () => {
    const { code, stdout } = await detached('token.sig', '--json')
    expect(code).toBe(0)
    const json = JSON.parse(stdout.toString())
    const outcomes = Object.fromEntries(
      json.signers[0].checks.map(({ check, outcome }: Record<string, string>) => [check, outcome]),
    )
    expect(outcomes).toEqual({
      'digest-algorithm': 'passed',
      'signed-attributes': 'passed',
      'content-type': 'passed',
      'message-digest': 'passed',
      'algorithm-protection': 'not-done',
      certificate: 'passed',
      'signing-certificate': 'not-done',
      'signature-algorithm': 'passed',
      signature: 'passed',
      timestamp: 'not-done',
      countersignature: 'not-done',
      trust: 'not-done',
    })
    expect(json).toEqual({
      verdict: 'certificate-not-validated',
      reason: null,
      reasonText: null,
      detail: null,
      certificateValidation: 'not-done',
      detached: true,
      contentType: '1.2.840.113549.1.7.1',
      signers: [
        {
          verdict: 'certificate-not-validated',
          reason: null,
          reasonText: null,
          detail: null,
          checks: expect.any(Array),
          certificate: {
            subject: 'CN=Signer of the tests',
            issuer: 'CN=Signer of the tests',
            serialNumber: expect.stringMatching(/^[0-9a-f]+$/),
            notBefore: expect.stringMatching(/Z$/),
            notAfter: expect.stringMatching(/Z$/),
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          },
          path: null,
          signerIdentifier: expect.stringMatching(/^serial [0-9a-f]+, issued by CN=Signer of the tests$/),
          algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256',
          signingTime: expect.stringMatching(/Z$/),
          timestamps: [],
          countersignatures: [],
          notes: [],
        },
      ],
    })
  })

  it.each(['base64', 'der', 'pem'])('%s is found by content, from a file and from stdin', async (format) => {
    const signed = await sealkit([...SIGN, '--in', 'token.txt', '--format', format], { cwd })
    expect((await detached(put('any.sig', signed.stdout))).code).toBe(0)
    const args = ['verify', '--signature-only', '--signature', '-', '--content', 'token.txt']
    expect((await sealkit(args, { cwd, input: signed.stdout })).code).toBe(0)
  })

  it('content from stdin, byte for byte', async () => {
    const args = ['verify', '--signature-only', '--signature', 'token.sig', '--content', '-']
    expect((await sealkit(args, { cwd, input: TOKEN })).code).toBe(0)
    expect((await sealkit(args, { cwd, input: `${TOKEN}\n` })).code).toBe(1)
  })

  it('attached needs no content', async () => {
    await sealkit([...SIGN, '--in', 'cert.pem', '--attached', '--out', 'attached.sig'], { cwd })
    expect((await verify('--signature', 'attached.sig')).code).toBe(0)
    const { code, stderr } = await verify('--signature', 'attached.sig', '--content', 'cert.pem')
    expect(stderr).toMatch(/the message holds its content, and --content was given\n.*leave --content out/)
    expect(code).toBe(2)
  })

  it('without certificates in it takes those of --cert', async () => {
    const args = ['--in', 'token.txt', '--certificates', 'none', '--out', 'bare.sig']
    await sealkit([...SIGN, ...args], { cwd })
    expect((await detached('bare.sig', '--cert', 'other.pem', '--cert', 'cert.der')).code).toBe(0)
    const { code, stdout } = await detached('bare.sig', '--cert', 'other.pem')
    expect(stdout.toString()).toMatch(/^Signature: NOT GOOD$/m)
    expect(stdout.toString()).toMatch(/^ {2}signer {8}unknown: serial [0-9a-f]+, issued by CN=Signer/m)
    expect(code).toBe(1)
  })

  it('several signers and a countersignature are each reported', async () => {
    const first = await makeThrowAway('First')
    const second = await makeThrowAway('Second')
    const one = await sign(TOKEN, { signers: keyOf(first) })
    const two = await addSigner(one, { signer: keyOf(second), content: TOKEN })
    const countered = await countersign(two, { key: keyOf(second), signer: 0 })
    const { code, stdout } = await detached(putSignature('two.sig', countered))
    const report = stdout.toString()
    expect(report).toMatch(/^2 signatures: good, certificate not validated$/m)
    expect(report).toMatch(/^Signer 1 of 2$/m)
    expect(report).toMatch(/^Signer 2 of 2$/m)
    expect(report).toMatch(/^ {2}countersigned by CN=Second: good, certificate not validated$/m)
    expect(code).toBe(0)
    const json = JSON.parse((await detached('two.sig', '--json')).stdout.toString())
    expect(json.signers.flatMap((s: { countersignatures: unknown[] }) => s.countersignatures)).toHaveLength(1)
  })
})

describe('what is not good exits 1 and says why', () => {
  it('other content', async () => {
    const { code, stdout, stderr } = await verify('--signature', 'token.sig', '--content', 'cert.pem')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const report = stdout.toString()
    expect(report).toMatch(/^Signature: NOT GOOD$/m)
    expect(report).toMatch(/^ {2}reason {8}the content is not the one that was signed$/m)
    expect(report).toMatch(/^ {16}FAILED {2}the content is not the one that was signed$/m)
    expect(report).toMatch(/^NOT checked: whether the certificate/m)
    const json = await verify('--signature', 'token.sig', '--content', 'cert.pem', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout.toString())).toMatchObject({
      verdict: 'invalid',
      reason: 'message-digest-mismatch',
      reasonText: 'the content is not the one that was signed',
      certificateValidation: 'not-done',
    })
  })

  it('one bad signature of two', async () => {
    const [first, second] = [await makeThrowAway('First'), await makeThrowAway('Second')]
    const one = await sign(TOKEN, { signers: keyOf(first) })
    const liar: CmsKey = { ...keyOf(second), certificate: first.certificate }
    const two = await addSigner(one, { signer: liar, content: TOKEN })
    const { code, stdout } = await detached(putSignature('liar.sig', two))
    expect(stdout.toString()).toMatch(/^2 signatures: NOT GOOD$/m)
    expect(stdout.toString()).toMatch(
      /^ {2}reason {8}the signature does not fit the signed bytes and the key/m,
    )
    expect(code).toBe(1)
  })

  it.each([
    ['empty', ''],
    ['text', 'this is no signature'],
    ['a certificate', undefined],
    ['cut off', Buffer.from('3082010006092a', 'hex')],
  ])('what is no signature: %s', async (_, content) => {
    const name = content === undefined ? 'cert.pem' : put('no.sig', content)
    const { code, stdout, stderr } = await detached(name)
    expect(stdout.toString()).toBe('NOT GOOD: this is no CMS signature that can be read\n')
    expect(stderr).toMatch(/^sealkit: .+\n/)
    expect(code).toBe(1)
    const json = await detached(name, '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout.toString())).toEqual({
      verdict: 'invalid',
      reason: 'message-unreadable',
      reasonText: 'this is no CMS signature that can be read',
      detail: expect.any(String),
      certificateValidation: 'not-done',
      detached: null,
      contentType: null,
      signers: [],
      error: {
        code: expect.stringMatching(/^ERR_/),
        message: expect.any(String),
        hint: expect.toSatisfy((h) => h === null || typeof h === 'string'),
      },
    })
  })
})

describe('what cannot be done exits 2 or 3', () => {
  it.each([
    [
      'a detached signature without content',
      ['--signature', 'token.sig'],
      2,
      /the signature is detached.*\n.*--content FILE/,
    ],
    ['no such signature', ['--signature', 'nothing'], 2, /cannot read the signature nothing: no such file/],
    [
      'no such content',
      ['--signature', 'token.sig', '--content', 'nothing'],
      2,
      /cannot read the content nothing: no such file/,
    ],
    ['a folder as content', ['--signature', 'token.sig', '--content', '.'], 2, /cannot read the content \./],
    [
      'no such certificate',
      ['--signature', 'token.sig', '--cert', 'nothing'],
      3,
      /nothing: there is no such file/,
    ],
    [
      'no certificate in it',
      ['--signature', 'token.sig', '--cert', 'token.txt'],
      3,
      /token.txt: .*neither PEM nor DER/,
    ],
  ])('%s', async (_, args, expected, message) => {
    const { code, stdout, stderr } = await verify(...args)
    expect(stderr).toMatch(message)
    expect({ code, stdout: stdout.toString() }).toEqual({ code: expected, stdout: '' })
  })
})

describe('text of others', () => {
  it('cannot drive the terminal, in neither form', async () => {
    const evil = await makeThrowAway('\x1b[2J\x9b31mSignature: good\r\n\u202edoog\x07')
    putSignature('evil.sig', await sign(TOKEN, { signers: keyOf(evil) }))
    for (const args of [[], ['--json']]) {
      const { code, stdout } = await detached('evil.sig', ...args)
      expect(code).toBe(0)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(stdout.toString()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
      expect(stdout.toString()).toContain('doog')
    }
  })
})

describeUnless(noTerminal(), 'colours', () => {
  const line = 'sealkit verify --signature-only --signature token.sig --content token.txt'
  it('are used on a terminal', async () => {
    const { shown } = await onTerminal(line, [], { cwd, env: { NO_COLOR: undefined } })
    expect(shown).toContain('Signature: \x1b[33mgood, certificate not validated\x1b[0m')
  })
  it.each([{ NO_COLOR: '1' }, { NO_COLOR: undefined, TERM: 'dumb' }])('but not with %j', async (env) => {
    const { shown } = await onTerminal(line, [], { cwd, env })
    expect(shown).toMatch(/^Signature: good, certificate not validated\r$/m)
    expect(shown).not.toContain('\x1b')
  })
})
