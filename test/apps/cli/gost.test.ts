/** GOST keys through the commands: made, shown, converted, matched, signed and verified with. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../scripts/build.mjs'
import { issueTestCertificate, readCredentials } from '../../../src/credentials/index.ts'
import { describeShared, shared, tempDir } from '../../support/tools.ts'
import { PASSWORD, type Result, sealkit } from './support/program.ts'

const cwd = tempDir()
const run = (...args: string[]): Promise<Result> => sealkit(args, { cwd })
const OUT = ['--out-password-file', 'password'] as const
const IN = ['--password-file', 'password'] as const

beforeAll(async () => {
  await build()
  writeFileSync(join(cwd, 'password'), `${PASSWORD}\n`, { mode: 0o600 })
  writeFileSync(join(cwd, 'token.txt'), 'the passport token')
})

async function good(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args)
  expect({ code, stderr }, args.join(' ')).toMatchObject({ code: 0 })
  return stdout.toString()
}

describe('a key of GOST3410-2012-256-A', () => {
  it('is made, certified, shown, converted, matched; it signs, and the signature verifies', async () => {
    await good('cred', 'keygen', '--type', 'GOST3410-2012-256-A', '--out', 'gost.key', ...OUT)
    const csr = await good('cred', 'csr', '--key', 'gost.key', ...IN, '--subject', 'CN=gost,O=Example')
    expect(csr).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/)
    writeFileSync(join(cwd, 'gost.csr'), csr)
    const { keys } = await readCredentials(readFileSync(join(cwd, 'gost.key')), { password: PASSWORD })
    const [{ key }] = keys as [(typeof keys)[0]]
    const certificate = await issueTestCertificate({ key, subject: 'CN=gost,O=Example', days: 40 })
    writeFileSync(join(cwd, 'gost.crt'), certificate.toPem())

    expect(await good('cred', 'inspect', 'gost.key', ...IN)).toContain('GOST 2012 256-bit A')
    expect(await good('cred', 'inspect', 'gost.csr')).toMatch(/good: its maker/)
    const shown = await good('cred', 'inspect', 'gost.crt')
    expect(shown).toContain('GOST 2012 256-bit A')
    expect(shown).toContain('GOST3410-2012-256 with Streebog-256')

    await good('cred', 'match', 'gost.key', 'gost.crt', 'gost.csr', ...IN)
    await good(
      'cred',
      'to-p12',
      '--key',
      'gost.key',
      '--cert',
      'gost.crt',
      '--out',
      'gost.p12',
      ...IN,
      ...OUT,
    )
    await good('cred', 'to-pem', 'gost.p12', '--out', 'gost.pem', '--no-encrypt', ...IN)
    expect(await good('cred', 'expires', 'gost.p12', ...IN)).toContain('CN=gost')

    const signature = await good('sign', '--key', 'gost.p12', ...IN, '--in', 'token.txt')
    writeFileSync(join(cwd, 'token.p7s'), signature)
    const judged = ['verify', '--signature', 'token.p7s', '--ca', 'gost.crt', '--content'] as const
    expect(await good(...judged, 'token.txt')).toContain('GOST3410-2012-256')
    writeFileSync(join(cwd, 'other.txt'), 'another token')
    expect((await run(...judged, 'other.txt')).code).toBe(1)
    await good('cred', 'verify', 'gost.crt', '--ca', 'gost.crt', '--purpose', 'any')
  })
})

describeShared('files locked by GOST ciphers', () => {
  it.each([
    ['gnutls-key-gost12-256-2-enc.p8.pem', 'GOST 28147-89'],
    ['pfx2020-cert-and-encrypted-key.pfx', 'Kuznyechik'],
  ])('%s: the cipher is named', async (file, cipher) => {
    const { code, stderr } = await run(
      'cred',
      'to-pem',
      shared('vectors', 'gost', file),
      ...IN,
      '--out',
      'x.pem',
    )
    expect(code).not.toBe(0)
    expect(stderr).toContain(cipher)
    expect(stderr).toMatch(/not supported/)
  })
})
