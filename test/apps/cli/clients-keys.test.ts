/** The same token by other keys and files: tokens, Validata, PKCS#12, encrypted; and what is asked for on a terminal. */
import { createPrivateKey } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mustRun } from '../../interop/support/run.ts'
import { openSoftHsm, userPin } from '../../providers/pkcs11/support/softhsm.ts'
import { PIN, rsaStandIn } from '../../providers/validata/support/stand-in.ts'
import { describeUnless, describeWith } from '../../support/tools.ts'
import { CLIENT_SECRET, expectNoToken, type Platforms, startPlatforms, USER } from './support/platforms.ts'
import { PASSWORD, type Result } from './support/program.ts'
import { noTerminal, onTerminal } from './support/terminal.ts'

/** What takes a line away again. */
const CLEAR = '\r\u001b[K'

let platforms: Platforms
beforeAll(async () => {
  platforms = await startPlatforms()
}, 300_000)
afterAll(() => platforms[Symbol.asyncDispose]())
afterEach(() => {
  for (const { faults } of [platforms.moex, platforms.clearstream]) {
    for (const name of Object.keys(faults)) delete (faults as Record<string, unknown>)[name]
  }
})

function put(name: string, content: string | Uint8Array): void {
  writeFileSync(join(platforms.folder, name), content, { mode: 0o600 })
}

function expectToken({ code, stderr, stdout }: Result): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.toString()).toMatch(/^eyJ[\w.-]+\n$/)
}

describe('encrypted files', () => {
  test('the key of a signature', async () => {
    const key = createPrivateKey(readFileSync(join(platforms.folder, 'key.pem'))).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: PASSWORD,
    })
    put('encrypted.pem', String(key))
    const args = ['moex', 'token', '--no-store', '--key', 'encrypted.pem']
    expectToken(await platforms.run([...args, '--key-password-file', 'password']))
    const without = await platforms.run(args)
    expect(without.code).toBe(3)
    expect(without.stderr).toContain('password of the key')
    put('wrong', 'Zq9x7')
    const wrong = await platforms.run([...args, '--key-password-file', 'wrong'])
    expect(wrong.code).toBe(3)
    expect(wrong.stderr).not.toContain('Zq9x7')
  })

  test.each(['modern', 'legacy'] as const)('%s PKCS#12 of mutual TLS, by its convention', async (profile) => {
    const { p12 } = await platforms.clearstream.issueConsumer(USER)
    const folder = `p12-${profile}`
    mkdirSync(join(platforms.folder, folder), { mode: 0o700 })
    put(`${folder}/ocapi-${USER}-ssl.p12`, await p12(PASSWORD, profile))
    put(`${folder}/ocapi-${USER}-cacert.pem`, platforms.clearstream.ca)
    const args = ['clearstream', 'token', '--no-store', '--credentials', folder]
    const { code, stdout } = await platforms.run([...args, '--key-password-file', 'password'])
    expect(code).toBe(0)
    expect(stdout.toString()).toMatch(/^eyJ/)
  })

  test('a certificate that ends soon is warned of, one of another user too', async () => {
    const { pem } = await platforms.clearstream.issueConsumer(USER)
    put('soon.pem', pem)
    const soon = await platforms.run([
      ...['clearstream', 'info', '--no-store', '--certificate', 'soon.pem', '--warn-days', '3650'],
    ])
    expect(soon.code).toBe(0)
    expect(soon.stderr).toMatch(/^note: the client certificate ends on \d{4}-\d\d-\d\d/)
    const other = await platforms.clearstream.issueConsumer('b000099999_00099999')
    put('other.pem', other.pem)
    const result = await platforms.run(['clearstream', 'info', '--no-store', '--certificate', 'other.pem'])
    expect(result.code).toBe(4)
    expect(result.stderr).toContain('note: the client certificate is for b000099999_00099999')
  })

  test('no certificate of theirs: exit code 3', async () => {
    const args = ['clearstream', 'info', '--no-store', '--certificate', 'both.pem']
    put(
      'both.pem',
      readFileSync(join(platforms.folder, 'key.pem'), 'utf8') +
        readFileSync(join(platforms.folder, 'cert.pem'), 'utf8'),
    )
    const result = await platforms.run(args)
    expect(result.code).toBe(3)
    expect(result.stderr).toMatch(/client certificate/)
  })
})

describeWith('openssl', 'validata: keys', () => {
  test('moex token by the stand-in for its programs', async () => {
    const standIn = await rsaStandIn()
    const tool = standIn.install('rpki1utl')
    const key = `validata:profile=Ivanov;tool=${tool};temporary-folder=${standIn.temporaryFolder};output-wait=200ms`
    const certificate = readFileSync(standIn.certificate, 'utf8')
    platforms.moex.addUser({ login: 'ivanov', password: PASSWORD, certificates: [certificate] })
    // The certificate of the profile belongs to another key.
    const config = readFileSync(join(platforms.folder, 'config/sealkit/config.toml'), 'utf8')
    put('validata.toml', config.replace(/^(key|certificate) = .*\n/gm, ''))
    const args = [
      'moex',
      'token',
      '--no-store',
      '--config',
      'validata.toml',
      '--login',
      'ivanov',
      '--key',
      key,
    ]
    const result = await platforms.run(args, { env: standIn.environment() })
    expectToken(result)
    expect(result.stderr + result.stdout.toString()).not.toContain(PIN)
  })
})

