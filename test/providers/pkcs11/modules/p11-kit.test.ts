/** p11-kit's configuration, in real files. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type P11KitFolders, readP11Kit } from '../../../../providers/pkcs11/modules/p11-kit.ts'
import { tempDir } from '../../../support/tools.ts'

interface Files {
  readonly config?: string
  readonly system?: Readonly<Record<string, string>>
  readonly user?: Readonly<Record<string, string>>
}

function configured({ config = '', system = {}, user = {} }: Files): P11KitFolders {
  const folder = tempDir()
  const write = (name: string, content: string): void => {
    const path = join(folder, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
  }
  write('pkcs11.conf', config)
  for (const [name, content] of Object.entries(system)) write(`system/${name}`, content)
  for (const [name, content] of Object.entries(user)) write(`user/modules/${name}`, content)
  return {
    system: join(folder, 'pkcs11.conf'),
    systemModules: [join(folder, 'system')],
    user: join(folder, 'user'),
    libraries: ['/lib/first', '/lib/second'],
  }
}

const names = async (files: Files, exists = (_path: string): boolean => true): Promise<string[]> =>
  (await readP11Kit(exists, configured(files))).map(({ name }) => name)

describe('reads', () => {
  it('modules, the highest priority first', async () => {
    const system = {
      'a.module': 'module: /lib/a.so\n',
      'b.module': '# with a comment\n\nmodule:   /lib/b.so  \npriority: 10\n',
      'c.module': 'module: /lib/c.so\r\npriority: 20\r\n',
    }
    expect(await names({ system })).toEqual(['c', 'b', 'a'])
  })

  it('a module without a path from the first folder that has it', async () => {
    const folders = configured({ system: { 'a.module': 'module: a.so\n' } })
    const found = await readP11Kit((path) => path === '/lib/second/a.so', folders)
    expect(found).toMatchObject([{ path: '/lib/second/a.so' }])
  })

  it('the user’s settings into the system’s', async () => {
    const system = { 'a.module': 'module: /lib/a.so\n', 'b.module': 'module: /lib/b.so\n' }
    const user = { 'a.module': 'priority: -1\n', 'c.module': 'module: /lib/c.so\n' }
    expect(await names({ system, user })).toEqual(['b', 'c', 'a'])
    expect(await names({ system, user, config: 'user-config: none\n' })).toEqual(['a', 'b'])
    expect(await names({ system, user, config: 'user-config: only\n' })).toEqual(['c'])
  })

  it('nothing where there is no configuration', async () => {
    const nowhere = { system: '/none', systemModules: ['/none'], user: '/none', libraries: [] }
    expect(await readP11Kit(() => true, nowhere)).toEqual([])
  })
})

describe('leaves out', () => {
  it.each([
    ['what is disabled here', 'module: /lib/a.so\ndisable-in: other, sealkit\n'],
    ['what is enabled elsewhere only', 'module: /lib/a.so\nenable-in: firefox\n'],
    ['what another program starts', 'remote: |ssh host p11-kit remote /lib/a.so\nmodule: /lib/a.so\n'],
    ['authorities', 'module: /lib/a.so\ntrust-policy: yes\n'],
    ['what names no module', 'priority: 1\n'],
    ['an empty module', 'module:\n'],
  ])('%s', async (_what, content) => {
    const system = { 'a.module': content, 'b.module': 'module: /lib/b.so\n' }
    expect(await names({ system })).toEqual(['b'])
  })

  it('what is not there', async () => {
    expect(await names({ system: { 'a.module': 'module: /lib/a.so\n' } }, () => false)).toEqual([])
  })

  it('files with other names', async () => {
    expect(await names({ system: { 'a.module.bak': 'module: /lib/a.so\n' } })).toEqual([])
  })

  it('but not what is enabled here', async () => {
    const system = { 'a.module': 'module: /lib/a.so\nenable-in: firefox sealkit\n' }
    expect(await names({ system })).toEqual(['a'])
  })
})
