/** `sealkit support`: the address that it prints, the page behind it, and its end. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../scripts/build.mjs'
import { tempDir } from '../../support/tools.ts'
import { ended, type Result, sealkit, start } from '../cli/support/program.ts'

beforeAll(build)

async function support(
  args: readonly string[],
  use: (said: string) => Promise<void>,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<Result> {
  const child = start(['support', ...args], { env: { HOME: tempDir() } })
  const result = ended(child)
  const said = await Promise.race([
    once(child.stdout ?? child, 'data').then(([data]) => String(data)),
    result.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])
  try {
    await use(said)
  } finally {
    child.kill(signal)
  }
  return await result
}

describe('sealkit support', () => {
  it('serves the page of the package, and ends by Ctrl-C', async () => {
    const { code, stdout } = await support(['--json'], async (said) => {
      const { address, origin } = JSON.parse(said) as { address: string; origin: string }
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
      const html = await (await fetch(address)).text()
      const [, script = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(html) ?? []
      const answer = await fetch(new URL(script, origin))
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'text/javascript; charset=utf-8',
      ])
    })
    expect([code, stdout.toString().split('\n').length]).toEqual([0, 2])
  })

  it('prints the address alone on stdout, and talks on stderr', async () => {
    const { code, stdout, stderr } = await support(['--no-open'], async () => {}, 'SIGTERM')
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/^http:\S+\n$/)])
    expect(stderr).toContain('Ctrl-C ends it')
    expect(stderr).not.toContain('token=')
  })

  it('says when the port is taken, or is none', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const taken = await sealkit(['support', '--no-open', '--port', String(port)])
    other.close()
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('cannot listen on 127.0.0.1')])
    for (const wrong of ['0', '65536', 'x', '1.5']) {
      const { code, stderr } = await sealkit(['support', '--no-open', '--port', wrong])
      expect([code, stderr]).toEqual([2, expect.stringContaining('from 1 to 65535')])
    }
  })
})
