/** The manual pages of the build, and that package.json names them: npm links those into the manual of the system. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../apps/cli/commands.ts'
import { build } from '../../scripts/build.mjs'
import { root } from '../support/tools.ts'

const expected = ['sealkit', ...COMMANDS.map(({ name }) => `sealkit-${name.replaceAll(' ', '-')}`)].sort()
const { man, files, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

describe('manual pages', () => {
  beforeAll(build)

  it('are in the build, one for each command', () => {
    const names = readdirSync(join(root, 'dist/man'))
    expect(names.sort()).toEqual(expected.map((name) => `${name}.1`).sort())
    for (const name of names) {
      expect(readFileSync(join(root, 'dist/man', name), 'utf8')).toContain(
        `"sealkit ${version.replaceAll('-', '\\-')}"`,
      )
    }
  })

  it.skipIf(man === undefined)('are all named in package.json', () => {
    expect([...man].sort()).toEqual(expected.map((name) => `dist/man/${name}.1`).sort())
    expect(files).toContain('dist/man')
  })
})
