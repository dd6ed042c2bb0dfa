/** The floors of the house: the rules hold here, and they bite where they are broken. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { root, tempDir } from '../support/tools.ts'

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

type Tree = Readonly<Record<string, string>>

function depcruise(folder: string, outputType: string) {
  const command = join(root, 'node_modules/.bin/depcruise')
  const config = join(root, '.dependency-cruiser.cjs')
  const args = [command, '--config', config, '--output-type', outputType, 'src', 'providers', 'apps']
  // More than the usual mebibyte is said of this house.
  const maxBuffer = 64 * 1024 * 1024
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer })
}

function violations(folder: string): string[] {
  const { stdout, stderr } = depcruise(folder, 'json')
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser said: ${stderr}${stdout}`)
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } }
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`).sort()
}

/** A small house that keeps the rules, with files changed or added. */
function house(changes: Tree = {}): string {
  const folder = tempDir()
  const files: Tree = {
    'package.json': JSON.stringify({
      type: 'module',
      dependencies: { declared: '1' },
      devDependencies: { helper: '1' },
    }),
    'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }',
    'node_modules/declared/package.json': '{ "name": "declared", "type": "module", "main": "main.js" }',
    'node_modules/declared/main.js': 'export default 1\n',
    'node_modules/helper/package.json': '{ "name": "helper", "type": "module", "main": "main.js" }',
    'node_modules/helper/main.js': 'export default 1\n',
    'src/errors.ts': 'export const errors = 1\n',
    'src/asn1/index.ts': "export { errors } from '../errors.ts'\n",
    'src/algorithms/index.ts': "import 'node:crypto'\nexport * from '../asn1/index.ts'\n",
    'src/x509/index.ts': "export * from '../algorithms/index.ts'\n",
    'src/cms/index.ts': "import 'declared'\nexport * from '../x509/index.ts'\n",
    'src/credentials/index.ts': "export * from '../x509/index.ts'\n",
    'src/signer/index.ts': "export * from '../cms/index.ts'\nimport '../credentials/index.ts'\n",
    'src/index.ts': "export * from './signer/index.ts'\n",
    'providers/software/index.ts': "export * from '../../src/signer/index.ts'\n",
    'providers/pkcs11/index.ts': "export * from '../../src/signer/index.ts'\n",
    'providers/open.ts': "export const open = () => import('./software/index.ts')\n",
    'apps/cli/main.ts': "import '../../providers/open.ts'\nimport '../../src/index.ts'\n",
    'apps/demo/main.ts': "import '../../providers/software/index.ts'\n",
    'test/helper.ts': 'export const helper = 1\n',
    ...changes,
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

describe('the floors', () => {
  it('are kept by this project', () => {
    expect(violations(root)).toEqual([])
  })

  it('let a room import what lies below it', () => {
    const folder = house()
    expect(violations(folder)).toEqual([])
    expect(depcruise(folder, 'err').status).toBe(0)
  })

  it('refuse everything else', () => {
    const bad = house({
      'src/algorithms/up.ts': "import '../cms/other.ts'\n",
      'src/asn1/type.ts': "import type { Name } from '../x509/other.ts'\nexport type Mine = Name\n",
      'src/cms/neighbour.ts': "import '../credentials/other.ts'\n",
      'src/cms/other.ts': 'export {}\n',
      'src/credentials/lazy.ts': "export const later = () => import('../cms/other.ts')\n",
      'src/credentials/other.ts': 'export {}\n',
      'src/signer/up.ts': "import '../http/index.ts'\n",
      'src/http/index.ts': 'export {}\n',
      'src/signer/other.ts': 'export {}\n',
      'src/signer/provider.ts': "import '../../providers/software/other.ts'\n",
      'src/signer/program.ts': "export { x } from '../../apps/cli/other.ts'\n",
      'src/x509/other.ts': "export type Name = string\nimport '../index.ts'\n",
      'src/x509/tests.ts': "import '../../test/helper.ts'\n",
      'src/x509/tool.ts': "import 'helper'\n",
      'src/x509/nowhere.ts': "import 'undeclared'\n",
      'src/attic/index.ts': "import '../errors.ts'\n",
      'providers/pkcs11/neighbour.ts': "import '../software/other.ts'\n",
      'providers/software/other.ts': 'export {}\n',
      'providers/software/up.ts': "import '../../apps/cli/other.ts'\n",
      'apps/cli/other.ts': 'export const x = 1\n',
      'apps/demo/neighbour.ts': "import '../cli/other.ts'\n",
      'src/asn1/a.ts': "import './b.ts'\n",
      'src/asn1/b.ts': "import './a.ts'\n",
    })
    expect(depcruise(bad, 'err').status).not.toBe(0)
    expect(violations(bad)).toEqual(
      [
        'declared dependencies only: src/x509/nowhere.ts -> undeclared',
        'declared dependencies only: src/x509/tool.ts -> node_modules/helper/main.js',
        'everything resolves: src/x509/nowhere.ts -> undeclared',
        'floor: apps/demo/: apps/demo/neighbour.ts -> apps/cli/other.ts',
        'floor: providers/pkcs11/: providers/pkcs11/neighbour.ts -> providers/software/other.ts',
        'floor: providers/software/: providers/software/up.ts -> apps/cli/other.ts',
        'floor: src/algorithms/: src/algorithms/up.ts -> src/cms/other.ts',
        'floor: src/asn1/: src/asn1/type.ts -> src/x509/other.ts',
        'floor: src/cms/: src/cms/neighbour.ts -> src/credentials/other.ts',
        'floor: src/credentials/: src/credentials/lazy.ts -> src/cms/other.ts',
        'floor: src/signer/: src/signer/program.ts -> apps/cli/other.ts',
        'floor: src/signer/: src/signer/provider.ts -> providers/software/other.ts',
        'floor: src/signer/: src/signer/up.ts -> src/http/index.ts',
        'floor: src/x509/: src/x509/other.ts -> src/index.ts',
        'floor: src/x509/: src/x509/tests.ts -> test/helper.ts',
        'no circular imports: src/asn1/a.ts -> src/asn1/b.ts',
        'room not in the table: src/attic/index.ts -> src/errors.ts',
      ].sort(),
    )
  })
})

/** The TypeScript files below a folder of the project, as paths from the root. */
function sources(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))
}

