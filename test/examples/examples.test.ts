/** Each program in examples/ is run as a user would run it, beside the built package. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../scripts/build.mjs'
import { run } from '../interop/support/run.ts'
import { addToken, docsFolder } from '../project/support/docs-folder.ts'
import { describeWith, root } from '../support/tools.ts'

const programs = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.mjs'))

describeWith('openssl', 'examples', () => {
  let folder: string
  let token: Buffer

  beforeAll(async () => {
    await build()
    folder = await docsFolder()
    for (const name of programs) copyFileSync(join(root, 'examples', name), join(folder, name))
    token = readFileSync(join(folder, 'token.txt'))
  })

  const example = async (name: string, args: string[], input?: Uint8Array) =>
    await run(process.execPath, [name, ...args], { cwd: folder, ...(input && { input }) })

  /** Strict about what these programs promise: one line of base64, accepted by OpenSSL over the token. */
  async function expectSignature(stdout: Buffer): Promise<void> {
    expect(stdout.toString()).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
    writeFileSync(join(folder, 'signature.der'), Buffer.from(stdout.toString(), 'base64'))
    const args = [
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'signature.der',
      '-content',
      'token.txt',
    ]
    const { status, stderr } = await run('openssl', [...args, '-CAfile', 'cert.pem', '-purpose', 'any'], {
      cwd: folder,
    })
    expect(status, stderr.toString()).toBe(0)
  }

  for (const name of ['sign-token.mjs', 'two-phase.mjs', 'own-key-signer.mjs']) {
    it(`${name} signs`, async () => {
      const { status, stdout, stderr } = await example(name, ['key.pem', 'cert.pem'], token)
      expect(status, stderr.toString()).toBe(0)
      await expectSignature(stdout)
    })
  }

  it('verify-report.mjs accepts the signature and refuses another content', async () => {
    const { stdout } = await example('sign-token.mjs', ['key.pem', 'cert.pem'], token)
    writeFileSync(join(folder, 'signature.b64'), stdout)
    const good = await example('verify-report.mjs', ['signature.b64', 'token.txt', 'cert.pem'])
    expect(good.stdout.toString()).toMatch(/^valid: CN=Throw-away signer,O=Example\n/)
    expect(good.status).toBe(0)
    writeFileSync(join(folder, 'other.txt'), 'another content')
    const bad = await example('verify-report.mjs', ['signature.b64', 'other.txt', 'cert.pem'])
    expect(bad.stdout.toString()).toContain('message-digest: failed')
    expect(bad.status).toBe(1)
  })

  it('many-at-once.mjs makes a hundred different signatures', async () => {
    const { stdout, status } = await example('many-at-once.mjs', ['key.pem', 'cert.pem'])
    expect(stdout.toString()).toBe('100 signatures, 100 different\n')
    expect(status).toBe(0)
  })

  it('pem-to-p12.mjs makes a file that OpenSSL opens, and replaces none', async () => {
    const env = { P12_PASSWORD: 'of the example' }
    const make = () =>
      run(process.execPath, ['pem-to-p12.mjs', 'key.pem', 'cert.pem', 'api.p12'], { cwd: folder, env })
    const { status, stdout, stderr } = await make()
    expect(status, stderr.toString()).toBe(0)
    expect(stdout.toString()).toBe('api.p12: RSA 2048, CN=Throw-away signer,O=Example\n')
    const args = ['pkcs12', '-in', 'api.p12', '-passin', 'env:P12_PASSWORD', '-nodes', '-nocerts']
    const opened = await run('openssl', args, { cwd: folder, env })
    expect(opened.stdout.toString()).toContain(readFileSync(join(folder, 'key.pem'), 'utf8').trim())
    expect((await make()).stderr.toString()).toContain('ERR_CREDENTIAL_EXISTS')
  })

  it('watch-expiry.mjs says what ends soon', async () => {
    const soon = await example('watch-expiry.mjs', ['60', 'cert.pem'])
    expect(soon.stdout.toString()).toBe('expiring 29 days: CN=Throw-away signer,O=Example\n')
    expect(soon.status).toBe(1)
    const later = await example('watch-expiry.mjs', ['10', 'cert.pem'])
    expect(later.status, later.stderr.toString()).toBe(0)
  })

  it('every program is listed in examples/README.md', () => {
    const readme = readFileSync(join(root, 'examples/README.md'), 'utf8')
    expect(programs.filter((name) => !readme.includes(`](${name})`))).toEqual([])
    expect(programs).toHaveLength(12)
  })
})

describeWith(['openssl', 'pkcs11js', 'softhsm'], 'examples with a token', () => {
  it('sign-with-card.mjs signs, and OpenSSL agrees', async () => {
    await build()
    const folder = await docsFolder()
    await addToken(folder)
    copyFileSync(join(root, 'examples/sign-with-card.mjs'), join(folder, 'sign-with-card.mjs'))
    const args = ['sign-with-card.mjs', 'pkcs11:token=Trader;object=signing']
    const env = { SOFTHSM2_CONF: join(folder, 'softhsm2.conf'), PIN_FILE: join(folder, 'pin') }
    const input = readFileSync(join(folder, 'token.txt'))
    const { status, stdout, stderr } = await run(process.execPath, args, { cwd: folder, env, input })
    expect(status, stderr.toString()).toBe(0)
    expect(stderr.toString()).toMatch(/^RSASSA-PKCS1-v1_5 key of CN=Trader,O=Example in pkcs11:token=Trader;/)
    writeFileSync(join(folder, 'card.der'), Buffer.from(stdout.toString(), 'base64'))
    const verify = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'card.der', '-content', 'token.txt']
    const judged = await run(
      'openssl',
      [...verify, '-CAfile', 'signing.pem', '-partial_chain', '-purpose', 'any'],
      {
        cwd: folder,
      },
    )
    expect(judged.status, judged.stderr.toString()).toBe(0)
  })
})
