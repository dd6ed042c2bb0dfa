import type { TokenStore } from '../../src/auth/store/token-store.ts'

/**
 * A store that shows no tokens, so that there is one login; a refusal that it has stands in the way as ever. What comes
 * of the login is kept in the store itself; where it is refused, the token that is there stays.
 */
export function loginStore(store: TokenStore): TokenStore {
  return {
    ...bound(store),
    async read(id) {
      const entry = await store.read(id)
      if (entry === undefined) return undefined
      const { token: _, ...rest } = entry
      return rest
    },
    async write(id, entry) {
      const kept = entry.token ?? (await store.read(id))?.token
      await store.write(id, kept === undefined ? entry : { ...entry, token: kept })
    },
  }
}

function bound(store: TokenStore): TokenStore {
  return {
    read: (id) => store.read(id),
    write: (id, entry) => store.write(id, entry),
    remove: (id) => store.remove(id),
    list: () => store.list(),
    withLock: (id, action, options) => store.withLock(id, action, options),
  }
}
