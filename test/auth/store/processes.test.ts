/** Real processes that share a folder, and are killed in the middle. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fileTokenStore } from '../../../src/auth/store/file-store.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { tempDir } from '../../support/tools.ts'
import { fullEntry, key } from './entries.ts'
import { useProcesses } from './support/processes.ts'

const start = useProcesses(new URL('./support/child.ts', import.meta.url))
const id = tokenKeyId(key('alice'))
/** Longer than a test may take: who waits for it fails by the test's own bound. */
const LONG = '900000'

function newFolder(): string {
  return join(tempDir(), 'tokens')
}

describe('a lock whose process is killed', () => {
  it.each(['hold', 'hang'])('is had by another at once: %s', async (mode) => {
    const folder = newFolder()
    const holder = start([mode, folder, LONG])
    await holder.spoke
    expect(holder.lines).toEqual(['held'])
    const waiting = start(['once', folder, LONG])
    const here = fileTokenStore({ folder, lease: Number(LONG) }).withLock(id, async () => 'here')
    holder.child.kill('SIGKILL')
    await waiting.ended
    expect(waiting.lines).toEqual(['held'])
    expect(await here).toBe('here')
    expect(readdirSync(folder)).toEqual([])
  })

  it('is had by one at a time of many who find it', async () => {
    const folder = newFolder()
    for (let round = 0; round < 5; round++) {
      const holder = start(['hold', folder, LONG])
      await holder.spoke
      holder.child.kill('SIGKILL')
      await holder.ended
      let inside = 0
      let most = 0
      const action = async () => {
        most = Math.max(most, ++inside)
        await sleep(1)
        inside--
      }
      const stores = Array.from({ length: 20 }, () => fileTokenStore({ folder, lease: Number(LONG) }))
      await Promise.all(stores.map((store) => store.withLock(id, action)))
      expect(most).toBe(1)
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('is had when its lease has passed, where the process lives but hangs', async () => {
    const folder = newFolder()
    const holder = start(['hang', folder, '300'])
    await holder.spoke
    expect(await fileTokenStore({ folder, lease: 300 }).withLock(id, async () => 'had')).toBe('had')
    expect(holder.child.exitCode).toBeNull()
    holder.child.kill('SIGKILL')
    await holder.ended
    expect(readdirSync(folder)).toEqual([])
  })

  it('is not had while the process lives and gives signs of life; the error names it', async () => {
    const folder = newFolder()
    const holder = start(['hold', folder, '2000'])
    await holder.spoke
    const waiting = fileTokenStore({ folder, lease: 2000 }).withLock(id, async () => 'had')
    await expect(waiting).rejects.toMatchObject({
      code: 'ERR_AUTH_STORE_LOCKED',
      message: expect.stringContaining(`held by process ${holder.child.pid} on `),
      hint: expect.stringContaining(join(folder, `${id}.lock`)),
    })
    holder.child.kill('SIGKILL')
    await holder.ended
  })
})

describe('twenty processes', () => {
  it('lose no line while each is killed with the lock in its hand', async () => {
    const folder = newFolder()
    const file = join(folder, '..', 'lines')
    writeFileSync(file, '')
    const processes = Array.from({ length: 20 }, (_, i) => start(['add-and-die', folder, LONG, `p${i}`]))
    const ends = await Promise.all(processes.map(({ ended }) => ended))
    expect(ends).toEqual(Array(20).fill({ code: null, signal: 'SIGKILL' }))
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    const all = processes.flatMap((_, i) => Array.from({ length: 5 }, (_, j) => `p${i}.${j}`))
    expect(lines.sort()).toEqual(all.sort())
  })

  async function addLines(kill: boolean): Promise<void> {
    const folder = newFolder()
    const file = join(folder, '..', 'lines')
    writeFileSync(file, '')
    const processes = Array.from({ length: 20 }, (_, i) => start(['add', folder, LONG, `p${i}`]))
    if (kill) {
      for (const { child, spoke } of processes.slice(0, 8)) {
        await spoke
        await sleep(Math.random() * 150)
        child.kill('SIGKILL')
      }
    }
    const ends = await Promise.all(processes.map(({ ended }) => ended))
    expect(ends.slice(8)).toEqual(Array(12).fill({ code: 0, signal: null }))
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    const said = processes.flatMap((each) => each.lines)
    expect(said.filter((line) => !lines.includes(line))).toEqual([])
    expect(new Set(lines).size).toBe(lines.length)
    expect(said.length).toBeGreaterThanOrEqual(kill ? 12 * 20 : 400)

    // One that comes later finds a lock that may be left, and sweeps what else is.
    const later = start(['once', folder, LONG])
    expect(await later.ended).toEqual({ code: 0, signal: null })
    expect(readdirSync(folder)).toEqual([])
  }

  it('lose no line of a file that is changed under the lock', () => addLines(false))
  it('lose none while some of them are killed', () => addLines(true))
})

describe('writers that are killed', () => {
  it('leave no torn entry, and one who reads meanwhile sees none', async () => {
    const folder = newFolder()
    const warnings: string[] = []
    const store = fileTokenStore({ folder, onWarning: (warning) => warnings.push(warning) })
    let reads = 0
    for (let round = 0; round < 12; round++) {
      const writer = start(['write', folder, LONG])
      await writer.spoke
      const end = performance.now() + 20 + Math.random() * 80
      while (performance.now() < end) {
        const entry = await store.read(id)
        if (entry !== undefined) reads++
      }
      writer.child.kill('SIGKILL')
      await writer.ended
      const entry = await store.read(id)
      expect(entry?.key).toEqual(key('alice'))
      const [unit = ''] = /^\d+\./.exec(entry?.token?.accessToken ?? '') ?? []
      expect(entry).toEqual(fullEntry('alice', unit.repeat(Number.parseInt(unit, 10) * 10)))
    }
    expect(reads).toBeGreaterThan(12)
    expect(warnings).toEqual([])
  })
})
