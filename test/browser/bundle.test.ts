/** What a page loads that reads and writes credentials. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type BundleFile, bundle } from './support/bundle.ts'

describe('the bundle for a browser', () => {
  let files: readonly BundleFile[]
  let atOnce: readonly BundleFile[]
  beforeAll(async () => {
    files = await bundle()
    atOnce = reachable('page.js')
  })

  function reachable(name: string, seen: Set<string> = new Set()): readonly BundleFile[] {
    seen.add(name)
    for (const { imports } of files.filter((file) => file.name === name)) {
      for (const other of imports) if (!seen.has(other)) reachable(other, seen)
    }
    return files.filter((file) => seen.has(file.name))
  }

  it('imports nothing but its own files', () => {
    const names = files.map(({ name }) => name)
    for (const { imports, lazy } of files)
      expect(names).toEqual(expect.arrayContaining([...imports, ...lazy]))
  })

  it('has no module of Node, nor a stand-in for one', () => {
    const modules = files.flatMap((file) => file.modules)
    expect(modules.length).toBeGreaterThan(20)
    expect(
      modules.filter((name) => /external|node:|polyfill|\/(buffer|process|crypto-browserify)\//.test(name)),
    ).toEqual([])
  })

  it("loads at once what is sealkit's own, and noble's curves, by which GOST keys sign without waiting", () => {
    const own =
      /^(src|test\/browser\/support)\/|^rolldown\/runtime\.js$|^vite\/preload-helper|^node_modules\/@noble\/(curves\/(utils|abstract\/\w+)|hashes\/(utils|hmac))\.js$/
    expect(atOnce.flatMap(({ modules }) => modules).filter((name) => !own.test(name))).toEqual([])
  })

  it('loads the rest when a file needs it', () => {
    const later = files.filter((file) => !atOnce.includes(file)).flatMap(({ modules }) => modules)
    const packages = later.map((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1])
    for (const name of ['node-forge', '@noble/hashes', 'pkijs']) expect(packages).toContain(name)
    // Of node-forge the ciphers alone, not its PKI.
    expect(later.filter((name) => name.includes('node-forge/lib/p'))).toEqual([])
  })
})
