/** What a browser can load: no module of Node, none of its globals, in the rooms that must work there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/tools.ts'
import { browserOffences } from './support/browser-rules.ts'

const ROOMS = ['asn1', 'algorithms', 'x509', 'credentials', 'inspect']

it.each(ROOMS)('src/%s loads in a browser', (room) => {
  const index = join(root, 'src', room, 'index.ts')
  const { offences, modules } = browserOffences([index], (path) => readFileSync(path, 'utf8'), root)
  expect(modules.length).toBeGreaterThan(5)
  expect(offences).toEqual([])
})

describe('the rule', () => {
  const offencesOf = (files: Record<string, string>): string[] =>
    browserOffences(['/a.ts'], (path) => files[path] ?? '', '/').offences

  it.each([
    ["import { readFileSync } from 'node:fs'", 'imports node:fs'],
    ["import fs from 'fs'", 'imports fs'],
    ["import * as fs from 'node:fs'", 'imports node:fs'],
    ["import 'node:fs'", 'imports node:fs'],
    ["import { type Stats, statSync } from 'node:fs'", 'imports node:fs'],
    ["export { statSync } from 'node:fs'", 'imports node:fs'],
    ["export * from 'node:fs'", 'imports node:fs'],
    ["import forge from 'node-forge'", 'imports node-forge'],
    ['Buffer.from(bytes)', 'uses Buffer'],
    ['const a = [Buffer]', 'uses Buffer'],
    ['new Foo(process.env)', 'uses process'],
    ['if (process.platform) x()', 'uses process'],
    ['setImmediate(() => 1)', 'uses setImmediate'],
    ["const fs = require('fs')", 'uses require'],
    ['globalThis.Buffer.from(bytes)', 'uses globalThis.Buffer without a check'],
  ])('refuses %s', (text, offence) => {
    expect(offencesOf({ '/a.ts': text })).toEqual([`a.ts: ${offence}`])
  })

  it.each([
    "import type { KeyObject } from 'node:crypto'",
    "import { type KeyObject, type Sign } from 'node:crypto'",
    "export type { KeyObject } from 'node:crypto'",
    "type Fs = typeof import('node:fs')",
    "import { Field } from '@noble/curves/abstract/modular.js'",
    "const forge = await import('node-forge/lib/des.js')",
    'let b: typeof Buffer | undefined',
    "if (typeof process !== 'undefined') x()",
    'globalThis.process?.emit()',
    'const { process } = globalThis as { process?: Node }; process?.x()',
    'if (nodeCrypto !== undefined) globalThis.Buffer.from(bytes)',
    'x.process.y; const o = { process: 1, Buffer: 2 }',
    '// Buffer.from',
  ])('lets through %s', (text) => {
    expect(offencesOf({ '/a.ts': text })).toEqual([])
  })

  it('follows imports of values, and not of types', () => {
    const files = {
      '/a.ts': "import { b } from './dir/b.ts'\nimport type { d } from './d.ts'",
      '/dir/b.ts': "export { c } from '../c.ts'",
      '/c.ts': "import 'node:path'",
      '/d.ts': "import 'node:fs'",
    }
    expect(offencesOf(files)).toEqual(['c.ts: imports node:path'])
  })
})
