/** `npm start`: the demo's own program, with and without OpenSSL. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../scripts/build.mjs'
import { CmsSignature } from '../../../src/cms/index.ts'
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

describe('the demo', () => {
  it('runs without OpenSSL, prints the signature alone on stdout, and cleans up', async () => {
    const { folder, result } = demo({ PATH: tempDir() })
    const { code, stdout, stderr } = await result
    expect(stderr).toMatch(/OpenSSL verifies it\n.*not installed here/)
    expect(stderr).toMatch(/^All good\.$/m)
    expect(stdout.toString()).toMatch(/^\S+\n$/)
    expect(CmsSignature.from(stdout).signedData.signerInfos).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
    expect(code).toBe(0)
  })

  it('cleans up when it is interrupted', async () => {
    const { folder, child, result } = demo({ PATH: tempDir() })
    child.stderr?.once('data', () => child.kill('SIGINT'))
    expect((await result).code).toBe(130)
    expect(readdirSync(folder)).toEqual([])
  })
})

describeWith('openssl', 'the demo with OpenSSL', () => {
  it('shows that OpenSSL accepts the signature', async () => {
    const { folder, result } = demo({ PATH: process.env['PATH'] })
    const { code, stderr } = await result
    expect(stderr).toMatch(/OpenSSL 3\S* verifies it\n {5}CMS Verification successful\n {5}openssl base64/)
    expect(code).toBe(0)
    expect(existsSync(folder) && readdirSync(folder)).toEqual([])
  })
})
