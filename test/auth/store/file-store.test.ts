import { getEventListeners } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileTokenStore } from '../../../src/auth/store/file-store.ts'
import { memoryTokenStore } from '../../../src/auth/store/memory-store.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { tempDir } from '../../support/tools.ts'
import { tokenStoreTests } from './conformance.ts'
import { key } from './entries.ts'

const newStore = () => fileTokenStore({ folder: join(tempDir(), 'tokens') })

tokenStoreTests('fileTokenStore', newStore)

describe.each([
  ['memoryTokenStore', memoryTokenStore],
  ['fileTokenStore', newStore],
])('%s', (_, make) => {
  it('leaves nothing at a signal that lives longer than the waiting', async () => {
    const store = make()
    const { signal } = new AbortController()
    const id = tokenKeyId(key('alice'))
    await Promise.all(Array.from({ length: 5 }, () => store.withLock(id, async () => {}, { signal })))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
