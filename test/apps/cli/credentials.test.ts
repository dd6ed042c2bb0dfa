/** Keys and certificates as a new user may give them: exit code 3, and the way out. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { validityNotes } from '../../../apps/cli/certificates.ts'
import { CliError, exitCodeFor, Interrupted } from '../../../apps/cli/errors.ts'
import { makeThrowAway } from '../../../apps/demo/throw-away.ts'
import { CmsError } from '../../../src/errors.ts'
import { SIGN, sealkit, shell, workFolder } from './support/program.ts'

let cwd: string
beforeAll(async () => {
  cwd = await workFolder()
  mkdirSync(join(cwd, 'folder'))
  writeFileSync(join(cwd, 'empty.pem'), '')
  writeFileSync(join(cwd, 'garbage.pem'), 'garbage')
  const { publicKey } = generateKeyPairSync('ed25519')
  writeFileSync(join(cwd, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
})

describe('is an error with exit code 3 and a hint', () => {
  it.each([
    ['no key file', ['--key', 'nothing.pem'], /^sealkit: nothing\.pem: there is no such file\n {2}\S/],
    ['a folder', ['--key', 'folder'], /^sealkit: folder: it is a directory\n {2}\S/],
    ['an empty file', ['--key', 'empty.pem'], /^sealkit: empty\.pem is empty\n {2}\S/],
    ['garbage', ['--key', 'garbage.pem'], /^sealkit: .+\n {2}\S/],
    ['a public key', ['--key', 'public.pem'], /^sealkit: .*a public key.*\n {2}\S/],
    ['a certificate', ['--key', 'cert.pem'], /^sealkit: .*a certificate.*\n {2}\S/],
    [
      'a key without its certificate',
      ['--key', 'key.pem'],
      /no certificate beside the private key\n.*--cert/,
    ],
    [
      'the certificate of another key',
      ['--key', 'key.pem', '--cert', 'other.pem'],
      /the certificate is not the private key's/,
    ],
    [
      'no certificate file',
      ['--key', 'key.pem', '--cert', 'nothing.pem'],
      /^sealkit: nothing\.pem: there is no such file/,
    ],
    [
      'no chain file',
      ['--key', 'both.pem', '--chain', 'nothing.pem'],
      /^sealkit: nothing\.pem: there is no such file/,
    ],
    [
      'a token',
      ['--key', 'pkcs11:token=x;object=y?pin-value=7391'],
      /^sealkit: (no token fits the URI|no PKCS#11 module was found|keys in tokens need the package pkcs11js)/,
    ],
    ['Validata', ['--key', 'validata:profile=7391'], /^sealkit: none of Validata's tools is on PATH/],
    ['an unknown scheme', ['--key', 'https://x/7391'], /no provider for https: keys/],
    ['a file: URI that is none', ['--key', 'file://host/7391'], /not a file: URI of a file on this machine/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await sealkit(['sign', ...args, '--in', 'token.txt'], { cwd })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('7391')
    expect({ code, stdout: stdout.length }).toEqual({ code: 3, stdout: 0 })
  })
})

describe('what the user should know', () => {
  it('is noted: a certificate that is not valid now', async () => {
    const { certificate } = await makeThrowAway('Throw-away')
    const day = 24 * 3_600_000
    expect(validityNotes(certificate)).toEqual([])
    expect(validityNotes(certificate, new Date(Date.now() + 2 * day))).toEqual([
      expect.stringMatching(
        /^the certificate expired on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: others will refuse/,
      ),
    ])
    expect(validityNotes(certificate, new Date(Date.now() - 2 * day))).toEqual([
      expect.stringMatching(/^the certificate is not valid before \d{4}/),
    ])
  })

  it.runIf(process.platform !== 'win32')('is noted: a key that others may read', async () => {
    const { stderr, code } = await shell(`chmod 644 key.pem; sealkit ${SIGN.join(' ')} --in token.txt`, {
      cwd,
    })
    expect(stderr).toMatch(
      /^note: key\.pem holds a (.*) key and can be read by others \(mode 0644\): chmod 600 key\.pem\n$/,
    )
    expect(code).toBe(0)
  })
})

describe('exit codes', () => {
  it('follow from the error', () => {
    expect(exitCodeFor(new CliError('ERR_CLI_USAGE', ''))).toBe(2)
    expect(exitCodeFor(new CmsError('ERR_CMS_ATTRIBUTE', ''))).toBe(3)
    expect(exitCodeFor(new Interrupted())).toBe(130)
    expect(exitCodeFor(new TypeError('a fault of ours'))).toBe(70)
  })

  it('SEALKIT_DEBUG=1 shows where an error comes from', async () => {
    const line = `SEALKIT_DEBUG=1 sealkit sign --key nothing.pem 2>&1 | grep -c '^ *at '`
    expect(Number((await shell(line, { cwd })).stdout)).toBeGreaterThan(2)
  })
})
