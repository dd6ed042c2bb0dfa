/** `sealkit config`, run as its users do. */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/config/index.ts'
import { tempDir } from '../../support/tools.ts'
import { PASSWORD, type RunOptions, sealkit, workFolder } from './support/program.ts'

let work: string
beforeAll(async () => {
  work = await workFolder()
})

/** Runs in a home of its own, so that no configuration of this machine counts. */
async function config(
  args: readonly string[],
  { file, env, ...options }: RunOptions & { file?: string; env?: Record<string, string> } = {},
) {
  const home = tempDir()
  const where = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_CONFIG_DIRS: join(home, 'etc') }
  if (file !== undefined) {
    mkdirSync(join(home, 'config/sealkit'), { recursive: true })
    writeFileSync(join(home, 'config/sealkit/config.toml'), file, { mode: 0o600 })
  }
  const result = await sealkit(['config', ...args], { cwd: work, env: { ...where, ...env }, ...options })
  return { ...result, out: result.stdout.toString(), home, path: join(home, 'config/sealkit/config.toml') }
}

const MOEX = () => `
[profiles.test]
platform = "moex"
environment = "test"
login = "me@example.com"
password = { file = "${work}/password" }
client-id = "app"
client-secret = { env = "THE_SECRET" }
scope = "client_registration"
key = "${work}/key.pem"
`

describe('config check', () => {
  it('explains a profile that is whole, without a secret', async () => {
    const { code, out, stderr, path } = await config(['check', '--retries', '5'], {
      file: MOEX(),
      env: { THE_SECRET: PASSWORD, SEALKIT_CLIENT_ID: 'other' },
    })
    expect(stderr).toBe('')
    expect(out).toContain(`File      ${path}\nProfile   test, for moex\n`)
    expect(out).toMatch(/^environment +test {2}\(.*config\.toml:4\)$/m)
    expect(out).toMatch(/^client-id +other {2}\(SEALKIT_CLIENT_ID\)\n +in place of .*config\.toml:7$/m)
    expect(out).toMatch(/^retries +5 {2}\(--retries\)$/m)
    expect(out).toMatch(/^password +secret: file .*\n +can be read$/m)
    expect(out).toMatch(/^client-secret +secret: environment variable THE_SECRET .*\n +can be read$/m)
    expect(out).toMatch(/\ngood\n$/)
    expect(code).toBe(0)
  })

  it('says what is missing or cannot be read, and ends with 3', async () => {
    const file = MOEX().replace('key.pem', 'nothing.pem').replace('login = "me@example.com"\n', '')
    const { code, out } = await config(['check'], { file })
    expect(out).toContain(`cannot read ${work}/nothing.pem: no such file or directory`)
    expect(out).toContain('the environment variable THE_SECRET is not set')
    expect(out).toContain('missing: login\n')
    expect(out).toMatch(/NOT GOOD\n$/)
    expect(code).toBe(3)
  })

  it('gives the same to programs', async () => {
    const { code, out, path } = await config(['check', '--json'], {
      file: MOEX(),
      env: { THE_SECRET: PASSWORD },
    })
    const report = JSON.parse(out)
    expect(report).toMatchObject({
      good: true,
      file: path,
      profile: 'test',
      platform: 'moex',
      missing: [],
      error: null,
    })
    expect(report.settings.find(({ name }: { name: string }) => name === 'password')).toEqual({
      name: 'password',
      value: { secret: 'file', place: `file ${work}/password` },
      origin: { kind: 'file', place: `${path}:6` },
      hides: [],
      problem: null,
      note: 'can be read',
    })
    expect(code).toBe(0)
  })

  it('works without a file', async () => {
    const nothing = await config(['check'])
    expect([nothing.code, nothing.out]).toEqual([3, ''])
    expect(nothing.stderr).toContain('nothing says which platform is meant')
    expect(nothing.stderr).toContain(nothing.path)
    const named = await config(['check', '--platform', 'clearstream', '--username', 'me'], {
      env: { SEALKIT_PASSWORD: PASSWORD },
    })
    expect(named.out).toContain('File      none\nProfile   none, for clearstream\n')
    expect(named.out).toMatch(/^password +secret: environment variable SEALKIT_PASSWORD/m)
    expect(named.out).toContain('missing: certificate or credentials\n')
    expect(named.code).toBe(3)
    const whole = await config([
      'check',
      '--platform',
      'clearstream',
      '--username',
      'me',
      '--certificate',
      'both.pem',
      '--password-file',
      'password',
    ])
    expect(whole.out).toContain(`certificate  ${work}/both.pem  (--certificate)`)
    expect(whole.code).toBe(0)
  })

  it.each([
    ['a fault in the file', 'timout = 1\n[profiles.a]\nplatform = "moex"\n', 'ERR_CONFIG_SETTING'],
    ['no TOML', `[profiles.a]\nlogin = "${PASSWORD}\n`, 'ERR_CONFIG_MALFORMED'],
  ])('%s is an error with exit code 3, in JSON too', async (_, file, errorCode) => {
    const text = await config(['check'], { file })
    expect([text.code, text.out]).toEqual([3, ''])
    expect(text.stderr).toContain('config.toml')
    const { code, out, path } = await config(['check', '--json'], { file })
    expect(JSON.parse(out)).toMatchObject({ good: false, file: path, error: { code: errorCode } })
    expect(code).toBe(3)
  })

  it('runs commands of secrets only where it is told to', async () => {
    const marker = join(tempDir(), 'ran')
    const command = `["sh", "-c", "touch ${marker}; cat ${work}/password; echo ${PASSWORD} >&2"]`
    const file = MOEX().replace(`{ file = "${work}/password" }`, `{ command = ${command} }`)
    const env = { THE_SECRET: PASSWORD }
    const without = await config(['check'], { file, env })
    expect(without.out).toMatch(/^password +secret: command sh .*\n +not run; --run-commands does$/m)
    expect(statSync(marker, { throwIfNoEntry: false })).toBeUndefined()
    const run = await config(['check', '--run-commands'], { file, env })
    expect(run.out).toContain('can be read; command sh said something on standard error, which is not shown')
    expect(statSync(marker).isFile()).toBe(true)
    const gone = await config(['check'], { file: file.replace('"sh"', '"no-such-program"'), env })
    expect(gone.out).toContain('there is no such program')
    expect([without.code, run.code, gone.code]).toEqual([0, 0, 3])
  })

  it('warns of secrets in the file, and shows neither them nor a PIN in a URI', async () => {
    const file = MOEX()
      .replace(`{ file = "${work}/password" }`, JSON.stringify(PASSWORD))
      .replace(`${work}/key.pem`, `pkcs11:token=a?pin-value=${encodeURIComponent(PASSWORD)}`)
    for (const format of [[], ['--json']]) {
      const { out, stderr } = await config(['check', ...format], { file })
      expect(out).toContain('password stands in the file itself')
      expect(out).toContain('key with a PIN stands in the file itself')
      expect(out).toContain('pin-value=[redacted]')
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)])
        expect(out + stderr).not.toContain(secret)
    }
  })

  it('takes no secret as an argument', async () => {
    const { code, stderr } = await config(['check', '--platform', 'moex', '--password', PASSWORD])
    expect(code).toBe(2)
    expect(stderr).toContain('a password is never taken from an argument')
  })
})

