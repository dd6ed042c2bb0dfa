import { checkEntry, checkId } from './entry.ts'
import { TurnQueue } from './queue.ts'
import type { TokenEntry, TokenStore } from './token-store.ts'

/**
 * Keeps tokens in this process, and nowhere else: with it they end. Several clients may share one.
 *
 * @returns a store whose methods throw a TypeError for an entry or an id of the wrong shape
 * @example
 * ```ts
 * import { memoryTokenStore } from 'sealkit/auth'
 * const store = memoryTokenStore()
 * console.log(await store.list())
 * ```
 */
export function memoryTokenStore(): TokenStore {
  const entries = new Map<string, TokenEntry>()
  const queue = new TurnQueue()
  return {
    async read(id) {
      checkId(id)
      return entries.get(id)
    },
    async write(id, entry) {
      entries.set(id, checkEntry(id, entry))
    },
    async remove(id) {
      checkId(id)
      return entries.delete(id)
    },
    async list() {
      return [...entries.values()]
    },
    async withLock(id, action, options) {
      checkId(id)
      return await queue.run(id, action, options)
    },
  }
}
