import { join } from 'node:path'
import { fileTokenStore } from '../../../src/auth/store/file-store.ts'
import { tempDir } from '../../support/tools.ts'
import { tokenStoreTests } from './conformance.ts'

tokenStoreTests('fileTokenStore', () => fileTokenStore({ folder: join(tempDir(), 'tokens') }))
