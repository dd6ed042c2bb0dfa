/** sealkit cred convert, to-p12, to-pem, truststore: as users call them, judged by OpenSSL and keytool. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { der, readDer } from '../../../src/asn1/index.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeUnless, describeWith } from '../../support/tools.ts'
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
const OUT = ['--out-password-file', 'password'] as const
const cred = (args: readonly string[], options: RunOptions = {}) =>
  sealkit(['cred', ...args], { cwd, ...options })
const mode = (name: string): number => statSync(join(cwd, name)).mode & 0o777
const text = (name: string): string => readFileSync(join(cwd, name), 'utf8')

/** Runs a command that must succeed, and gives what it said. */
async function good(...args: string[]): Promise<string> {
  const { code, stderr } = await cred(args)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return stderr
}

describe('convert', () => {
  it('a PEM file by the convention becomes PKCS#12 beside it, named after it', async () => {
    const said = await good('convert', 'ocapi-a000012345_00012345-ssl.pem', ...OUT)
    expect(said).toBe('wrote ocapi-a000012345_00012345-ssl.p12: 1 private key, 2 certificates\n')
    expect(mode('ocapi-a000012345_00012345-ssl.p12')).toBe(0o600)
    const { stdout } = await cred(['inspect', 'ocapi-a000012345_00012345-ssl.p12', ...IN, '--json'])
    const { keys, certificates } = JSON.parse(stdout.toString())
    expect(keys).toHaveLength(1)
    expect(keys[0].friendlyName).toBe('ocapi-a000012345_00012345-ssl')
    expect(certificates.map(({ sha256 }: { sha256: string }) => sha256)).toEqual([
      made.certificate.fingerprint(),
      made.ca.fingerprint(),
    ])
  })

  it('PKCS#12 becomes PEM, and the key stays encrypted', async () => {
    expect(await good('convert', 'api.p12', 'there.pem', ...IN, ...OUT)).toMatch(/^wrote there.pem/)
    expect(text('there.pem')).toMatch(/-----BEGIN ENCRYPTED PRIVATE KEY-----/)
    expect(text('there.pem').match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect(mode('there.pem')).toBe(0o600)
  })

  it('without a password for it, it is not made, and the way out is said', async () => {
    const { code, stderr } = await cred(['convert', 'api.p12', 'open.pem', ...IN])
    expect(code).toBe(3)
    expect(stderr).toMatch(/a password for open.pem is needed\n.*--out-password-file.*--no-encrypt/)
    expect(existsSync(join(cwd, 'open.pem'))).toBe(false)
    expect(await good('convert', 'api.p12', 'open.pem', ...IN, '--no-encrypt')).toMatch(/is not encrypted/)
    expect(text('open.pem')).toMatch(/-----BEGIN PRIVATE KEY-----/)
    expect(mode('open.pem')).toBe(0o600)
  })

  it('there and back the key and the certificates are the same', async () => {
    await good('convert', 'both.pem', 'round.p12', ...OUT)
    await good('convert', 'round.p12', 'round.pem', ...IN, '--no-encrypt')
    expect(text('round.pem')).toBe(text('both.pem'))
  })

  it.each([
    ['.crt: the certificates alone', 'part.crt', /^-----BEGIN CERTIFICATE/, /PRIVATE/],
    ['.key: the key alone', 'part.key', /^-----BEGIN PRIVATE KEY/, /CERTIFICATE/],
  ])('%s', async (_, name, holds, lacks) => {
    await good('convert', 'api.p12', name, ...IN, '--no-encrypt')
    expect(text(name)).toMatch(holds)
    expect(text(name)).not.toMatch(lacks)
  })

  it('reads standard input and writes to a pipe', async () => {
    const line = 'sealkit cred convert - - --to p12 --out-password-file password < both.pem > piped.p12'
    expect(await shell(line, { cwd })).toMatchObject({ code: 0, stderr: '' })
    expect(await good('inspect', 'piped.p12', ...IN)).toBe('')
  })

  it('replaces nothing without --force', async () => {
    writeFileSync(join(cwd, 'taken.p12'), 'something')
    const { code, stderr } = await cred(['convert', 'both.pem', 'taken.p12', ...OUT])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'sealkit: taken.p12 exists\n  replace it with --force\n',
    })
    expect(text('taken.p12')).toBe('something')
    await good('convert', 'both.pem', 'taken.p12', ...OUT, '--force')
    expect(mode('taken.p12')).toBe(0o600)
  })
})

