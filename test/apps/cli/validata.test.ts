/** `sealkit sign` with a validata: key, and `sealkit validata test`, with the stand-in for Validata's programs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import {
  type Behaviour,
  gostStandIn,
  PIN,
  rsaStandIn,
  type StandIn,
} from '../../providers/validata/support/stand-in.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { ended, type Result, sealkit, start, TOKEN, text, workFolder } from './support/program.ts'

let folder: string
let standIn: StandIn
let uri: string
beforeAll(async () => {
  folder = await workFolder()
  standIn = await rsaStandIn()
  uri = uriOf(standIn.install('rpki1utl'))
})

const uriOf = (tool: string, profile = 'Ivanov') =>
  `validata:profile=${profile};tool=${tool};temporary-folder=${standIn.temporaryFolder};output-wait=200ms`

async function run(args: readonly string[], behaviour: Behaviour = {}): Promise<Result> {
  const result = await sealkit(args, { cwd: folder, env: standIn.environment(behaviour) })
  for (const shown of [result.stdout.toString(), result.stderr]) expect(shown).not.toContain(PIN)
  expect(standIn.privateFolders()).toEqual([])
  return result
}

describeWith('openssl', 'sealkit sign --key validata:', () => {
  it('prints one line of base64 that verifies', async () => {
    const { code, stdout, stderr } = await run(['sign', '--key', uri, '--in', 'token.txt', '--out', 'v.sig'])
    expect({ code, stdout: stdout.toString(), stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(text(folder, 'v.sig')).toMatch(/^[A-Za-z0-9+/]+=*$/)
    const verified = await run([
      'verify',
      '--signature',
      'v.sig',
      '--content',
      'token.txt',
      '--ca',
      standIn.certificate,
    ])
    expect(verified.code).toBe(0)
  })

  it('describes what the tool has made', async () => {
    const { stdout, stderr } = await run(['sign', '--key', uri, '--in', 'token.txt', '--json'], {
      mode: 'no-attributes',
    })
    expect(JSON.parse(stdout.toString())).toMatchObject({
      detached: true,
      family: 'RSA',
      hash: 'SHA-256',
      certificate: { subject: 'CN=Signer of tokens' },
      notes: [expect.stringContaining('without signed attributes')],
    })
    expect(stderr).toContain('note: ')
  })

  it('takes --cert for the certificate that must have signed', async () => {
    const args = ['sign', '--key', uri, '--in', 'token.txt', '--cert']
    expect((await run([...args, standIn.certificate])).code).toBe(0)
    const { code, stdout, stderr } = await run([...args, standIn.otherCertificate])
    expect({ code, stdout: stdout.length }).toEqual({ code: 3, stdout: 0 })
    expect(stderr).toContain('another certificate than the expected one')
  })

  it.each([
    ['--attached'],
    ['--cades'],
    ['--algorithm-protection'],
    ['--no-signing-time'],
    ['--pss'],
    ['--digest', 'sha256'],
    ['--certificates', 'none'],
    ['--sid', 'ski'],
    ['--chain', 'cert.pem'],
    ['--password-file', 'password'],
    ['--module', 'softhsm2'],
    ['--pin-file', 'password'],
  ])('refuses %s, which it could not follow', async (...option) => {
    const { code, stderr } = await run(['sign', '--key', uri, '--in', 'token.txt', ...option])
    expect(code).toBe(2)
    expect(stderr).toContain(`${option[0]} cannot be used with a validata: key`)
  })

  it('tells what is wrong, with a way out', async () => {
    const args = ['sign', '--key', uriOf(join(standIn.folder, 'rpki1utl'), 'Petrov'), '--in', 'token.txt']
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout: stdout.length }).toEqual({ code: 3, stdout: 0 })
    expect(stderr).toMatch(
      /rpki1utl ended with exit code 3: the profile .*Профиль не найден: Petrov[\s\S]*\n {2}give/,
    )
    const leaky = await run(['sign', '--key', uri, '--in', 'token.txt'], { mode: 'tells-token' })
    expect(leaky.stderr).toContain('token: [removed]')
  })

  it('ends the tool and removes its folder on Ctrl-C', async () => {
    const pids = join(tempDir(), 'pids')
    const env = standIn.environment({ mode: 'hang', argument: pids })
    const child = start(['sign', '--key', uri, '--in', 'token.txt'], { cwd: folder, env })
    const end = ended(child)
    for (let i = 0; i < 1500 && standIn.privateFolders().length === 0; i++) await sleep(20)
    child.kill('SIGINT')
    expect(await end).toMatchObject({ code: 130, stderr: '' })
    expect(standIn.privateFolders()).toEqual([])
  })
})

describeWith('openssl', 'sealkit validata test', () => {
  it('proves a set-up that works', async () => {
    const { code, stdout, stderr } = await run(['validata', 'test', uri, '--out', 'report.txt'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const report = stdout.toString()
    expect(report).toMatch(/^sealkit \S+: Validata WORKS on this machine\n/)
    expect(report.match(/^ok {4} .*/gm)).toHaveLength(4)
    expect(report).toMatch(/signature, \d+ ms: .*RSA.*, DER, \d+ bytes; it verifies over the text/)
    expect(report).toContain('Использование: -sign')
    expect(report).toContain('stderr (CP866):')
    expect(report).toContain('"-profile" "<profile>" "-sign" "-detached" "-data" "DATA"')
    expect(text(folder, 'report.txt')).toBe(report)
  })

  it('names nobody in its report', async () => {
    for (const more of [[], ['--json']]) {
      const { stdout } = await run(['validata', 'test', uri, ...more])
      const report = stdout.toString()
      expect(report).toContain('rpki1utl')
      for (const name of ['Ivanov', 'Signer of tokens', standIn.temporaryFolder])
        expect(report).not.toContain(name)
    }
    const wrong = await run(['validata', 'test', uri, '--cert', standIn.otherCertificate])
    expect(wrong.code).toBe(1)
    expect(wrong.stdout.toString()).toContain('it is by CN=…')
  })

  it.each([
    [
      { mode: 'says', argument: { code: 4, text: 'Срок действия лицензии истек', encoding: 'ibm866' } },
      'LICENCE',
    ],
    [{ mode: 'tampered' }, 'SIGNATURE_WRONG'],
    [{ mode: 'none' }, 'NO_OUTPUT'],
  ] as const)('says at which step it fails: %j', async (behaviour, code) => {
    const { code: exit, stdout } = await run(['validata', 'test', uri, '--json'], behaviour)
    expect(exit).toBe(1)
    const { ok, steps, signature } = JSON.parse(stdout.toString())
    expect({ ok, signature }).toEqual({ ok: false, signature: null })
    expect(steps.at(-1)).toMatchObject({
      step: 'signature',
      ok: false,
      code: `ERR_TOOL_${code}`,
      hint: expect.any(String),
    })
    const plain = await run(['validata', 'test', uri], behaviour)
    expect(plain.stdout.toString()).toMatch(/does NOT work here[\s\S]*FAILED signature/)
  })

  it('reports that there is no tool', async () => {
    const { code, stdout } = await run(['validata', 'test'])
    expect(code).toBe(1)
    expect(stdout.toString()).toMatch(/FAILED settings and tool, \d+ ms: none of Validata's tools/)
  })

  it('is misused', async () => {
    const misused = async (...args: string[]) => (await run(['validata', 'test', ...args])).stderr
    expect(await misused('key.pem')).toContain('the settings are a URI')
    await run(['validata', 'test', uri, '--out', 'there.txt'])
    expect(await misused(uri, '--out', 'there.txt')).toContain('there.txt exists')
    const { code, stdout } = await run(['validata', 'test', 'validata:timeout=soon'])
    expect(code).toBe(1)
    expect(stdout.toString()).toContain('timeout is not a time')
  })
})

describeWith(['openssl', 'gost-engine'], 'with GOST', () => {
  it('signs, and OpenSSL’s engine agrees', async () => {
    const { standIn: gost, env } = gostStandIn('256-a')
    const key = `validata:profile=Ivanov;tool=${gost.install('zpci1utl')};temporary-folder=${gost.temporaryFolder}`
    const options = { cwd: folder, env: { ...gost.environment(), ...env } }
    const args = ['sign', '--key', key, '--in', 'token.txt', '--format', 'der', '--out', 'gost.p7d', '--json']
    const { code, stdout, stderr } = await sealkit(args, options)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout.toString())).toMatchObject({ family: 'GOST', hash: 'Streebog-256' })
    expect(text(folder, 'token.txt')).toBe(TOKEN)
    const { mustRun } = await import('../../interop/support/run.ts')
    const verify = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'gost.p7d', '-content', 'token.txt']
    await mustRun('openssl', [...verify, '-noverify', '-out', 'out.txt'], { cwd: folder, env })
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe(TOKEN)
  })
})
