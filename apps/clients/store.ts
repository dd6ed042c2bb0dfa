import { fileTokenStore } from '../../src/auth/store/file-store.ts'
import { memoryTokenStore } from '../../src/auth/store/memory-store.ts'
import type { TokenStore } from '../../src/auth/store/token-store.ts'
import type { Profile } from '../../src/config/index.ts'
import type { OpenOptions } from './options.ts'
import { textOf } from './settings.ts'

/** Where a profile wants its tokens to be kept. */
export function openStore(profile: Profile, { store, onWarning }: OpenOptions): TokenStore {
  if (store !== undefined) return store
  const place = textOf(profile, 'store') ?? 'file'
  if (place === 'memory') return memoryTokenStore()
  return fileTokenStore({ onWarning, ...(place === 'file' ? {} : { folder: place }) })
}
