/** 4 GiB signed and verified by a process whose memory does not grow with it. No time is asserted. */
import { closeSync, ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root, tempDir } from '../support/tools.ts'
import { built, runNode } from './support/built.ts'
import { vectorPath } from './support/identities.ts'

const LENGTH = 4 * 1024 ** 3

/** A file of zeros that takes no space. */
function sparseFile(): string {
  const file = join(tempDir(), 'large')
  const handle = openSync(file, 'w', 0o600)
  ftruncateSync(handle, LENGTH)
  closeSync(handle)
  return file
}

async function run(action: string, kind: string, file: string, input = ''): Promise<Record<string, unknown>> {
  const program = join(root, 'test/cms/support/large-content.mjs')
  const keys = [vectorPath('pki/p256.key'), vectorPath('pki/p256.crt')]
  const folder = join(await built(), 'src')
  const args = ['--max-old-space-size=64', program, folder, action, kind, ...keys, file]
  const { status, output } = await runNode(args, input)
  expect({ status, output }).toMatchObject({ status: 0 })
  return JSON.parse(output)
}

// One pass each: signed from a generator, verified from a file. Both hold the same 4 GiB of zeros.
it('4 GiB are signed and verified in constant memory', async () => {
  const file = sparseFile()
  const { signature, grown } = await run('sign', 'generator', file)
  expect(grown).toBeLessThan(100 * 1024 ** 2)
  const verified = await run('verify', 'file', file, String(signature))
  expect(verified['verdict']).toBe('valid')
  expect(verified['grown']).toBeLessThan(100 * 1024 ** 2)
})
