/** sealkit proxy as its users run it: by profile and by options, signals, what is refused. */
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platforms, startPlatforms, USER } from './support/platforms.ts'
import { ended, PASSWORD, start } from './support/program.ts'

let platforms: Platforms
beforeAll(async () => {
  platforms = await startPlatforms()
  for (const [name, text] of Object.entries({
    'empty.toml': '',
    short: 'short',
    'caller-secret': `${SECRET}\n`,
  })) {
    writeFileSync(join(platforms.folder, name), text, { mode: 0o600 })
  }
})
afterAll(() => platforms[Symbol.asyncDispose]())

const SECRET = 'a-secret-of-the-callers'

/** The configuration is used where a profile is named. */
const environmentFor = (args: readonly string[]) =>
  args.includes('--profile')
    ? platforms.env
    : { ...platforms.env, SEALKIT_CONFIG: join(platforms.folder, 'empty.toml') }

/** Starts the command, and waits until it listens. */
async function running(args: readonly string[]) {
  const child = start(['proxy', ...args], { cwd: platforms.folder, env: environmentFor(args) })
  const result = ended(child)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk
  })
  const failed = result.then(({ stderr }) => Promise.reject(new Error(stderr)))
  while (!said.includes('Ctrl-C ends it.')) await Promise.race([sleep(20), failed])
  failed.catch(() => {})
  const url = / at (\S+)/.exec(said)?.[1] ?? ''
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return await result
  }
  return { child, url, result, stop, said: () => said }
}

const byFlags = () => [
  '--upstream',
  platforms.clearstream.url,
  '--certificate',
  `keystores/ocapi-${USER}-ssl.pem`,
  '--ca',
  `keystores/ocapi-${USER}-cacert.pem`,
  '--proxy',
  'none',
]

it('by profile: callers need neither certificate nor token; figures, log, end by SIGTERM', async () => {
  const args = ['--inject-token', '--admin', '0', '--json', '--access-log', 'access.log', '--profile', 'c']
  const proxy = await running([...args, '--allow-path', '/playground/*'])
  const response = await fetch(`${proxy.url}/playground/v1/echo?value=hello`)
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('hello')])
  expect((await fetch(`${proxy.url}/authmanager/oauth2/access_token`)).status).toBe(403)
  const admin = /(\S+)\/metrics, /.exec(proxy.said())?.[1]
  expect(await (await fetch(`${admin}/metrics`)).text()).toContain('_requests_total{status="200"} 1\n')
  const { code, signal, stdout, stderr } = await proxy.stop()
  expect([code, signal]).toEqual([0, null])
  expect(JSON.parse(stdout.toString())).toEqual({
    url: proxy.url,
    adminUrl: admin,
    upstream: platforms.clearstream.url,
    pid: proxy.child.pid,
  })
  expect(stderr).toContain('can use your certificate and token')
  const log = join(platforms.folder, 'access.log')
  expect((statSync(log).mode & 0o777).toString(8)).toBe('600')
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([200, 403])
  expect(lines.join()).not.toMatch(/hello|eyJ/)
  expect(stderr).not.toMatch(new RegExp(`eyJ|${PASSWORD}`))
})

it('by options alone, on a UNIX socket, with a secret and the log on standard output', async () => {
  const proxy = await running([
    ...byFlags(),
    ...['--listen', 'unix:proxy.sock', '--secret-file', 'caller-secret', '--access-log', '-'],
  ])
  const socketPath = join(platforms.folder, 'proxy.sock')
  const status = async (headers: Record<string, string>) => {
    const request = httpRequest({ socketPath, path: '/server-cert-cacerts.pem', headers })
    const [response] = await once(request.end(), 'response')
    response.resume()
    await once(response, 'end')
    return response.statusCode
  }
  expect(await status({})).toBe(401)
  expect(await status({ authorization: `Bearer ${SECRET}` })).toBe(200)
  const { code, stdout, stderr } = await proxy.stop('SIGINT')
  expect([code, existsSync(socketPath)]).toEqual([0, false])
  expect(
    stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).status),
  ).toEqual([401, 200])
  expect(stdout + stderr).not.toContain(SECRET)
})

