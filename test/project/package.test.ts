/** The package as its users get it: packed, installed into an empty folder, imported, run. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { build } from '../../scripts/build.mjs'
import { npmCommand, npmEnvironment } from '../../scripts/install.mjs'
import { describeUnless, root, tempDir } from '../support/tools.ts'

interface Manifest {
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

interface Installed {
  /** A folder with nothing but the package and what it depends on */
  readonly folder: string
  /** Why it could not be installed */
  readonly offline: string | undefined
}

const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/

function npm(folder: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  const [command, ...first] = npmCommand()
  return spawnSync(command, [...first, ...args], { cwd: folder, encoding: 'utf8', env: npmEnvironment() })
}

async function install(): Promise<Installed> {
  await build()
  const packed = tempDir()
  const pack = npm(root, 'pack', '--ignore-scripts', '--pack-destination', packed)
  if (pack.status !== 0) throw new Error(`npm pack: ${pack.stderr}`)
  const tarball = join(packed, readdirSync(packed)[0] ?? '')
  const folder = tempDir()
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  // Without scripts nothing can be compiled, and nothing needs to be.
  const result = npm(folder, 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', tarball)
  if (result.status === 0) return { folder, offline: undefined }
  const code = unreachable.exec(result.stderr)?.[0]
  if (code === undefined) throw new Error(`npm install: ${result.stderr}`)
  return { folder, offline: `the registry is out of reach (${code})` }
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
const modules = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => subpath.replace(/^\./, 'sealkit'))
const { folder, offline } = await install()
const packageFolder = join(folder, 'node_modules/sealkit')

describeUnless(offline, 'the installed package', () => {
  it.each(modules)('%s is imported', (name) => {
    const script = `console.log(Object.keys(await import('${name}')).length)`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(Number(stdout)).toBeGreaterThan(0)
  })

  it('has types that a strict program compiles with, its libraries checked too', () => {
    const lines = modules.map((name, at) => `import * as m${at} from '${name}'\nvoid m${at}`)
    writeFileSync(join(folder, 'main.mts'), `${lines.join('\n')}\n`)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
    const options = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--skipLibCheck',
      'false',
      ...types,
    ]
    const args = [tsc, '--module', 'nodenext', '--target', 'es2023', ...options, 'main.mts']
    expect(spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout).toBe('')
  })

  it('knows its package.json', () => {
    const read = "process.stdout.write(require('sealkit/package.json').version)"
    const { stdout } = spawnSync(process.execPath, ['-e', read], { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe(manifest.version)
  })

  it('brings the command sealkit', () => {
    const command = join(folder, 'node_modules/.bin/sealkit')
    const version = spawnSync(command, ['--version'], { cwd: folder, encoding: 'utf8' })
    expect(version).toMatchObject({ status: 0, stderr: '' })
    expect(version.stdout).toContain(manifest.version)
    const help = spawnSync(command, ['--help'], { cwd: folder, encoding: 'utf8' })
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toMatch(/sign[\s\S]*verify/)
  })

  it('needs no dev dependency, no install script and no compiler', () => {
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>
    }
    const paths = Object.keys(lock.packages)
    const wanted = Object.keys(manifest.dependencies ?? {})
    expect(paths).toEqual(
      expect.arrayContaining(['sealkit', ...wanted].map((name) => `node_modules/${name}`)),
    )
    const development = Object.keys(manifest.devDependencies).map((name) => `node_modules/${name}`)
    expect(paths.filter((path) => development.includes(path))).toEqual([])
    expect(Object.values(lock.packages).filter(({ hasInstallScript }) => hasInstallScript)).toEqual([])
    const files = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((name) => /\.node$|binding\.gyp$/.test(name))).toEqual([])
  })

  describe('its files', () => {
    const names = readdirSync(packageFolder, { recursive: true, encoding: 'utf8' })
    const files = names.filter((name) => statSync(join(packageFolder, name)).isFile())

    it('are the build, the documentation and the licence', () => {
      const top = new Set(files.map((name) => name.split('/')[0]))
      const optional = ['docs', 'SECURITY.md'].filter((name) => existsSync(join(root, name)))
      const always = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']
      expect([...top].sort()).toEqual([...always, ...optional].sort())
      const built = files.filter((name) => name.startsWith('dist/'))
      const parts = 'cli|clients|doctor|proxy|simulator|support'
      const code = new RegExp(`^dist/(src|providers|apps/(${parts}))/.*\\.(js|d\\.ts)$`)
      const page = /^dist\/apps\/support\/page\/(index\.html|assets\/[\w.-]+\.(css|svg))$/
      const manual = /^dist\/man\/sealkit[a-z0-9-]*\.1$/
      expect(built.filter((name) => ![code, page, manual].some((form) => form.test(name)))).toEqual([])
    })

    it('name no path and no registry of the machine they were made on', () => {
      const places = [root, homedir(), folder].filter((place) => place.length > 1)
      const suspicious = files.filter((name) => {
        const text = readFileSync(join(packageFolder, name), 'utf8')
        return (
          places.some((place) => text.includes(place)) || /\/(work|root|builds?)\/|\/\/registry\./.test(text)
        )
      })
      expect(suspicious).toEqual([])
    })
  })
})
