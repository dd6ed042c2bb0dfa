/** What is committed holds for every machine: no registry host, no path of the one it was written on. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isInstalled } from '../../scripts/install.mjs'
import { root } from '../support/tools.ts'

const notOurs = ['.git', 'node_modules', 'dist', 'vectors', 'coverage', '.cache', 'reference']
const textFile = /\.(ts|mjs|cjs|js|json|md|java|sh)$|(^|\/)\.(npmrc|gitignore|ci\/run)$/

function textFiles(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name)
    if (notOurs.includes(name)) return []
    if (statSync(join(root, path)).isDirectory()) return textFiles(path)
    return textFile.test(path) ? [path] : []
  })
}

describe('the files of the repository', () => {
  const files = textFiles('.')
  const holding = (pattern: RegExp) =>
    files.filter((name) => pattern.test(readFileSync(join(root, name), 'utf8')))

  it('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['.ci/run', '.npmrc', 'package-lock.json', 'src/errors.ts']))
  })

  it('name no registry host', () => {
    expect(holding(/https?:\/\/[a-z0-9.-]*(registry|mirror)[a-z0-9.-]*|"resolved"\s*:|registry *=/)).toEqual(
      [],
    )
  })

  it('name no path of one machine', () => {
    expect(holding(/\/(root|work|home\/[a-z]+|tmp\/bash)[/"]/)).toEqual([])
  })
})

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string; resolved?: string; hasInstallScript?: boolean }>
  }
  const entries = Object.entries(packages).filter(([path]) => path !== '')

  it('has a hash for each package, and no address', () => {
    expect(entries.length).toBeGreaterThan(0)
    expect(entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([])
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  it('has no package that runs a script when it is installed, but for macOS and pkcs11js', () => {
    const scripted = entries.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)
    // scripts/pkcs11js.mjs builds it where tests need it; who installs sealkit does not get it.
    const known = ['node_modules/fsevents', 'node_modules/pkcs11js']
    expect(scripted.filter((path) => !known.includes(path))).toEqual([])
  })

  it('is what is installed here', () => {
    expect(isInstalled(root)).toBe(true)
  })
})