it('at the first signal what is on its way is ended in peace, for longer than a second', async () => {
  const proxy = await running(byFlags())
  platforms.clearstream.faults.slow = { milliseconds: 2500, where: 'head' }
  const before = platforms.clearstream.requests.length
  const answer = fetch(`${proxy.url}/server-cert-cacerts.pem`).then((response) => response.text())
  // The simulator notes a request when it is answered; the proxy has it when it is connected.
  await sleep(1000)
  proxy.child.kill('SIGTERM')
  expect(await answer).toContain('BEGIN CERTIFICATE')
  platforms.clearstream.faults.slow = undefined as never
  expect((await proxy.result).code).toBe(0)
  expect(platforms.clearstream.requests.length).toBeGreaterThan(before)
})

it('a second signal ends it at once', async () => {
  const silent = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const args = byFlags().map((arg) => (arg === platforms.clearstream.url ? `https://127.0.0.1:${port}` : arg))
  const proxy = await running(args)
  const answer = fetch(proxy.url).catch(() => 'cut')
  await once(silent, 'connection')
  proxy.child.kill('SIGINT')
  while (!proxy.said().includes('Ending')) await sleep(20)
  const { signal } = await proxy.stop('SIGINT')
  expect([signal, await answer]).toEqual(['SIGINT', 'cut'])
  silent.close()
})

describe('is refused', () => {
  const OTHER = ['--upstream', 'https://evil.example']
  it.each([
    ['another address without so many words', ['--listen', '0.0.0.0:0'], 2, '--expose-to-network'],
    ['so many words without a secret', ['--expose-to-network'], 2, '--secret-file'],
    ['no address', ['--listen', 'here'], 2, 'HOST:PORT'],
    ['a port beyond all', ['--listen', '127.0.0.1:65536'], 2, 'HOST:PORT'],
    ['an upstream without TLS', ['--upstream', 'http://localhost'], 2, 'https'],
    ['a path that is none', ['--allow-path', '/v1/../x'], 2, 'no path for the proxy'],
    ['the token for another server', ['--profile', 'c', '--inject-token', ...OTHER], 2, 'not for the server'],
    ['two secrets', ['--secret-file', 'x', '--secret-env', 'Y'], 2, 'exclude each other'],
    ['a secret that is too short', ['--secret-file', 'short'], 2, '16 characters'],
    ['a secret as an argument', ['--secret', SECRET], 2, 'never taken from an argument'],
    ['a certificate without its key', ['--listen-certificate', 'cert.pem'], 2, 'belong together'],
    ['two things on standard output', ['--json', '--access-log', '-'], 2, 'standard output'],
    ['a log that cannot be written', ['--access-log', 'no/such/folder'], 3, 'cannot write'],
    ['a certificate that is not there', ['--certificate', 'no.pem'], 3, 'no.pem'],
    ['no certificate', OTHER, 3, 'certificate'],
  ] as const)('%s', async (_, args, code, words) => {
    const given = args as readonly string[]
    const isAlone = given.includes('--profile') || given.includes('--upstream')
    const own = byFlags().filter((_each, i, all) => !given.includes(all[i - (i % 2)] ?? ''))
    const env = environmentFor(given)
    const result = await platforms.run(['proxy', ...(isAlone ? [] : own), ...given], { env })
    expect(result.stderr).toContain(words)
    expect([result.code, result.stdout.length]).toEqual([code, 0])
    expect(result.stderr).not.toContain(SECRET)
  })

  it('an address that is taken', async () => {
    const proxy = await running(byFlags())
    const result = await platforms.run(['proxy', ...byFlags(), '--listen', new URL(proxy.url).host], {
      env: environmentFor([]),
    })
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('address already in use')])
    await proxy.stop()
  })
})
