/** Time-outs, aborts and ends of this process: no child outlives them, and no private folder stays for long. */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { openValidataSigner } from '../../../providers/validata/index.ts'
import { FOLDER_PREFIX } from '../../../providers/validata/run/folder-name.ts'
import { sweepLeftovers } from '../../../providers/validata/run/sweep.ts'
import { build } from '../../../scripts/build.mjs'
import { describeWith, root, tempDir } from '../../support/tools.ts'
import { rsaStandIn, type StandIn, TOKEN } from './support/stand-in.ts'

let standIn: StandIn
let tool: string
beforeAll(async () => {
  await build()
  standIn = await rsaStandIn()
  tool = standIn.install('rpki1utl')
})

/** Waits for something; the bound is against hanging. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1500 && !condition(); i++) await sleep(20)
  expect(condition()).toBe(true)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended and was not asked for by its parent is dead.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const pidsIn = (file: string): number[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []

async function expectAllGone(file: string): Promise<void> {
  const pids = pidsIn(file)
  expect(pids).toHaveLength(3)
  await until(() => !pids.some(isAlive))
  expect(standIn.privateFolders()).toEqual([])
}

const open = (mode: string, argument: string, timeout?: number) =>
  openValidataSigner({
    tool,
    timeout,
    temporaryFolder: standIn.temporaryFolder,
    environment: standIn.environment({ mode, argument }),
  })

describeWith('openssl', 'a tool that hangs', () => {
  it.each(['hang', 'hang-stubborn', 'hang-stubborn-children'])(
    'is ended with its children after the time-out: %s',
    async (mode) => {
      const file = join(tempDir(), 'pids')
      await using signer = await open(mode, file, 3000)
      await expect(signer.signDetached(TOKEN)).rejects.toMatchObject({
        code: 'ERR_TOOL_TIMEOUT',
        message: 'rpki1utl was ended after 3 s without an answer',
      })
      await expectAllGone(file)
    },
  )

  it.each(['hang', 'hang-stubborn', 'hang-stubborn-children'])(
    'is ended with its children when the call is aborted: %s',
    async (mode) => {
      const file = join(tempDir(), 'pids')
      await using signer = await open(mode, file)
      const controller = new AbortController()
      const signing = signer.signDetached(TOKEN, { signal: controller.signal })
      const waiting = signer.signDetached(TOKEN, { signal: controller.signal })
      const reason = new Error('enough')
      const both = Promise.all([expect(signing).rejects.toBe(reason), expect(waiting).rejects.toBe(reason)])
      await until(() => pidsIn(file).length === 3)
      controller.abort(reason)
      await both
      await expectAllGone(file)
    },
  )

  it('is not started for a call that has been aborted', async () => {
    const file = join(tempDir(), 'pids')
    await using signer = await open('hang', file)
    await expect(signer.signDetached(TOKEN, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(pidsIn(file)).toEqual([])
  })

  it('lets go of a call whose output is waited for', async () => {
    await using signer = await open('none', '')
    const controller = new AbortController()
    const signing = signer.signDetached(TOKEN, { signal: controller.signal })
    const refused = expect(signing).rejects.toBe('stop')
    await until(() => standIn.privateFolders().length === 1)
    await sleep(400)
    controller.abort('stop')
    await refused
    expect(standIn.privateFolders()).toEqual([])
  })
})

describeWith('openssl', 'a process that ends while the tool runs', () => {
  /** Starts a program of its own that signs with a tool that hangs. */
  async function start(lines: string): Promise<{ child: ChildProcess; file: string }> {
    const file = join(tempDir(), 'pids')
    const program = join(tempDir(), 'program.mjs')
    const module = pathToFileURL(join(root, 'dist/providers/validata/index.js')).href
    const options = JSON.stringify({ tool, temporaryFolder: standIn.temporaryFolder })
    writeFileSync(
      program,
      `import { openValidataSigner } from ${JSON.stringify(module)}
      const signer = await openValidataSigner(${options})
      ${lines}
      signer.signDetached(${JSON.stringify(TOKEN)}).catch(() => {})`,
    )
    const env = { ...process.env, ...standIn.environment({ mode: 'hang-stubborn', argument: file }) }
    const child = spawn(process.execPath, [program], { env, stdio: 'ignore' })
    await until(() => pidsIn(file).length === 3)
    return { child, file }
  }

  const ended = (child: ChildProcess) =>
    new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.on('exit', (code, signal) => resolve([code, signal]))
    })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('by %s: nothing stays', async (signal) => {
    const { child, file } = await start('')
    const end = ended(child)
    child.kill(signal)
    expect(await end).toEqual([null, signal])
    await expectAllGone(file)
  })

  it('by process.exit: nothing stays', async () => {
    const { child, file } = await start("process.on('SIGTERM', () => process.exit(7))")
    const end = ended(child)
    child.kill('SIGTERM')
    expect(await end).toEqual([7, null])
    await expectAllGone(file)
  })

  it('by an error nobody catches: nothing stays', async () => {
    const { child, file } = await start("process.on('SIGTERM', () => { throw 'up' })")
    const end = ended(child)
    child.kill('SIGTERM')
    expect(await end).toEqual([1, null])
    await expectAllGone(file)
  })

  it('by SIGKILL: its folder stays, closed to others, and the next run sweeps it', async () => {
    const { child, file } = await start('')
    const end = ended(child)
    child.kill('SIGKILL')
    await end
    const [left = ''] = standIn.privateFolders()
    const path = join(standIn.temporaryFolder, left)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(readFileSync(join(path, 'token'), 'utf8')).toBe(TOKEN)
    expect(statSync(join(path, 'token')).mode & 0o777).toBe(0o600)
    await using _next = await open('ok', '')
    expect(standIn.privateFolders()).toEqual([])
    const [tool = 0] = pidsIn(file)
    // What SIGKILL leaves no time for.
    process.kill(-tool, 'SIGKILL')
  })
})