describe('config init', () => {
  it.each(['moex', 'clearstream'])(
    'writes a file for %s that only its owner reads, and that can be used',
    async (platform) => {
      const { code, home, stderr, path } = await config(['init', '--platform', platform])
      expect(code).toBe(0)
      expect(stderr).toContain(path)
      expect([statSync(path).mode & 0o777, statSync(join(home, 'config/sealkit')).mode & 0o777]).toEqual([
        0o600, 0o700,
      ])
      const written = readFileSync(path, 'utf8')
      const { out } = await config(['check', '--json'], { file: written })
      expect(JSON.parse(out)).toMatchObject({ platform, missing: [], warnings: [], error: null })
      // The comments are settings too: with them the file is as good.
      const whole = await config(['check', '--json'], { file: written.replace(/^# ([a-z-]+ = )/gm, '$1') })
      expect(JSON.parse(whole.out).error).toBeNull()
    },
  )

  it('replaces a file only where it is told to', async () => {
    const path = join(tempDir(), 'a.toml')
    writeFileSync(path, 'mine')
    chmodSync(path, 0o644)
    expect((await config(['init', '--out', path])).code).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect((await config(['init', '--out', path, '--force'])).code).toBe(0)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})

it('config schema prints the schema', async () => {
  const { code, out } = await config(['schema'])
  expect([code, JSON.parse(out)]).toEqual([0, configSchema])
})
