/** The doctors' commands against the simulators, as their users run them. */
import { once } from 'node:events'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeUnless } from '../../support/tools.ts'
import { CLIENT_SECRET, expectNoToken, type Platforms, startPlatforms } from './support/platforms.ts'
import { PASSWORD, type Result, start } from './support/program.ts'
import { noTerminal, onTerminal } from './support/terminal.ts'

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

const run = async (...args: string[]): Promise<Result> => {
  const result = await platforms.run(args)
  expectNoToken(result)
  return result
}
const lines = ({ stdout }: Result): string[] => stdout.toString().trimEnd().split('\n')
const json = ({ stdout }: Result) => JSON.parse(stdout.toString())

describe.each(['clearstream', 'moex'] as const)('%s doctor', (platform) => {
  const simulator = () => platforms[platform]

  test('a report in plain lines on stdout, and nothing on stderr', async () => {
    const result = await run(platform, 'doctor')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    const all = lines(result)
    expect(all[0]).toMatch(/^ok {6}configuration: profile [cm] of /)
    expect(all.at(-1)).toBe('All is well.')
    expect(result.stdout.toString()).not.toContain('\x1b')
  })

  test('--json', async () => {
    const result = await run(platform, 'doctor', '--json')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    const report = json(result)
    expect(report).toMatchObject({ good: true, platform, verdict: 'pass', firstFailure: null })
    for (const step of report.steps) {
      expect(Object.keys(step)).toEqual(['name', 'title', 'outcome', 'seen', 'todo', 'code', 'milliseconds'])
    }
  })

  test('the first step that failed gives the exit code', async () => {
    simulator().faults.maintenance = true
    const server = await run(platform, 'doctor')
    expect(server.code).toBe(6)
    expect(lines(server).find((line) => line.startsWith('FAILED'))).toMatch(
      /^FAILED {2}answer of the server.*\(ERR_AUTH_MAINTENANCE\)$/,
    )
    expect(lines(server).at(-1)).toMatch(
      /^The first step that failed is to be looked at: answer of the server/,
    )
    delete simulator().faults.maintenance
    simulator().faults.clockSkew = 4000
    expect((await run(platform, 'doctor', '--no-login')).code).toBe(1)
    delete simulator().faults.clockSkew
    expect((await run(platform, 'doctor', '--proxy', 'http://127.0.0.1:1')).code).toBe(5)
    expect((await run(platform, 'doctor', '--ca', 'password')).code).toBe(3)
    expect((await run(platform, 'doctor', '--profile', 'nowhere')).code).toBe(3)
    expect((await run(platform, 'doctor', '--nonsense')).code).toBe(2)
  })

  test('a refused password: 4, and then no more tries', async () => {
    const env = { SEALKIT_TEST_WRONG: 'wrong password' }
    const args = [platform, 'doctor', '--store', join(platforms.folder, `store-${platform}`)]
    const again = () => platforms.run([...args, '--password-env', 'SEALKIT_TEST_WRONG', '--json'], { env })
    const asked = () => simulator().requests.filter(({ path }) => /authenticate|token/.test(path)).length
    const before = asked()
    const first = await again()
    expect(first.code).toBe(4)
    expect(asked()).toBe(before + 1)
    const second = await again()
    expect(second.code).toBe(4)
    expect(
      json(second).steps.find((step: { code: string }) => step.code === 'ERR_AUTH_BLOCKED'),
    ).toBeDefined()
    expect(asked()).toBe(before + 1)
    for (const { stdout, stderr } of [first, second])
      expect(`${stdout}${stderr}`).not.toContain('wrong password')
  })

  test('--bundle: the report and the trace, private and without secrets', async () => {
    simulator().faults.malformedJson = true
    const file = join(platforms.folder, `${platform}-bundle.txt`)
    const result = await run(platform, 'doctor', '--bundle', file)
    expect(result).toMatchObject({ code: 6, stderr: `the support bundle is ${file}\n` })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const bundle = readFileSync(file, 'utf8')
    expect(bundle).toContain(`sealkit ${platform} doctor --bundle`)
    expect(bundle).toContain('ERR_AUTH_RESPONSE')
    expect(bundle).toMatch(/^ok {6}configuration: /m)
    expect(bundle).toMatch(/^FAILED {2}.*access token/m)
    expect(bundle).toMatch(/> POST .*token HTTP\/1\.1/)
    expectNoToken({ ...result, stdout: Buffer.from(bundle) })
    expect(bundle).not.toContain(PASSWORD)
    expect(bundle).not.toContain(encodeURIComponent(PASSWORD).replaceAll('%20', '+'))
    expect(bundle).not.toContain(CLIENT_SECRET)
    const again = await run(platform, 'doctor', '--bundle', file)
    expect(again.code).toBe(2)
    rmSync(file)
  })

  test('-v tells the trace on stderr', async () => {
    const { stderr } = await run(platform, 'doctor', '-v', '--no-login')
    expect(stderr).toContain('* SSL connection using TLSv1.3')
  })

  test('Ctrl-C ends it, and the bundle has what was seen', async () => {
    simulator().faults.slow = { milliseconds: 60_000 }
    const file = join(platforms.folder, `${platform}-cut.txt`)
    const child = start([platform, 'doctor', '--bundle', file], { cwd: platforms.folder, env: platforms.env })
    let out = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
    while (!/server's certificate/.test(out)) await once(child.stdout as NodeJS.ReadableStream, 'data')
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    expect(readFileSync(file, 'utf8')).toMatch(/^ok {6}configuration: /m)
  })
})

describeUnless(noTerminal(), 'on a terminal', () => {
  test('the marks have colours, and progress is told', async () => {
    platforms.clearstream.faults.slow = { milliseconds: 3500 }
    const env = { ...platforms.env, NO_COLOR: undefined }
    const command = 'sealkit clearstream doctor --no-login'
    const { code, shown } = await onTerminal(command, [], { cwd: platforms.folder, env })
    expect(code).toBe(0)
    expect(shown).toContain('\x1b[32mok\x1b[0m')
    expect(shown).toContain('\x1b[33mwarning\x1b[0m')
    expect(shown).toMatch(/examining: client certificate at the server \.\.\. \d s/)
  })
})
