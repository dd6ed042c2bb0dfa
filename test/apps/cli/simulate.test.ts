/** `sealkit simulate`: what it writes, that it serves, and how it ends. */
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../scripts/build.mjs'
import { clearstreamClient } from '../../../src/auth/index.ts'
import { loadProfile } from '../../../src/config/index.ts'
import { createTransport } from '../../../src/http/index.ts'
import { tempDir } from '../../support/tools.ts'
import { ended, type Result, sealkit, start } from './support/program.ts'

beforeAll(build)

/** Runs it until it has told where everything is, hands that over, and ends it by a signal. */
async function simulate(
  args: readonly string[],
  use: (told: Record<string, never>, folder: string) => Promise<void>,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<Result> {
  const folder = join(tempDir(), 'simulator')
  const child = start(['simulate', ...args, '--out', folder, '--json'])
  const result = ended(child)
  const line = await Promise.race([
    once(child.stdout ?? child, 'data').then(([data]) => String(data)),
    result.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])
  try {
    await use(JSON.parse(line), folder)
  } finally {
    child.kill(signal)
  }
  return await result
}

const file = (told: Record<string, unknown>) => String(told['configuration'])

describe('sealkit simulate', () => {
  it('all, with a proxy: private files, profiles that are complete, a clean end', async () => {
    const { code, stdout, stderr } = await simulate(['all', '--proxy'], async (told, folder) => {
      expect(Object.keys(told)).toEqual(['folder', 'configuration', 'moex', 'clearstream', 'proxy'])
      expect(statSync(folder).mode & 0o777).toBe(0o700)
      for (const name of readdirSync(folder)) {
        expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
      }
      for (const platform of ['moex', 'clearstream'] as const) {
        const profile = await loadProfile({ platform, file: file(told), env: {} })
        expect([profile.missing, profile.warnings]).toEqual([[], []])
        expect(profile.get('proxy')?.value).toBe(String(told['proxy']))
      }
    })
    expect(code).toBe(0)
    expect(stdout.toString()).toMatch(/^\{.*\}\n$/)
    expect(stderr).toContain('a test double, not MOEX')
    expect(stderr).toContain('a test double, not Clearstream')
    expect(stderr).toContain('sealkit clearstream info --config ')
  })

  it('serves: a client gets its token with what is in the folder', async () => {
    await simulate(['clearstream'], async (told, folder) => {
      const user = 'a000012345_00012345'
      await using http = createTransport({
        ca: join(folder, 'ca.pem'),
        credential: { certificate: join(folder, `ocapi-${user}-ssl.pem`) },
        proxy: 'none',
      })
      const password = readFileSync(join(folder, 'clearstream-password'), 'utf8')
      const { base } = told['clearstream'] as unknown as { base: string }
      const client = clearstreamClient({ url: base, username: user, password, http })
      expect((await client.info()).version).toMatch(/^1\./)
    })
  })

  it('faults', async () => {
    await simulate(['clearstream', '--fault', 'maintenance', '--fault', 'slow=1'], async (told, folder) => {
      await using http = createTransport({
        ca: join(folder, 'ca.pem'),
        credential: { certificate: join(folder, 'ocapi-a000012345_00012345-ssl.pem') },
        proxy: 'none',
        retries: 0,
      })
      const { base } = told['clearstream'] as unknown as { base: string }
      expect((await http.fetch(`${base}/playground/v1/info`)).status).toBe(503)
    })
  })

  it('shows no secret', async () => {
    const secrets: string[] = []
    const { stdout, stderr } = await simulate(['all'], async (_told, folder) => {
      for (const name of ['clearstream-password', 'moex-password', 'moex-client-secret']) {
        secrets.push(readFileSync(join(folder, name), 'utf8'))
      }
      const configuration = readFileSync(join(folder, 'sealkit.toml'), 'utf8')
      for (const secret of secrets) expect(configuration).not.toContain(secret)
    })
    expect(secrets.every((secret) => secret.length > 20)).toBe(true)
    for (const secret of secrets) expect(stdout.toString() + stderr).not.toContain(secret)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends well by %s', async (signal) => {
    expect((await simulate(['moex'], async () => {}, signal)).code).toBe(0)
  })

  it('uses the folder of an earlier run again, and no other', async () => {
    const folder = join(tempDir(), 'simulator')
    for (const _ of [1, 2]) {
      const child = start(['simulate', 'clearstream', '--out', folder, '--json'])
      const result = ended(child)
      await once(child.stdout ?? child, 'data')
      child.kill('SIGINT')
      expect((await result).code).toBe(0)
    }
    const other = join(tempDir(), 'mine')
    mkdirSync(other)
    writeFileSync(join(other, 'sealkit.toml'), 'default-profile = "mine"\n')
    const refused = await sealkit(['simulate', 'moex', '--out', other])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('holds other files')])
    expect(readFileSync(join(other, 'sealkit.toml'), 'utf8')).toBe('default-profile = "mine"\n')
  })

  it('a port that is given, and one that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const out = join(tempDir(), 'simulator')
    const refused = await sealkit(['simulate', 'moex', '--port', String(port), '--out', out])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('address already in use')])
    taken.close()
    await once(taken, 'close')
    await simulate(['moex', '--port', String(port)], async (told) => {
      expect(String((told['moex'] as unknown as { api: string }).api)).toBe(`https://localhost:${port}/api`)
    })
  })

  it.each([
    [[], 'is missing'],
    [['nasdaq'], 'moex, clearstream or all'],
    [['moex', 'clearstream'], 'one argument at most'],
    [['moex', '--port', '0'], '--port must be'],
    [['moex', '--port', '70000'], '--port must be'],
    [['moex', '--fault', 'no-such'], 'maintenance, rate-limited[=SECONDS]'],
    [['moex', '--fault', 'slow=x'], 'it is written slow=MILLISECONDS'],
  ])('%j is refused', async (args, words) => {
    const { code, stderr } = await sealkit(['simulate', ...args, '--out', join(tempDir(), 'never')])
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
  })
})
