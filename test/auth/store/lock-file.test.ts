/** Locks that were left, and removing one without removing the next. */
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fileTokenStore } from '../../../src/auth/store/file-store.ts'
import { hasEnded, type LockOwner, newOwner, parseOwner } from '../../../src/auth/store/lock-owner.ts'
import { lookAt } from '../../../src/auth/store/lock-record.ts'
import { removeRecord } from '../../../src/auth/store/remove-record.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { tempDir } from '../../support/tools.ts'
import { key } from './entries.ts'

const id = tokenKeyId(key('alice'))
const LONG = 900_000
/** A number that no process has: above what Linux gives. */
const NOBODY = 2 ** 22 + 1
const dead = (): LockOwner => ({ ...newOwner(), pid: NOBODY })
const onAnotherHost = (): LockOwner => ({ ...newOwner(), host: 'other', realm: '0123456789abcdef' })

/** A folder with a lock that somebody left. */
function left(owner: LockOwner | string, secondsOld = 0): { folder: string; path: string } {
  const folder = tempDir()
  return { folder, path: put(join(folder, `${id}.lock`), owner, secondsOld) }
}

function put(path: string, owner: LockOwner | string, secondsOld = 0): string {
  writeFileSync(path, typeof owner === 'string' ? owner : `${JSON.stringify(owner)}\n`, { mode: 0o600 })
  const time = new Date(Date.now() - secondsOld * 1000)
  utimesSync(path, time, time)
  return path
}

const take = (folder: string, lease: number) =>
  fileTokenStore({ folder, lease }).withLock(id, async () => 'had')

describe('a lock that was left', () => {
  it('by a process that has ended is had at once', async () => {
    const { folder } = left(dead())
    expect(await take(folder, LONG)).toBe('had')
    expect(readdirSync(folder)).toEqual([])
  })

  it.runIf(process.platform === 'linux')('by one whose number another has now is had at once', async () => {
    const { folder } = left({ ...newOwner(), pid: process.ppid, began: '1' })
    expect(await take(folder, LONG)).toBe('had')
  })

  it.each<[string, LockOwner | string]>([
    ['on another machine', onAnotherHost()],
    ['by nobody who is known', ''],
    ['by nobody who is known, with something in it', 'not ours'],
  ])('%s is had when its lease has passed', async (_, owner) => {
    const { folder } = left(owner, 3600)
    // Only the lease of the store counts: to watch it for two signs of life takes 80 ms.
    expect(await take(folder, 200)).toBe('had')
    expect(readdirSync(folder)).toEqual([])
  })

  it('is had although its time lies ahead of ours, when it has stayed as it is for a lease', async () => {
    const { folder } = left(onAnotherHost(), -86_400)
    expect(await take(folder, 200)).toBe('had')
  })

  it('is not had because it is old, while signs of life come: a machine that slept', async () => {
    const { folder, path } = left(onAnotherHost(), 3600)
    let seconds = 3600
    const signs = setInterval(() => put(path, readFileSync(path, 'utf8'), --seconds), 20)
    const waiting = take(folder, 1000)
    await expect(waiting).rejects.toMatchObject({
      code: 'ERR_AUTH_STORE_LOCKED',
      message: expect.stringMatching(/^after 2 s the lock on a token is still held by process \d+ on other$/),
    })
    clearInterval(signs)
  })

  it('is waited for until the signal is aborted', async () => {
    const { folder, path } = left(onAnotherHost())
    const controller = new AbortController()
    const reason = new Error('enough')
    const store = fileTokenStore({ folder })
    const waiting = store.withLock(id, async () => 'had', { signal: controller.signal })
    const refused = expect(waiting).rejects.toBe(reason)
    await sleep(30)
    controller.abort(reason)
    await refused
    expect(lookAt(path)).toBeDefined()
    expect(readdirSync(folder)).toEqual([`${id}.lock`])
  })
})

