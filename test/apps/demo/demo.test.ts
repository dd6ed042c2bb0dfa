/** `npm start`: the demo's own program, with and without OpenSSL. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../scripts/build.mjs'
import { describeWith, root, tempDir } from '../../support/tools.ts'
import { ended } from '../cli/support/program.ts'

beforeAll(build)

function demo(env: Readonly<Record<string, string | undefined>>) {
  const folder = tempDir()
  const child = spawn(process.execPath, [join(root, 'dist/apps/demo/main.js')], {
    env: { TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { folder, child, result: ended(child) }
}

const STEPS = [
  'Key and certificate of a user',
  'MOEX Passport token',
  'Detached CMS signature over it',
  'Access token',
  'GET /api/me',
  'API consumer and certificate',
  'Access token over mutual TLS',
  'GET /playground/v1/info',
  'GET /playground/v1/echo',
]

describe('the demo', () => {
  it('runs without OpenSSL, tells each step with its time, sums up on stdout, and cleans up', async () => {
    const { folder, result } = demo({ PATH: tempDir() })
    const { code, stdout, stderr } = await result
    const summary = JSON.parse(stdout.toString())
    expect(summary).toMatchObject({ good: true, error: null })
    expect(summary.steps.map(({ step }: { step: string }) => step)).toEqual(STEPS)
    for (const [index, step] of STEPS.entries()) {
      expect(stderr).toMatch(new RegExp(`^ *${index + 1}  ${step} +\\d+ ms   \\S`, 'm'))
    }
    expect(stderr).toContain('Signatures are verified by sealkit')
    expect(stderr).toMatch(/^All good, in /m)
    expect(readdirSync(folder)).toEqual([])
    expect(code).toBe(0)
  })

  it('prints nothing that looks like a token, a key or a signature', async () => {
    const { stdout, stderr } = await demo({ PATH: process.env['PATH'] }).result
    const all = (stdout.toString() + stderr).replaceAll('ocapi-a000012345_00012345-ssl.pem', '')
    expect(all).not.toMatch(/eyJ|BEGIN|MII|password=|secret=/)
    expect(all).not.toMatch(/[A-Za-z0-9_-]{24}/)
  })

  it('does not go through a proxy of the environment, and does not fail of one', async () => {
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1', PATH: tempDir() }
    expect((await demo(env).result).code).toBe(0)
  })

  it('cleans up when it is interrupted', async () => {
    const { folder, child, result } = demo({ PATH: tempDir() })
    child.stderr?.once('data', () => child.kill('SIGINT'))
    expect((await result).code).toBe(130)
    expect(readdirSync(folder)).toEqual([])
  })
})

describeWith('openssl', 'the demo with OpenSSL', () => {
  it('has the signature verified by OpenSSL', async () => {
    const { folder, result } = demo({ PATH: process.env['PATH'] })
    const { code, stderr } = await result
    expect(stderr).toMatch(/Signatures are verified by OpenSSL 3/)
    expect(code).toBe(0)
    expect(existsSync(folder) && readdirSync(folder)).toEqual([])
  })
})