describe('to-p12', () => {
  it.each([
    ['from two files', ['--key', 'api.key', '--cert', 'api.crt', '--chain', 'ca.crt']],
    ['in any order', ['ca.crt', 'api.crt', 'api.key']],
    ['with a certificate twice', ['both.pem', 'api.crt']],
    ['from an encrypted key', ['--key', 'encrypted.key', '--cert', 'api.crt', '--chain', 'ca.crt', ...IN]],
  ])('%s', async (title, args) => {
    const name = `${title.replaceAll(' ', '-')}.p12`
    expect(await good('to-p12', ...args, '--out', name, ...OUT)).toContain('1 private key, 2 certificates')
  })

  it('a descriptor gives the password for several files', async () => {
    const files = '--key encrypted.key two.p12 --choose 1 --out several.p12'
    const line = `sealkit cred to-p12 ${files} --password-fd 3 --out-password-file password 3< password`
    expect(await shell(line, { cwd })).toMatchObject({ code: 0 })
  })

  it('algorithms and iterations as asked', async () => {
    const asked = ['--encryption', 'aes128', '--mac', 'pbmac1', '--iterations', '2000', '--name', 'my key']
    await good('to-p12', 'both.pem', '--out', 'asked.p12', ...asked, ...OUT)
    const { stdout } = await cred(['inspect', 'asked.p12', ...IN, '--json'])
    const { protection, keys } = JSON.parse(stdout.toString())
    expect(protection.mac).toMatchObject({ algorithm: 'PBMAC1 HMAC-SHA-256', iterations: 2000 })
    expect(protection.encryption).toMatchObject([{ algorithm: 'PBES2 AES-128-CBC', iterations: 2000 }])
    expect(keys[0].friendlyName).toBe('my key')
  })

  it('keeps several keys, or takes the one that is chosen', async () => {
    expect(await good('to-p12', 'two.p12', '--out', 'still-two.p12', ...IN, ...OUT)).toContain(
      '2 private keys',
    )
    for (const choice of ['2', 'second']) {
      await good('to-p12', 'two.p12', '--out', `one-${choice}.p12`, '--choose', choice, ...IN, ...OUT)
      const { stdout } = await cred(['inspect', `one-${choice}.p12`, ...IN, '--json'])
      const names = JSON.parse(stdout.toString()).keys.map(
        (key: { friendlyName: string }) => key.friendlyName,
      )
      expect(names).toEqual(['second'])
    }
  })
})