describe('a lock that is held', () => {
  it('names its holder and is touched again and again, with the same in it', async () => {
    const folder = tempDir()
    const path = join(folder, `${id}.lock`)
    await fileTokenStore({ folder, lease: 200 }).withLock(id, async () => {
      const [text, { mtimeMs }] = [readFileSync(path, 'utf8'), statSync(path)]
      expect(parseOwner(text)).toMatchObject({ pid: process.pid })
      while (statSync(path).mtimeMs === mtimeMs) await sleep(10)
      expect(readFileSync(path, 'utf8')).toBe(text)
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('and was taken over meanwhile is not touched and not removed', async () => {
    const folder = tempDir()
    const path = join(folder, `${id}.lock`)
    const next = newOwner()
    await fileTokenStore({ folder, lease: 200 }).withLock(id, async () => {
      expect(removeRecord(path, lookAt(path)?.instance ?? '', 200)).toBe(true)
      put(path, next, 3600)
      await sleep(100)
    })
    expect(lookAt(path)?.instance).toBe(next.nonce)
    expect(lookAt(path)?.touched).toBeLessThan(Date.now() - 1_800_000)
  })

  it('by this process too is an error that names it', async () => {
    const store = fileTokenStore({ folder: tempDir(), lease: 100 })
    await store.withLock(id, async () => {
      const message = expect.stringContaining(`process ${process.pid} on `)
      await expect(store.withLock(id, async () => 'had')).rejects.toMatchObject({
        code: 'ERR_AUTH_STORE_LOCKED',
        message,
      })
    })
  })

  it('and cannot be removed is a warning; the result stays', async () => {
    const warnings: string[] = []
    const folder = tempDir()
    const store = fileTokenStore({ folder, onWarning: (warning) => warnings.push(warning) })
    const { chmodSync, renameSync } = await import('node:fs')
    const away = join(tempDir(), 'away')
    expect(
      await store.withLock(id, async () => {
        renameSync(folder, away)
        writeFileSync(folder, '')
        chmodSync(folder, 0o600)
        return 'result'
      }),
    ).toBe('result')
    expect(warnings).toEqual([expect.stringMatching(/^cannot remove the lock /)])
  })
})

describe('removing a lock', () => {
  it('that was seen, and that another has removed and taken since, leaves the new one', () => {
    const { folder, path } = left(dead())
    const seen = lookAt(path)?.instance ?? ''
    expect(removeRecord(path, seen, LONG)).toBe(true)
    put(path, newOwner())
    expect(removeRecord(path, seen, LONG)).toBe(false)
    expect(readdirSync(folder)).toEqual([`${id}.lock`])
  })

  it('is left to who is at it', () => {
    const { folder, path } = left(dead())
    const seen = lookAt(path)?.instance ?? ''
    put(join(folder, `${seen}.guard`), newOwner())
    expect(removeRecord(path, seen, LONG)).toBe(false)
    expect(readdirSync(folder)).toHaveLength(2)
  })

  it.each<[string, LockOwner | string, number]>([
    ['was killed at it', dead(), 0],
    ['was at it for a lease', onAnotherHost(), 3600],
    ['left something that cannot be read', '', 3600],
  ])('is taken over from who %s', async (_, owner, secondsOld) => {
    const { folder, path } = left(dead())
    const seen = lookAt(path)?.instance ?? ''
    const guard = put(join(folder, `${seen}.guard`), owner, secondsOld)
    // Who took the guard over was killed too.
    put(join(folder, `${lookAt(guard)?.instance}.guard`), dead())
    expect(await take(folder, 300_000)).toBe('had')
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('the owner of a lock', () => {
  it('is read as it was written', () => {
    const owner = newOwner()
    expect(parseOwner(JSON.stringify(owner))).toEqual(owner)
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    ...['nonce', 'host', 'pid', 'realm', 'began'].map((field) => {
      return JSON.stringify({ ...newOwner(), [field]: {} })
    }),
    JSON.stringify({ ...newOwner(), nonce: '../../x' }),
    JSON.stringify({ ...newOwner(), pid: 0 }),
    JSON.stringify({ ...newOwner(), pid: -1 }),
    JSON.stringify({ ...newOwner(), pid: 1.5 }),
  ])('is not read from %j', (text) => {
    expect(parseOwner(text)).toBeUndefined()
  })

  it('has ended only where that is known', () => {
    expect(hasEnded(newOwner())).toBe(false)
    expect(hasEnded({ ...newOwner(), pid: 1, began: '' })).toBe(false)
    expect(hasEnded(dead())).toBe(true)
    expect(hasEnded({ ...onAnotherHost(), pid: NOBODY })).toBe(false)
  })
})