describeWith(['pkcs11js', 'softhsm', 'openssl'], 'keys in a token', () => {
  test('moex token by SoftHSM2, the PIN from a file', async () => {
    const softHsm = openSoftHsm()
    await softHsm.addToken('Trader')
    put('pin', `${userPin}\n`)
    const env = { ...softHsm.env, SEALKIT_PKCS11_MODULE: softHsm.module }
    const keygen = ['pkcs11', 'keygen', 'pkcs11:token=Trader', '--label', 'signing', '--type', 'RSA-2048']
    const made = await platforms.run([...keygen, '--pin-file', 'pin'], { env })
    expect({ code: made.code, stderr: made.stderr }).toMatchObject({ code: 0 })
    const uri = made.stdout.toString().trim()
    const csr = [
      'cred',
      'csr',
      '--key',
      uri,
      '--subject',
      'CN=trader',
      '--out',
      'trader.csr',
      '--pin-file',
      'pin',
    ]
    expect(await platforms.run(csr, { env })).toMatchObject({ code: 0 })
    const { folder } = platforms
    const sign = ['x509', '-req', '-in', 'trader.csr', '-CA', 'cert.pem', '-CAkey', 'key.pem', '-days', '30']
    await mustRun('openssl', [...sign, '-out', 'trader.pem'], { cwd: folder })
    const certificate = readFileSync(join(folder, 'trader.pem'), 'utf8')
    platforms.moex.addUser({ login: 'trader', password: PASSWORD, certificates: [certificate] })
    const args = [
      'moex',
      'token',
      '--no-store',
      '--login',
      'trader',
      '--key',
      uri,
      '--certificate',
      'trader.pem',
    ]
    expectToken(await platforms.run([...args, '--pin-file', 'pin'], { env }))
    const without = await platforms.run(args, { env })
    expect(without.code).toBe(3)
    expect(without.stderr).toContain('needs a PIN')
    expect(without.stderr).not.toContain(userPin)
  })
})

describeUnless(noTerminal(), 'on a terminal', () => {
  test('secrets that nothing names are asked for, each once, without echo', async () => {
    const config = readFileSync(join(platforms.folder, 'config/sealkit/config.toml'), 'utf8')
    put('asking.toml', config.replace(/^(password|client-secret) = .*\n/gm, ''))
    const { code, shown } = await onTerminal(
      'sealkit moex token --no-store --config asking.toml > asked.txt',
      [
        { after: 'Client secret of profile m: ', type: `${CLIENT_SECRET}\n` },
        { after: 'Password of profile m: ', type: `${PASSWORD}\n` },
      ],
      { cwd: platforms.folder, env: platforms.env },
    )
    expect({ code, shown }).toMatchObject({ code: 0 })
    expect(shown).not.toContain(PASSWORD)
    expect(shown).not.toContain(CLIENT_SECRET)
    expect(shown).toMatch(/token for jane \(bank-app\) at localhost:\d+; it ends /)
    expect(readFileSync(join(platforms.folder, 'asked.txt'), 'utf8')).toMatch(/^eyJ[\w.-]+\n$/)
  })

  test('Ctrl-C at the question', async () => {
    const { code } = await onTerminal(
      'sealkit moex token --no-store --config asking.toml',
      [{ after: 'Client secret of profile m: ', type: '\u0003' }],
      { cwd: platforms.folder, env: platforms.env },
    )
    expect(code).toBe(130)
  })

  test('what takes long is told, and the line goes away', async () => {
    Object.assign(platforms.clearstream.faults, { slow: { milliseconds: 2500 }, paths: ['/authmanager'] })
    const { code, shown } = await onTerminal('sealkit clearstream info --no-store', [], {
      cwd: platforms.folder,
      env: platforms.env,
    })
    expect({ code, shown }).toMatchObject({ code: 0 })
    expect(shown).toMatch(/waiting for the playground \.\.\. \d s/)
    expect(shown).toContain(CLEAR)
    expectNoToken({ code, signal: null, stdout: Buffer.of(), stderr: shown })
  })

  test('an answer drives no terminal', async () => {
    const { shown } = await onTerminal(
      `printf '\\033[31mred' | sealkit moex call POST ${platforms.moex.apiUrl}/echo --data-file - -H 'Content-Type: text/plain'`,
      [],
      { cwd: platforms.folder, env: platforms.env },
    )
    expect(shown).not.toContain('\u001b[31m')
    expect(shown).toContain('red')
  })
})