describe('what goes wrong is said in a sentence, with the way out', () => {
  it.each([
    [
      'a wrong password',
      ['convert', 'api.p12', 'w.pem', '--password-file', 'wrong', ...OUT],
      /^sealkit: api.p12: .*wrong password/,
      3,
    ],
    [
      'a certificate without key',
      ['to-p12', 'api.crt', '--out', 'w.p12', ...OUT],
      /^sealkit: api.crt: certificates and no private key\n.*--key KEY/,
      3,
    ],
    [
      'a key without certificate',
      ['to-p12', 'api.key', '--out', 'w.p12', ...OUT],
      /^sealkit: api.key: a private key and no certificate\n.*--cert/,
      3,
    ],
    [
      'the key of another certificate',
      ['to-p12', '--key', 'other.key', '--cert', 'api.crt', '--out', 'w.p12', ...OUT],
      /the private key \(EC P-256\) is not the key of .*CN=api/,
      3,
    ],
    [
      'two keys in PEM',
      ['to-p12', 'two-keys.pem', 'api.crt', '--out', 'w.p12', ...OUT],
      /two-keys.pem.*--choose/s,
      3,
    ],
    [
      'two keys for one PEM file',
      ['to-pem', 'two.p12', '--out', 'w.pem', ...IN, ...OUT],
      /2 private keys.*\n.*--choose: 1 \(first\), 2 \(second\)/,
      3,
    ],
    [
      'an empty password for what is made',
      ['convert', 'both.pem', 'w.p12', '--out-password-env', 'EMPTY'],
      /the password for w.p12 is empty/,
      3,
    ],
    [
      'a key that there is not',
      ['to-pem', 'two.p12', '--out', 'w.pem', '--choose', '3', ...IN],
      /no key that --choose/,
      3,
    ],
    ['a JKS', ['convert', 'keystore.jks', 'w.pem'], /keystore.jks.*JKS.*\n.*keytool -importkeystore/, 3],
    ['a JKS to be made', ['convert', 'both.pem', 'w.jks', ...OUT], /JKS.*\n.*FILE.p12/, 2],
    ['a directory', ['convert', '.', 'w.pem'], /^sealkit: \.: it is a directory/, 3],
    ['an empty file', ['convert', 'empty.pem', 'w.p12'], /empty.pem is empty/, 3],
    ['no such file', ['convert', 'nothing.pem', 'w.p12'], /nothing.pem: there is no such file/, 3],
    [
      'swapped arguments',
      ['convert', 'new.p12', 'both.pem'],
      /the file to convert stands first: sealkit cred convert both.pem new.p12/,
      2,
    ],
    ['a name that says nothing', ['convert', 'both.pem', 'w.txt'], /w.txt does not say.*\n.*--to/, 2],
    ['no folder', ['convert', 'both.pem', 'no/w.p12', ...OUT], /there is no folder no/, 3],
    ['JSON as a key', ['convert', 'password', 'w.p12'], /^sealkit: password: /, 3],
    [
      'a password that Java would not take',
      ['to-p12', 'both.pem', '--out', 'w.p12', '--profile', 'java', '--out-password-env', 'P'],
      /Java up to 17.*\n.*ASCII/,
      3,
    ],
    [
      'PKCS#12 where a signing key is wanted',
      ['csr', '--key', 'api.crt', '--subject', 'CN=a'],
      /api.crt: no private key/,
      3,
    ],
  ])('%s', async (_, args, message, code) => {
    const result = await cred(args, { env: { P: 'Пароль', EMPTY: '' } })
    expect(result.stderr).toMatch(message)
    expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' })
    for (const name of ['w.p12', 'w.pem', 'w.jks', 'w.txt']) expect(existsSync(join(cwd, name))).toBe(false)
  })

  it('no permission to read', async () => {
    writeFileSync(join(cwd, 'secret.pem'), 'x')
    chmodSync(join(cwd, 'secret.pem'), 0)
    const { stderr } = await cred(['convert', 'secret.pem', 'w.p12'], { withoutRootsRights: true })
    expect(stderr).toMatch(/secret.pem: no permission to read it/)
  })

  it('a file without MAC is taken only when asked to', async () => {
    const path = join(cwd, 'no-mac.p12')
    writeFileSync(path, withoutMac(readFileSync(join(cwd, 'api.p12'))))
    const refused = await cred(['convert', 'no-mac.p12', 'm.pem', ...IN, '--no-encrypt'])
    expect(refused.stderr).toMatch(/no-mac.p12.*MAC.*\n.*--allow-missing-mac/)
    expect(refused.code).toBe(3)
    expect(
      await good('convert', 'no-mac.p12', 'm.pem', ...IN, '--no-encrypt', '--allow-missing-mac'),
    ).toMatch(/no MAC/)
    expect(await good('inspect', 'no-mac.p12', ...IN)).toBe('')
  })
})

/** The same PFX without its last field. */
function withoutMac(p12: Uint8Array): Uint8Array {
  const root = readDer(p12, '', (r) =>
    r.sequence('', (s) => [s.element('version'), s.element('authSafe'), s.element('macData')]),
  )
  return der.sequence(root.slice(0, 2).map(({ bytes }) => bytes))
}

describe('truststore', () => {
  it('takes certificates only, each under an alias', async () => {
    await good('truststore', 'ca.crt', 'api.crt', '--out', 'trust.p12', '--alias', 'root', ...OUT)
    const { stdout } = await cred(['inspect', 'trust.p12', ...IN, '--json'])
    const { certificates, keys } = JSON.parse(stdout.toString())
    expect(keys).toEqual([])
    expect(certificates).toMatchObject([
      { friendlyName: 'root', trusted: true },
      { friendlyName: 'api', trusted: true },
    ])
  })

  it('leaves keys out, and says so', async () => {
    expect(await good('truststore', 'both.pem', '--out', 'trust2.p12', ...OUT)).toMatch(/left out/)
  })
})

