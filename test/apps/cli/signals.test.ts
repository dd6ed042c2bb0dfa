/** Ctrl-C, readers that go away, a full disk. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ended, SIGN, sealkit, shell, start, workFolder } from './support/program.ts'

let cwd: string
beforeAll(async () => {
  cwd = await workFolder()
})

/** More than a pipe holds: when it has been taken, the command is reading. */
const CHUNK = Buffer.alloc(1024 * 1024)

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s', (signal, code) => {
  it(`while reading stdin ends with ${code}, silently`, async () => {
    const child = start([...SIGN, '--out', 'never'], { cwd })
    const result = ended(child)
    await new Promise((resolve) => child.stdin?.write(CHUNK, resolve))
    child.kill(signal)
    expect(await result).toMatchObject({ code, signal: null, stderr: '' })
    expect(existsSync(join(cwd, 'never'))).toBe(false)
  })
})

describe('SIGINT', () => {
  it('while a named pipe is silent', async () => {
    execFileSync('mkfifo', [join(cwd, 'fifo')])
    const child = start([...SIGN, '--in', 'fifo'], { cwd })
    const result = ended(child)
    // Opens when the command has opened its side.
    const writer = await open(join(cwd, 'fifo'), 'w')
    await writer.write(CHUNK)
    child.kill('SIGINT')
    expect(await result).toMatchObject({ code: 130, stderr: '' })
    await writer.close()
  })

  it('while nobody opens a named pipe: then by the signal itself, since no code of ours gets to run', async () => {
    execFileSync('mkfifo', [join(cwd, 'nobody')])
    const child = start([...SIGN, '--in', 'nobody'], { cwd })
    const result = ended(child)
    // Time to get there; where it is not enough the signal comes earlier, and must end it too.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    child.kill('SIGINT')
    const { code, signal, stderr } = await result
    expect([code, signal, stderr]).toSatisfy(([c, s]) => c === 130 || s === 'SIGINT')
  })

  it('while a timestamp authority is silent', async () => {
    let asked: (() => void) | undefined
    const request = new Promise<void>((resolve) => {
      asked = resolve
    })
    const server = createServer(() => asked?.())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const child = start([...SIGN, '--in', 'token.txt', '--timestamp', url], { cwd })
    const result = ended(child)
    await request
    child.kill('SIGINT')
    expect(await result).toMatchObject({ code: 130, stderr: '' })
    server.closeAllConnections()
    server.close()
  })
})

describe('a reader that goes away', () => {
  it('is no failure', async () => {
    const line = `head -c 3000000 /dev/zero | sealkit ${SIGN.join(' ')} --attached | head -c 10; echo " \${PIPESTATUS[*]}"`
    const { stdout, stderr } = await shell(line, { cwd })
    expect({ stdout: stdout.toString(), stderr }).toEqual({
      stdout: expect.stringMatching(/^MI.{8} 0 0 0\n$/),
      stderr: '',
    })
  })

  it('leaves the verdict as it is', async () => {
    await sealkit([...SIGN, '--in', 'token.txt', '--out', 'token.sig'], { cwd })
    const verify = 'sealkit verify --signature-only --signature token.sig --content'
    const line = `${verify} token.txt | true; a=\${PIPESTATUS[0]}; ${verify} cert.pem | true; echo $a \${PIPESTATUS[0]}`
    const { stdout, stderr } = await shell(line, { cwd })
    expect({ stdout: stdout.toString(), stderr }).toEqual({ stdout: '0 1\n', stderr: '' })
  })
})

describe('a full disk', () => {
  it.each([
    ['sign', [...SIGN, '--in', 'token.txt']],
    ['help', ['--help']],
  ])('%s says so', async (_, args) => {
    const full = openSync('/dev/full', 'w')
    const result = await ended(start(args, { cwd, stdio: ['ignore', full as never, 'pipe'] }))
    closeSync(full)
    expect(result.stderr).toBe('sealkit: cannot write to standard output: no space left on device\n')
    expect(result.code).toBe(3)
  })
})
