import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { memoryTokenStore } from '../../../src/auth/store/memory-store.ts'
import type { TokenEntry, TokenStore } from '../../../src/auth/store/token-store.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { tokenStoreTests } from './conformance.ts'
import { fullEntry, key } from './entries.ts'

tokenStoreTests('memoryTokenStore', memoryTokenStore)
tokenStoreTests('a store by its interface alone', plainStore)

/** The least that is a store. */
function plainStore(): TokenStore {
  const texts = new Map<string, string>()
  const locks = new Map<string, Promise<unknown>>()
  return {
    read: async (id) => {
      const text = texts.get(id)
      return text === undefined ? undefined : (JSON.parse(text) as TokenEntry)
    },
    write: async (id, entry) => void texts.set(id, JSON.stringify(entry)),
    remove: async (id) => texts.delete(id),
    list: async () => [...texts.values()].map((text) => JSON.parse(text) as TokenEntry),
    async withLock<T>(id: string, action: () => Promise<T>, { signal }: { signal?: AbortSignal } = {}) {
      signal?.throwIfAborted()
      const before = locks.get(id) ?? Promise.resolve()
      const aborted = new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
      const turn = Promise.race([before, aborted])
      const run = turn.then(action)
      const settled = Promise.allSettled([before, run])
      locks.set(id, settled)
      return await run
    },
  }
}

describe('memoryTokenStore', () => {
  const id = tokenKeyId(key('alice'))

  it('shows no token to inspect and JSON', async () => {
    const store = memoryTokenStore()
    await store.write(id, fullEntry('alice'))
    const shown = inspect(store, { depth: 9, showHidden: true }) + JSON.stringify(store)
    expect(shown).not.toMatch(/of alice/)
  })

  it('refuses an id or an entry of another shape', async () => {
    const store = memoryTokenStore()
    for (const wrong of ['', '../x', 'a/b', 'a.b', 'x'.repeat(129), undefined as never]) {
      await expect(store.read(wrong)).rejects.toThrow(TypeError)
      await expect(store.write(wrong, fullEntry('alice'))).rejects.toThrow(TypeError)
      await expect(store.remove(wrong)).rejects.toThrow(TypeError)
      await expect(store.withLock(wrong, async () => {})).rejects.toThrow(TypeError)
    }
    const entries = [undefined, null, {}, { key: key('bob') }, { key: key('alice'), token: {} }]
    for (const wrong of entries) {
      await expect(store.write(id, wrong as never)).rejects.toThrow(TypeError)
    }
    expect(await store.list()).toEqual([])
  })
})