describeWith('openssl', 'OpenSSL reads what is made', () => {
  it.each(['modern', 'java', 'legacy'])('profile %s', async (profile) => {
    await good(
      'to-p12',
      'both.pem',
      '--out',
      `${profile}.p12`,
      '--profile',
      profile,
      '--iterations',
      '2000',
      ...OUT,
    )
    const legacy = profile === 'legacy' ? ['-legacy'] : []
    const args = ['pkcs12', '-in', `${profile}.p12`, '-passin', 'file:password', '-nodes', ...legacy]
    const { stdout } = await mustRun('openssl', args, { cwd })
    const key = text('api.key').replace(/\s/g, '')
    expect(stdout.toString().replace(/\s/g, '')).toContain(key)
  })
  it('an encrypted key, with PBKDF2 and with scrypt', async () => {
    for (const kdf of ['pbkdf2', 'scrypt']) {
      await good('to-pem', 'api.p12', '--key-only', '--kdf', kdf, '--out', `${kdf}.key`, ...IN, ...OUT)
      const { stdout } = await mustRun('openssl', ['pkey', '-in', `${kdf}.key`, '-passin', 'file:password'], {
        cwd,
      })
      expect(stdout.toString()).toBe(text('api.key'))
    }
  })
})

describeWith('java', 'Java lists the truststore', () => {
  it('every certificate is a trustedCertEntry', async () => {
    await good('truststore', 'ca.crt', 'api.crt', '--out', 'for-java.p12', ...OUT)
    const args = ['-list', '-keystore', 'for-java.p12', '-storepass:file', 'password']
    const { stdout } = await mustRun('keytool', args, { cwd })
    expect(stdout.toString().match(/trustedCertEntry/g)).toHaveLength(2)
  })
})

describeUnless(noTerminal(), 'on a terminal', () => {
  it('a new password is asked for twice, and is not shown', async () => {
    const steps = [
      { after: 'New password for term.p12: ', type: `${PASSWORD}\r` },
      { after: 'The same again: ', type: `${PASSWORD}\r` },
    ]
    const { code, shown } = await onTerminal('sealkit cred convert both.pem term.p12', steps, { cwd })
    expect({ code, shown }).toMatchObject({ code: 0 })
    expect(shown).not.toContain(PASSWORD)
    await good('inspect', 'term.p12', ...IN)
  })

  it('until the two are the same, three times at most', async () => {
    const pair = [
      { after: 'New password for never.p12: ', type: 'one\r' },
      { after: 'The same again: ', type: 'two\r' },
    ]
    const steps = [
      ...pair,
      { after: 'not the same', type: '' },
      ...pair,
      { after: 'New password', type: '\r' },
    ]
    const { code, shown } = await onTerminal('sealkit cred convert both.pem never.p12', steps, { cwd })
    expect(shown).toMatch(/empty password.*no password for never.p12 was given/s)
    expect(code).toBe(3)
    expect(existsSync(join(cwd, 'never.p12'))).toBe(false)
  })

  it('the password of the file that is read, then that of the new one', async () => {
    const steps = [
      { after: 'Password for api.p12: ', type: `${PASSWORD}\r` },
      { after: 'New password for both-asked.pem: ', type: 'new\r' },
      { after: 'The same again: ', type: 'new\r' },
    ]
    const { code } = await onTerminal('sealkit cred convert api.p12 both-asked.pem', steps, { cwd })
    expect(code).toBe(0)
  })

  it('shows neither binary nor an open key', async () => {
    const binary = 'sealkit cred convert both.pem - --to p12 --out-password-file password'
    expect(await onTerminal(binary, [], { cwd })).toMatchObject({
      code: 2,
      shown: expect.stringMatching(/binary/),
    })
    const open = 'sealkit cred to-pem both.pem --out -'
    const { code, shown } = await onTerminal(open, [], { cwd })
    expect(shown).toMatch(/not shown on a terminal/)
    expect(shown).not.toMatch(/BEGIN PRIVATE/)
    expect(code).toBe(2)
  })
})
