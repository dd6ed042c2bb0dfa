/**
 * SoftHSM2 with tokens of its own, in a folder that goes away. Its configuration is read from the environment when
 * the module is initialised, so there is one for each test file.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../../../interop/support/run.ts'
import { findModule, tempDir } from '../../../support/tools.ts'
import type { Token } from './token-tool.ts'

const softHsmModule = findModule('libsofthsm2.so') as string

/** For tokens of tests only. */
export const userPin = '24681357'
const soPin = '76543210'

export interface SoftHsm {
  readonly module: string
  /** The variable that this process, and programs that are to see the tokens, need. */
  readonly env: Readonly<Record<string, string>>
  /** Where the tokens are. */
  readonly folder: string
  /** Initialises a further token. */
  addToken(label: string): Promise<Token>
}

/** Makes this process's SoftHSM2 an empty one. */
export function openSoftHsm(): SoftHsm {
  const folder = tempDir()
  const tokens = join(folder, 'tokens')
  mkdirSync(tokens)
  const configuration = join(folder, 'softhsm2.conf')
  const lines = [`directories.tokendir = ${tokens}`, 'objectstore.backend = file', 'log.level = ERROR']
  writeFileSync(configuration, `${lines.join('\n')}\n`)
  const env = { SOFTHSM2_CONF: configuration }
  Object.assign(process.env, env)
  return {
    module: softHsmModule,
    env,
    folder: tokens,
    async addToken(label) {
      const pins = ['--pin', userPin, '--so-pin', soPin]
      await mustRun('softhsm2-util', ['--init-token', '--free', '--label', label, ...pins], { env })
      return { module: softHsmModule, label, pin: userPin, env }
    },
  }
}