/** The statements of an index file that are more than a re-export. */
function otherStatements(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest)
  return file.statements
    .filter((statement) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined))
    .map((statement) => text.slice(statement.pos, statement.end).trim())
}

describe('index files', () => {
  const files = ['src', 'providers', 'apps'].flatMap(sources).filter((name) => name.endsWith('index.ts'))

  it('only re-export', () => {
    const told = files.flatMap((name) =>
      otherStatements(name, readFileSync(join(root, name), 'utf8')).map(
        (statement) => `${name}: ${statement}`,
      ),
    )
    expect(told).toEqual([])
  })

  it('are found, and other statements in them are seen', () => {
    expect(files).toContain('src/asn1/index.ts')
    const text =
      "export * from './a.ts'\nexport type { B } from './b.ts'\nexport const c = 1\nlet d\nexport { d }\n"
    expect(otherStatements('index.ts', text)).toEqual(['export const c = 1', 'let d', 'export { d }'])
  })
})

/** Words that only someone who knows a provider would write. Examples in comments may show one. */
const providerWords =
  /providers\/|open(software|pkcs11|validata)\w*|pkcs11(js|:)|softhsm|opencryptoki|validata/gi
const example = /```ts\n[\s\S]*?```/g

function namedProviders(text: string): string[] {
  return text.replace(example, '').match(providerWords) ?? []
}

describe('no provider is named in src/', () => {
  it('in no file', () => {
    const files = sources('src')
    expect(files.length).toBeGreaterThan(10)
    const told = files.flatMap((name) =>
      namedProviders(readFileSync(join(root, name), 'utf8')).map((word) => `${name}: ${word}`),
    )
    expect(told).toEqual([])
  })

  it('but would be seen', () => {
    const text = "const x = await import('../../providers/software/index.ts') // SoftHSM, as pkcs11:token=x\n"
    expect(namedProviders(text)).toEqual(['providers/', 'SoftHSM', 'pkcs11:'])
    expect(
      namedProviders(` * @example\n * \`\`\`ts\n * import 'sealkit/providers/software'\n * \`\`\`\n`),
    ).toEqual([])
  })
})
