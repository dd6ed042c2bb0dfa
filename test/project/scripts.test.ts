/** The scripts behind `npm test` and `npm start`: they set up when they must, and they can fail. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { debianPackages } from '../../scripts/debian-packages.mjs'
import { isInstalled, npmEnvironment } from '../../scripts/install.mjs'
import { setUpPkcs11js } from '../../scripts/pkcs11js.mjs'
import { root, tempDir } from '../support/tools.ts'

type Packages = Readonly<Record<string, { version: string; integrity: string; optional?: boolean }>>

const a = { version: '1.0.0', integrity: 'sha512-a' }
const b = { version: '2.0.0', integrity: 'sha512-b' }

/** A project whose lock file wants some packages, with what npm noted as installed. */
function project(wanted: Packages, noted?: Packages): string {
  const folder = tempDir()
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
  const note = join(folder, 'node_modules/.package-lock.json')
  if (noted !== undefined) writeFileSync(note, JSON.stringify({ packages: noted }))
  return folder
}

describe('isInstalled', () => {
  it.each<[string, boolean, Packages, Packages | undefined]>([
    ['all of it is there', true, { 'node_modules/a': a }, { 'node_modules/a': a }],
    ['what lacks is for another platform', true, { 'node_modules/a': { ...a, optional: true } }, {}],
    ['the installation was cut short', false, { 'node_modules/a': a }, undefined],
    ['a package lacks', false, { 'node_modules/a': a, 'node_modules/b': b }, { 'node_modules/a': a }],
    [
      'a version is another',
      false,
      { 'node_modules/a': a },
      { 'node_modules/a': { ...a, version: '1.0.1' } },
    ],
    [
      'a hash is another',
      false,
      { 'node_modules/a': a },
      { 'node_modules/a': { ...a, integrity: 'sha512-x' } },
    ],
    ['a package is left over', false, { 'node_modules/a': a }, { 'node_modules/a': a, 'node_modules/b': b }],
  ])('%s: %s', (_, answer, wanted, noted) => {
    expect(isInstalled(project(wanted, noted))).toBe(answer)
  })
})

it('npmEnvironment drops what an outer npm says about itself, and keeps the settings of the user', () => {
  const before = { ...process.env }
  Object.assign(process.env, { npm_package_name: 'x', npm_config_local_prefix: '/x', npm_config_cache: '/c' })
  const seen = npmEnvironment()
  for (const name of ['npm_package_name', 'npm_config_local_prefix', 'npm_config_cache']) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
  expect(seen).toMatchObject({ npm_config_cache: '/c', PATH: before['PATH'] })
  expect(seen).not.toHaveProperty('npm_package_name')
  expect(seen).not.toHaveProperty('npm_config_local_prefix')
})

describe('the Debian packages', () => {
  it('each say what for, and none twice', () => {
    expect(debianPackages.filter(({ for: why }) => why.length < 5)).toEqual([])
    expect(new Set(debianPackages.map(({ name }) => name)).size).toBe(debianPackages.length)
  })
})

describe('setUpPkcs11js', () => {
  const native = 'build/Release/pkcs11.node'
  /** A project in which pkcs11js is installed, but not built; its build is a script of ours. */
  function unbuilt(script: string): { folder: string; native: string } {
    const folder = tempDir()
    const pkcs11js = join(folder, 'node_modules/pkcs11js')
    mkdirSync(pkcs11js, { recursive: true })
    const json = { name: 'pkcs11js', version: '2.1.7', scripts: { install: 'node build.js' } }
    writeFileSync(join(pkcs11js, 'package.json'), JSON.stringify(json))
    writeFileSync(join(pkcs11js, 'build.js'), script)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { pkcs11js: '2.1.7' } }))
    return { folder, native: join(pkcs11js, native) }
  }
  const makes = `const { mkdirSync, writeFileSync } = require('node:fs')
    mkdirSync('build/Release', { recursive: true })
    writeFileSync('${native}', 'built')`

  beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })
  const said = () =>
    vi
      .mocked(process.stderr.write)
      .mock.calls.map(([text]) => text)
      .join('')

  it('builds what is missing, though npm is told to run no scripts', async () => {
    vi.stubEnv('npm_config_ignore_scripts', 'true')
    const project = unbuilt(makes)
    await setUpPkcs11js(project.folder)
    expect(existsSync(project.native)).toBe(true)
    expect(said()).toContain('pkcs11js built')
  })

  it('leaves what is built alone', async () => {
    const project = unbuilt('process.exit(1)')
    mkdirSync(dirname(project.native), { recursive: true })
    writeFileSync(project.native, '')
    await setUpPkcs11js(project.folder)
    expect(said()).toBe('')
  })

  it('says what is missing and goes on', async () => {
    vi.stubEnv('CI', '')
    await setUpPkcs11js(unbuilt('process.exit(1)').folder)
    expect(said()).toContain('the suites with PKCS#11 tokens will be skipped: cannot build pkcs11js: ')
  })

  it('fails in CI', async () => {
    vi.stubEnv('CI', 'true')
    await expect(setUpPkcs11js(unbuilt('process.exit(1)').folder)).rejects.toThrow('cannot build pkcs11js')
  })
})

describe('npm test', () => {
  /** Runs scripts/test.mjs on a suite of its own. */
  function runSuite(files: Readonly<Record<string, string>>) {
    const folder = tempDir()
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), `import { expect, it } from 'vitest'\n${text}\n`)
    }
    const args = [join(root, 'scripts/test.mjs'), '--root', folder]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    return { status, closing: stdout.trimEnd().split('\n').at(-1) }
  }
  const good = "it('adds', () => expect(1 + 1).toBe(2))\nit.skip('later', () => expect(1).toBe(2))"

  it('ends well when all is well, with the numbers on the last line', () => {
    expect(runSuite({ 'a.test.js': good })).toEqual({ status: 0, closing: '1 passed, 0 failed, 1 skipped' })
  })

  it('fails for a broken test', () => {
    const files = { 'a.test.js': good, 'b.test.js': "it('adds', () => expect(1 + 1).toBe(3))" }
    expect(runSuite(files)).toEqual({ status: 1, closing: '1 passed, 1 failed, 1 skipped' })
  })

  it('fails for a test file that cannot be loaded', () => {
    const files = { 'a.test.js': good, 'b.test.js': "import './nowhere.js'" }
    expect(runSuite(files)).toEqual({ status: 1, closing: '1 passed, 1 failed, 1 skipped' })
  })

  it('fails for an error outside of the tests', () => {
    const late =
      "it('is quick', async () => { setTimeout(() => { throw new Error('late') }); await new Promise((r) => setTimeout(r, 50)) })"
    expect(runSuite({ 'a.test.js': late })).toEqual({ status: 1, closing: '1 passed, 1 failed, 0 skipped' })
  })

  it('fails when there is no test', () => {
    expect(runSuite({ 'a.js': '' })).toMatchObject({ status: 1 })
  })
})
