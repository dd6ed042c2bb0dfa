/** File systems that are not as one would like: what Node's own functions say there, said here. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { fileTokenStore } from '../../../src/auth/store/file-store.ts'
import { newOwner } from '../../../src/auth/store/lock-owner.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { tempDir } from '../../support/tools.ts'
import { tokenStoreTests } from './conformance.ts'
import { key } from './entries.ts'

const id = tokenKeyId(key('alice'))
const { linkSync } = fs

function setLink(link: typeof linkSync): void {
  fs.linkSync = link
  syncBuiltinESMExports()
}

afterEach(() => setLink(linkSync))

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** Ten stores, as in ten processes, that take turns; most of them find the lock held. */
async function takeTurns(folder: string): Promise<number> {
  let inside = 0
  let most = 0
  const action = async () => {
    most = Math.max(most, ++inside)
    await sleep(1)
    inside--
  }
  const stores = Array.from({ length: 10 }, () => fileTokenStore({ folder, lease: 900_000 }))
  await Promise.all(stores.map((store) => store.withLock(id, action)))
  return most
}

describe.each(['EPERM', 'EACCES', 'ENOTSUP', 'ENOSYS'])('where links are refused with %s', (code) => {
  const refuse = () =>
    setLink(() => {
      throw systemError(code)
    })

  it('the lock is had by one at a time', async () => {
    refuse()
    const folder = tempDir()
    expect(await takeTurns(folder)).toBe(1)
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it('and is taken over from a process that has ended', async () => {
    refuse()
    const folder = tempDir()
    fs.writeFileSync(join(folder, `${id}.lock`), JSON.stringify({ ...newOwner(), pid: 2 ** 22 + 1 }))
    expect(await takeTurns(folder)).toBe(1)
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe('where the answer to a link was lost, and it is asked for again', () => {
  it('the lock is ours all the same', async () => {
    setLink((from, to) => {
      linkSync(from, to)
      throw systemError('EEXIST')
    })
    const folder = tempDir()
    expect(await takeTurns(folder)).toBe(1)
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe('where a link fails for another reason', () => {
  it('the error says it, and nothing stays', async () => {
    setLink(() => {
      throw systemError('ENOSPC')
    })
    const folder = tempDir()
    await expect(takeTurns(folder)).rejects.toMatchObject({
      code: 'ERR_AUTH_STORE',
      message: expect.stringMatching(/^cannot lock .*: there is no space left$/),
    })
    while (fs.readdirSync(folder).length > 0) await sleep(5)
  })
})

tokenStoreTests('fileTokenStore, reached by a link,', () => {
  const real = tempDir()
  const link = join(tempDir(), 'link')
  fs.symlinkSync(real, link)
  return fileTokenStore({ folder: link })
})
