/** sealkit cred inspect, match, expires: what they say, and their exit codes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { generateKey, issueTestCertificate, writePkcs12 } from '../../../src/credentials/index.ts'
import { describeUnless } from '../../support/tools.ts'
import { type CredentialFolder, credentialFolder } from './support/credentials.ts'
import { PASSWORD, type RunOptions, sealkit, shell } from './support/program.ts'
import { noTerminal, onTerminal } from './support/terminal.ts'

let made: CredentialFolder
let cwd: string
beforeAll(async () => {
  made = await credentialFolder()
  cwd = made.folder
})

const IN = ['--password-file', 'password'] as const
const cred = (args: readonly string[], options: RunOptions = {}) =>
  sealkit(['cred', ...args], { cwd, ...options })
const json = async (...args: string[]) => JSON.parse((await cred([...args, '--json'])).stdout.toString())

describe('inspect', () => {
  it('shows a PKCS#12 file', async () => {
    const { code, stdout, stderr } = await cred(['inspect', 'api.p12', ...IN])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const shown = stdout.toString()
    expect(shown).toMatch(/^api.p12: PKCS#12: 1 private key, 2 certificates\n {2}integrity +HMAC-SHA-256/)
    expect(shown).toContain('PBES2 AES-256-CBC, key from PBKDF2 HMAC-SHA-256, 1,000 iterations')
    expect(shown).toContain('alt name     DNS:api.example')
    expect(shown).toMatch(/39 days left/)
    expect(shown).toContain(made.certificate.fingerprint('sha1'))
    expect(shown).toContain('  CN=Test CA,O=Example\n  └─ CN=api,O=Example  [private key]\n')
  })

  it.each([
    ['api.csr', /1 certificate request\n\nRequest\n {2}subject +CN=api,O=Example\n.*good: its maker/s],
    ['encrypted.key', /1 private key, locked: .*\n {2}encryption +PBES2 AES-256-CBC/],
    ['both.pem', /1 private key, 2 certificates\n {2}encryption +none for a private key/],
    ['expired.crt', /EXPIRED 10 days ago/],
    [
      'api.p12',
      /^api.p12: PKCS#12: 1 private key, locked: .*\n {2}integrity +HMAC-SHA-256.*\n {2}encryption +PBES2/,
    ],
    ['two-keys.pem', /2 private keys\n/],
  ])('%s, without a password and a terminal', async (name, shown) => {
    const { code, stdout, stderr } = await cred(['inspect', name])
    expect(stdout.toString()).toMatch(shown)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('several files, each under its name; as JSON, an array', async () => {
    const shown = (await cred(['inspect', 'api.crt', 'ca.crt'])).stdout.toString()
    expect(shown).toMatch(/^api.crt: PEM.*\n\nca.crt: PEM: 1 certificate\n/s)
    const all = await json('inspect', 'api.crt', 'ca.crt')
    expect(all.map(({ file }: { file: string }) => file)).toEqual(['api.crt', 'ca.crt'])
  })

  it('JSON says that contents are locked', async () => {
    expect(await json('inspect', 'api.p12', '--no-password')).toMatchObject({
      locked: true,
      keys: [{ locked: true }],
    })
    expect(await json('inspect', 'api.p12', ...IN)).toMatchObject({ file: 'api.p12', locked: false })
  })

  it('standard input', async () => {
    const { stdout } = await cred(['inspect', '-'], { input: readFileSync(join(cwd, 'api.crt')) })
    expect(stdout.toString()).toMatch(/^standard input: PEM: 1 certificate\n/)
    const empty = await cred(['inspect', '-'])
    expect(empty).toMatchObject({ code: 3, stderr: expect.stringMatching(/standard input is empty\n {2}\w/) })
  })

  it('says where others may read a key that is open', async () => {
    writeFileSync(join(cwd, 'for-all.key'), readFileSync(join(cwd, 'api.key')), { mode: 0o644 })
    const { stderr, code } = await cred(['inspect', 'for-all.key'])
    expect(stderr).toMatch(/^note: for-all.key holds a private key and can be read by others.*chmod 600/)
    expect(code).toBe(0)
  })

  it('what stands in a file does not drive the terminal', async () => {
    const key = await generateKey('P-256')
    const evil = 'x\x1b[31m\n\u202egnp.exe'
    const certificate = await issueTestCertificate({ key, subject: `CN=a\u202eb`, days: 3 })
    const p12 = await writePkcs12(
      { keys: [{ key, certificate, friendlyName: evil }] },
      { password: PASSWORD, iterations: 1000 },
    )
    writeFileSync(join(cwd, 'evil.p12'), p12)
    for (const args of [[], ['--json']]) {
      const shown = (await cred(['inspect', 'evil.p12', ...IN, ...args])).stdout.toString()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/)
    }
    expect((await json('inspect', 'evil.p12', ...IN)).keys[0].friendlyName).toBe(evil)
  })

  it.each([
    ['a wrong password', ['api.p12', '--password-file', 'wrong'], /^sealkit: api.p12: .*wrong password/],
    ['a JKS', ['keystore.jks'], /^sealkit: keystore.jks: .*JKS/],
    ['no known file', ['password'], /^sealkit: password: /],
    ['a folder', ['.'], /it is a directory/],
  ])('%s: exit code 3 and a sentence', async (_, args, message) => {
    const { code, stdout, stderr } = await cred(['inspect', ...args])
    expect(stderr).toMatch(message)
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: '' })
  })
})

describe('match', () => {
  it.each([
    ['key, certificate and request', ['api.key', 'api.crt', 'api.csr'], 0],
    ['PKCS#12 and an encrypted key', ['api.p12', 'encrypted.key', ...IN], 0],
    ['one of two keys', ['two.p12', 'other.key', ...IN], 0],
    ['a bundle and a key in it', ['both.pem', 'api.crt'], 0],
    ['two keys', ['api.key', 'other.key'], 1],
    ['a certificate and the key of another', ['other.key', 'api.crt'], 1],
    ['two that fit and one that does not', ['api.key', 'api.crt', 'ca.crt'], 1],
  ])('%s', async (_, args, code) => {
    const result = await cred(['match', ...args])
    expect(result.stdout.toString()).toMatch(
      code === 0 ? /^they belong together\n(.*\n)*= / : /^THEY DO NOT BELONG/,
    )
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: '' })
    expect(await json('match', ...args)).toMatchObject({ match: code === 0 })
  })

  it('needs the password', async () => {
    const { code, stderr } = await cred(['match', 'api.p12', 'api.key'])
    expect(stderr).toMatch(/a password for api.p12 is needed\n.*--password-file/)
    expect(code).toBe(3)
  })
})

describe('expires', () => {
  it.each([
    [['api.crt'], 0],
    [['api.crt', '--within', '41d'], 1],
    [['api.crt', '--within', '6w'], 1],
    [['api.crt', '--within', '5w'], 0],
    [['api.crt', '--within', '2m'], 1],
    [['ca.crt', '--within', '1y'], 1],
    [['ca.crt', 'expired.crt', '--within', '0d'], 1],
    [['api.p12', ...IN], 0],
  ])('%j gives %i', async (args, code) => {
    const result = await cred(['expires', ...args])
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: '' })
    expect(await json('expires', ...args)).toMatchObject({ good: code === 0 })
  })

  it('what ends first stands first, with its file', async () => {
    const { stdout } = await cred(['expires', 'ca.crt', 'api.crt', 'expired.crt'])
    const shown = stdout.toString().split('\n')
    expect(shown[0]).toMatch(/^EXPIRED .* 10 days ago {2}expired.crt: CN=old$/)
    expect(shown[1]).toMatch(/^ok .* 39 days left {2}api.crt: CN=api,O=Example$/)
    expect(shown[2]).toMatch(/^ok .* 364 days left {2}ca.crt: /)
  })

  it.each([
    ['a key alone', ['api.key'], /api.key: no certificate\n/],
    ['a file that is not there', ['api.crt', 'nothing'], /nothing: there is no such file/],
  ])('%s is an error', async (_, args, message) => {
    expect(await cred(['expires', ...args])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(message),
    })
  })
})

describe('keygen and csr', () => {
  it.each(['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'])(
    'a key of type %s, and a request for it',
    async (type) => {
      const name = `${type}.key`
      const args = ['--type', type, '--out', name, '--out-password-file', 'password']
      const { code, stderr } = await cred(['keygen', ...args])
      expect(stderr).toMatch(new RegExp(`^wrote ${name}: private key, .*key sha256 [0-9a-f]{64}\n$`))
      expect(code).toBe(0)
      expect(readFileSync(join(cwd, name), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY/)
      const request = await cred(['csr', '--key', name, ...IN, '--subject', 'CN=a', '--out', `${type}.csr`])
      expect(request).toMatchObject({ code: 0, stderr: `wrote ${type}.csr: certificate request\n` })
      expect(await cred(['match', name, `${type}.csr`, ...IN])).toMatchObject({ code: 0 })
    },
  )

  it('a request with a new key: names and usages as asked', async () => {
    const asked = ['--san', 'DNS:a.example', '--san', 'IP:192.0.2.1', '--key-usage', 'digitalSignature']
    const { code, stdout, stderr } = await cred([
      ...['csr', '--new-key', 'P-256', '--key-out', 'n.key', '--no-encrypt'],
      ...['--subject', 'CN=n,O=Bank', '--extended-key-usage', 'clientAuth', ...asked],
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'wrote n.key: private key, EC P-256\n' })
    writeFileSync(join(cwd, 'n.csr'), stdout)
    expect((await json('inspect', 'n.csr')).requests).toMatchObject([
      {
        subject: 'CN=n,O=Bank',
        subjectAltNames: ['DNS:a.example', 'IP:192.0.2.1'],
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['clientAuth'],
        signatureValid: true,
      },
    ])
    expect(await cred(['match', 'n.csr', 'n.key'])).toMatchObject({ code: 0 })
  })

  it('to renew, the names of the certificate are taken', async () => {
    const { stdout } = await cred(['csr', '--key', 'api.p12', ...IN])
    writeFileSync(join(cwd, 'renew.csr'), stdout)
    expect((await json('inspect', 'renew.csr')).requests).toMatchObject([
      { subject: 'CN=api,O=Example', subjectAltNames: ['DNS:api.example'] },
    ])
  })

  it.each([
    ['neither key', ['--subject', 'CN=a'], /one of --key and --new-key is needed/, 2],
    ['both', ['--key', 'api.key', '--new-key', 'P-256'], /one of --key and --new-key/, 2],
    [
      'no place for the key',
      ['--new-key', 'P-256', '--subject', 'CN=a'],
      /--new-key needs --key-out FILE/,
      2,
    ],
    ['no subject', ['--key', 'api.key'], /--subject is missing/, 2],
    [
      'no subject for a new key',
      ['--new-key', 'P-256', '--key-out', 'bad.key', '--no-encrypt'],
      /--subject is missing/,
      2,
    ],
    ['a subject that is none', ['--key', 'api.key', '--subject', 'api'], /\n {2}write a name as CN=/, 3],
    [
      'a usage that is none',
      ['--key', 'api.key', '--subject', 'CN=a', '--key-usage', 'digitalSignatur'],
      /did you mean digitalSignature\?/,
      2,
    ],
    [
      'a purpose that is none',
      ['--key', 'api.key', '--subject', 'CN=a', '--extended-key-usage', 'client'],
      /did you mean clientAuth\?/,
      2,
    ],
    [
      'a name that is none',
      ['--key', 'api.key', '--subject', 'CN=a', '--san', 'api.example'],
      /no alternative name\n {2}write DNS:/,
      3,
    ],
  ])('%s is an error', async (_, args, message, code) => {
    const result = await cred(['csr', ...args])
    expect(result.stderr).toMatch(message)
    expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' })
  })

  it('where the request cannot be made, no key is written', async () => {
    const args = ['--new-key', 'P-256', '--key-out', 'none.key', '--no-encrypt', '--subject', 'nonsense']
    expect((await cred(['csr', ...args])).code).toBe(3)
    expect(await shell('test -e none.key', { cwd })).toMatchObject({ code: 1 })
  })
})

describeUnless(noTerminal(), 'inspect on a terminal', () => {
  it('asks for the password', async () => {
    const steps = [{ after: 'show what lies open): ', type: `${PASSWORD}\r` }]
    const { code, shown } = await onTerminal('sealkit cred inspect api.p12', steps, { cwd })
    expect(shown).toMatch(/1 private key, 2 certificates/)
    expect(shown).not.toContain(PASSWORD)
    expect(code).toBe(0)
  })

  it('shows what lies open after Ctrl-D', async () => {
    const steps = [{ after: 'show what lies open): ', type: '\x04' }]
    const { code, shown } = await onTerminal('sealkit cred inspect api.p12', steps, { cwd })
    expect(shown).toMatch(/PKCS#12: .*locked/)
    expect(code).toBe(0)
  })

  it('colours, and does not where NO_COLOR says so', async () => {
    const plain = await onTerminal('sealkit cred inspect expired.crt', [], { cwd })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(plain.shown).not.toMatch(/\x1b/)
    const coloured = await onTerminal('sealkit cred inspect expired.crt', [], {
      cwd,
      env: { NO_COLOR: undefined },
    })
    expect(coloured.shown).toContain('\x1b[31mEXPIRED')
  })
})

describe('files over a limit', () => {
  it('name the option that raises the limit on iterations, and only for that one', async () => {
    const iterations = await cred(['inspect', 'api.p12', ...IN, '--max-iterations', '999'])
    expect(iterations.stderr.toString()).toContain('--max-iterations N raises the limit')
    const block = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'
    writeFileSync(join(cwd, 'many.pem'), block.repeat(1001))
    const blocks = await cred(['inspect', 'many.pem', '--no-password'])
    expect(blocks.code).not.toBe(0)
    expect(blocks.stderr.toString()).toContain('limits.maxBlocks of the library')
    expect(blocks.stderr.toString()).not.toContain('--max-iterations')
  })
})
