/** What every token store must do, proved by its interface alone. */
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { TokenEntry, TokenStore } from '../../../src/auth/store/token-store.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { fullEntry, key } from './entries.ts'

const alice = tokenKeyId(key('alice'))
const bob = tokenKeyId(key('bob'))

/**
 * The suite.
 *
 * @param make a new store with nothing in it, at each call
 */
export function tokenStoreTests(name: string, make: () => TokenStore | Promise<TokenStore>): void {
  describe(`${name} keeps`, () => {
    it('nothing at first', async () => {
      const store = await make()
      expect(await store.read(alice)).toBeUndefined()
      expect(await store.list()).toEqual([])
      expect(await store.remove(alice)).toBe(false)
    })

    it.each<[string, TokenEntry]>([
      ['every field', fullEntry('alice')],
      ['a key alone', { key: key('alice') }],
      [
        'fields that are undefined',
        {
          key: key('alice'),
          token: { accessToken: 'x', refreshToken: undefined, issuedAt: 0, expiresAt: 1 },
          refusal: undefined,
        },
      ],
    ])('%s as it was given', async (_, entry) => {
      const store = await make()
      await store.write(alice, entry)
      expect(await store.read(alice)).toEqual(entry)
      expect(await store.list()).toEqual([entry])
    })

    it('a token of 32 KiB', async () => {
      const store = await make()
      const entry = fullEntry('alice', 'x'.repeat(32 * 1024))
      await store.write(alice, entry)
      expect(await store.read(alice)).toEqual(entry)
    })

    it('what was written last, whole: no field of what was there before', async () => {
      const store = await make()
      await store.write(alice, fullEntry('alice'))
      await store.write(alice, { key: key('alice') })
      expect(await store.read(alice)).toEqual({ key: key('alice') })
    })

    it('ids apart', async () => {
      const store = await make()
      await store.write(alice, fullEntry('alice'))
      await store.write(bob, fullEntry('bob'))
      expect(await store.read(alice)).toEqual(fullEntry('alice'))
      expect(await store.read(bob)).toEqual(fullEntry('bob'))
      expect(await store.list()).toHaveLength(2)
      expect(await store.remove(alice)).toBe(true)
      expect(await store.remove(alice)).toBe(false)
      expect(await store.read(alice)).toBeUndefined()
      expect(await store.list()).toEqual([fullEntry('bob')])
    })

    it('what was given, not what the caller makes of it later', async () => {
      const store = await make()
      const entry = structuredClone(fullEntry('alice')) as { key: { account: string }; token: object }
      await store.write(alice, entry as unknown as TokenEntry)
      entry.key.account = 'mallory'
      Object.assign(entry.token, { accessToken: 'of mallory' })
      expect(await store.read(alice)).toEqual(fullEntry('alice'))
      const read = (await store.read(alice)) as unknown as { token: { accessToken: string } }
      try {
        read.token.accessToken = 'of mallory'
      } catch {
        // A store may give what cannot be changed.
      }
      expect(await store.read(alice)).toEqual(fullEntry('alice'))
    })
  })

  describe(`the lock of ${name}`, () => {
    it('gives what the action gives', async () => {
      const store = await make()
      expect(await store.withLock(alice, async () => 42)).toBe(42)
    })

    it('lets the action read, write and remove', async () => {
      const store = await make()
      await store.withLock(alice, async () => {
        await store.write(alice, fullEntry('alice'))
        expect(await store.read(alice)).toEqual(fullEntry('alice'))
        expect(await store.remove(alice)).toBe(true)
      })
    })

    it('is released when the action throws', async () => {
      const store = await make()
      const error = new Error('of the action')
      const failing = store.withLock(alice, async () => {
        throw error
      })
      await expect(failing).rejects.toBe(error)
      expect(await store.withLock(alice, async () => 'next')).toBe('next')
    })

    it('is held by one of fifty at a time', async () => {
      const store = await make()
      let inside = 0
      let most = 0
      let count = 0
      const action = async () => {
        most = Math.max(most, ++inside)
        const seen = count
        await turn()
        count = seen + 1
        inside--
      }
      await Promise.all(Array.from({ length: 50 }, () => store.withLock(alice, action)))
      expect({ most, count }).toEqual({ most: 1, count: 50 })
    })

    it('is one for each id', async () => {
      const store = await make()
      const order: string[] = []
      await store.withLock(alice, async () => {
        await store.withLock(bob, async () => void order.push('bob'))
        order.push('alice')
      })
      expect(order).toEqual(['bob', 'alice'])
    })

    it('does not begin for a signal that was aborted', async () => {
      const store = await make()
      const reason = new Error('enough')
      const ran: string[] = []
      const options = { signal: AbortSignal.abort(reason) }
      await expect(store.withLock(alice, async () => ran.push('aborted'), options)).rejects.toBe(reason)
      expect(ran).toEqual([])
      expect(await store.withLock(alice, async () => 'next')).toBe('next')
    })

    it('is waited for until the signal is aborted, and those behind stay in the row', async () => {
      const store = await make()
      const controller = new AbortController()
      const reason = new Error('enough')
      const ran: string[] = []
      let waiting: Promise<unknown>[] = []
      await store.withLock(alice, async () => {
        const leaving = store.withLock(alice, async () => ran.push('left'), { signal: controller.signal })
        const staying = store.withLock(alice, async () => ran.push('stayed'))
        waiting = [expect(leaving).rejects.toBe(reason), staying]
        await turn()
        controller.abort(reason)
        await waiting[0]
        ran.push('held')
      })
      await Promise.all(waiting)
      expect(ran).toEqual(['held', 'stayed'])
    })

    it('takes no notice of a signal that is aborted when it is held', async () => {
      const store = await make()
      const controller = new AbortController()
      const result = await store.withLock(
        alice,
        async () => {
          controller.abort()
          await turn()
          return 'done'
        },
        { signal: controller.signal },
      )
      expect(result).toBe('done')
    })
  })
}
