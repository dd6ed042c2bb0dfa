/** test/support/tools.ts: a suite that lacks something is skipped aloud, and fails in CI. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root, tempDir } from '../support/tools.ts'

/** Runs a suite that needs OpenSSL, on a path that may lack it. */
function runSuite(path: string, ci: string) {
  const folder = tempDir()
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const suite = [
    `import { describeWith } from ${JSON.stringify(join(root, 'test/support/tools.ts'))}`,
    "import { it } from 'vitest'",
    "describeWith('openssl', 'with OpenSSL', () => { it('runs', () => {}) })",
  ]
  writeFileSync(join(folder, 'a.test.js'), suite.join('\n'))
  const vitest = join(root, 'node_modules/.bin/vitest')
  const args = [vitest, 'run', '--root', folder, '--reporter=verbose', '--no-color']
  const env = { ...process.env, PATH: path, CI: ci }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  return { status, printed: stdout + stderr }
}

/** A path with a program called openssl. */
function pathWithOpenssl(): string {
  const folder = tempDir()
  writeFileSync(join(folder, 'openssl'), '#!/bin/sh\n', { mode: 0o755 })
  return folder
}

it('runs a suite that has what it needs', () => {
  expect(runSuite(pathWithOpenssl(), 'true')).toMatchObject({
    status: 0,
    printed: expect.stringMatching(/with OpenSSL > runs[\s\S]*1 passed/),
  })
})

it('skips a suite that lacks something, and says what and how to install it', () => {
  const reason = 'with OpenSSL (skipped: openssl is missing: sudo apt-get install -y openssl)'
  expect(runSuite(tempDir(), '')).toMatchObject({ status: 0, printed: expect.stringContaining(reason) })
})

it('fails in CI for a suite that lacks something', () => {
  const { status, printed } = runSuite(tempDir(), 'true')
  expect(status).toBe(1)
  expect(printed).toContain('openssl is missing: sudo apt-get install -y openssl')
})

it('tempDir is for this user alone, and goes', () => {
  expect(statSync(tempDir()).mode & 0o777).toBe(0o700)
  const folder = tempDir()
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const suite = [
    `import { tempDir } from ${JSON.stringify(join(root, 'test/support/tools.ts'))}`,
    "import { writeFileSync } from 'node:fs'",
    "import { it } from 'vitest'",
    `it('makes one', () => writeFileSync(${JSON.stringify(join(folder, 'name'))}, tempDir()))`,
  ]
  writeFileSync(join(folder, 'a.test.js'), suite.join('\n'))
  const vitest = join(root, 'node_modules/.bin/vitest')
  expect(spawnSync(process.execPath, [vitest, 'run', '--root', folder]).status).toBe(0)
  const made = readFileSync(join(folder, 'name'), 'utf8')
  expect(made).toMatch(/sealkit-test-/)
  expect(existsSync(made)).toBe(false)
})