describe('sweeping', () => {
  const dead = 2 ** 22 - 3
  const named = (pid: number, realm = FOLDER_PREFIX.split('-')[2], end = 'abcdef') =>
    `sealkit-validata-${realm}-${pid}-${end}`
  const make = (parent: string, name: string, days = 0) => {
    const path = join(parent, name)
    mkdirSync(path, { mode: 0o700 })
    writeFileSync(join(path, 'token'), 'x')
    const time = new Date(Date.now() - days * 86_400_000)
    utimesSync(path, time, time)
    return path
  }

  it('takes the folders of dead processes, and old ones; nothing else', async () => {
    const parent = tempDir()
    const elsewhere = tempDir()
    writeFileSync(join(elsewhere, 'kept'), 'x')
    make(parent, named(dead))
    make(parent, named(process.ppid, '00000000'), 2)
    make(parent, named(process.ppid, undefined, 'longer'), 2)
    const kept = [
      make(parent, named(process.ppid)),
      make(parent, named(dead, '00000000')),
      make(parent, named(process.pid), 2),
      make(parent, 'sealkit-validata-other'),
      make(parent, 'something'),
    ]
    symlinkSync(elsewhere, join(parent, named(dead - 1)))
    writeFileSync(join(parent, named(dead - 2)), 'a file')
    expect(await sweepLeftovers(parent)).toBe(3)
    expect(kept.filter((path) => !existsSync(path))).toEqual([])
    expect(readdirSync(parent)).toHaveLength(kept.length + 2)
    expect(readFileSync(join(elsewhere, 'kept'), 'utf8')).toBe('x')
  })

  it.skipIf(process.getuid?.() !== 0)('leaves the folders of other users alone', async () => {
    const { chownSync } = await import('node:fs')
    const parent = tempDir()
    const path = make(parent, named(dead), 2)
    chownSync(path, 65_534, 65_534)
    expect(await sweepLeftovers(parent)).toBe(0)
  })

  it('takes a parent that is not there for empty', async () => {
    expect(await sweepLeftovers(join(tempDir(), 'nowhere'))).toBe(0)
  })
})
