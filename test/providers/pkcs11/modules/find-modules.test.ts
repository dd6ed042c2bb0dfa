/** Which modules may be loaded, and in which order: on a machine that is described, and on this one. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findModules, type Machine } from '../../../../providers/pkcs11/modules/find-modules.ts'
import { KNOWN_MODULES, placesOf } from '../../../../providers/pkcs11/modules/known-modules.ts'
import { parsePkcs11Uri } from '../../../../providers/pkcs11/uri/index.ts'
import { describeWith } from '../../../support/tools.ts'

const OPENSC = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so'
const SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so'

function machine(files: readonly string[], more: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    environment: {},
    exists: (path) => files.includes(path),
    realpath: (path) => path,
    p11Kit: async () => [],
    ...more,
  }
}

const paths = (found: readonly { path: string }[]): string[] => found.map(({ path }) => path)

describe('what is installed', () => {
  it('is p11-kit’s first, then the vendors’', async () => {
    const p11Kit = async () => [{ name: 'hsm', path: '/opt/hsm/libhsm.so', priority: 5 }]
    const found = await findModules({}, machine([OPENSC, SOFTHSM, '/opt/hsm/libhsm.so'], { p11Kit }))
    expect(found.map(({ name, source }) => [name, source])).toEqual([
      ['hsm', 'p11-kit'],
      ['opensc-pkcs11', 'known'],
      ['softhsm2', 'known'],
    ])
  })

  it('is there once, whatever its names', async () => {
    const p11Kit = async () => [{ name: 'softhsm2', path: '/usr/lib64/libsofthsm2.so', priority: 0 }]
    const realpath = (path: string): string => (path.includes('softhsm2') ? SOFTHSM : path)
    const files = [SOFTHSM, '/usr/lib64/libsofthsm2.so']
    expect(await findModules({}, machine(files, { p11Kit, realpath }))).toMatchObject([
      { path: '/usr/lib64/libsofthsm2.so', vendor: 'SoftHSM2', source: 'p11-kit' },
    ])
  })

  it.each([
    ['win32', 'C:\\Windows\\System32\\eTPKCS11.dll', 'eTPkcs11'],
    ['win32', 'C:\\Program Files\\Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll', 'ykcs11'],
    ['darwin', '/Library/OpenSC/lib/opensc-pkcs11.so', 'opensc-pkcs11'],
    ['linux', '/opt/cloudhsm/lib/libcloudhsm_pkcs11.so', 'cloudhsm_pkcs11'],
  ])('on %s: %s', async (platform, path, name) => {
    expect(await findModules({}, machine([path], { platform }))).toMatchObject([{ path, name }])
  })

  it('is nothing: an error that says so', async () => {
    await expect(findModules({}, machine([]))).rejects.toMatchObject({
      code: 'ERR_TOKEN_MODULE_NOT_FOUND',
      hint: expect.stringContaining('SEALKIT_PKCS11_MODULE'),
    })
  })
})

describe('a module that is named', () => {
  const files = [OPENSC, SOFTHSM, '/opt/a.so', '/opt/b.so', '/opt/c.so']
  const environment = { SEALKIT_PKCS11_MODULE: '/opt/c.so' }
  const uri = parsePkcs11Uri('pkcs11:?module-path=/opt/b.so')

  it('by the option is before that of the URI, which is before that of the environment', async () => {
    const all = { module: '/opt/a.so', uri }
    expect(paths(await findModules(all, machine(files, { environment })))).toEqual(['/opt/a.so'])
    expect(paths(await findModules({ uri }, machine(files, { environment })))).toEqual(['/opt/b.so'])
    expect(paths(await findModules({}, machine(files, { environment })))).toEqual(['/opt/c.so'])
  })

  it.each(['softhsm2', 'opensc-pkcs11'])('by its name: %s', async (module) => {
    expect(await findModules({ module }, machine(files))).toMatchObject([{ name: module, source: 'option' }])
    const named = parsePkcs11Uri(`pkcs11:?module-name=${module}`)
    expect(await findModules({ uri: named }, machine(files))).toMatchObject([{ name: module, source: 'uri' }])
  })

  it('and is not there: says where it was looked for', async () => {
    await expect(findModules({ module: 'ykcs11' }, machine(files))).rejects.toMatchObject({
      code: 'ERR_TOKEN_MODULE_NOT_FOUND',
      message: expect.stringContaining('libykcs11.so'),
    })
    await expect(findModules({ module: '/opt/none.so' }, machine(files))).rejects.toMatchObject({
      code: 'ERR_TOKEN_MODULE_NOT_FOUND',
    })
  })

  it('by a relative module-path in a URI is refused', async () => {
    const relative = parsePkcs11Uri('pkcs11:?module-path=b.so')
    await expect(findModules({ uri: relative }, machine(['b.so']))).rejects.toMatchObject({
      code: 'ERR_TOKEN_MODULE_NOT_FOUND',
      message: expect.stringContaining('whole path'),
    })
  })

  it('by a bare name is not a file of that name in the current folder', async () => {
    expect(paths(await findModules({ module: 'softhsm2' }, machine([SOFTHSM, 'softhsm2'])))).toEqual([
      SOFTHSM,
    ])
  })

  it('by an empty variable is not named', async () => {
    const empty = machine([SOFTHSM], { environment: { SEALKIT_PKCS11_MODULE: '' } })
    expect(paths(await findModules({}, empty))).toEqual([SOFTHSM])
  })
})

describe('modules that may be loaded', () => {
  it('are no others', async () => {
    const found = await findModules({ allowedModules: [SOFTHSM] }, machine([OPENSC, SOFTHSM]))
    expect(paths(found)).toEqual([SOFTHSM])
  })

  it('are compared by the files that they are', async () => {
    const realpath = (path: string): string => (path === '/link.so' ? SOFTHSM : path)
    const options = { module: '/link.so', allowedModules: [SOFTHSM] }
    expect(paths(await findModules(options, machine([SOFTHSM, '/link.so'], { realpath })))).toEqual([
      '/link.so',
    ])
  })

  it.each([{ module: '/opt/evil.so' }, { uri: parsePkcs11Uri('pkcs11:?module-path=/opt/evil.so') }, {}])(
    'is none of these: %j',
    async (options) => {
      const files = machine([OPENSC, '/opt/evil.so'])
      await expect(findModules({ ...options, allowedModules: [SOFTHSM] }, files)).rejects.toMatchObject({
        code: 'ERR_TOKEN_MODULE_REFUSED',
        hint: expect.stringContaining('allowedModules'),
      })
    },
  )

  it('an empty list allows none', async () => {
    await expect(findModules({ allowedModules: [] }, machine([SOFTHSM]))).rejects.toMatchObject({
      code: 'ERR_TOKEN_MODULE_REFUSED',
    })
  })
})

describe('the table', () => {
  it('has whole paths and no name twice', () => {
    const names = KNOWN_MODULES.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const each of KNOWN_MODULES) {
      for (const path of [...each.linux, ...each.darwin]) expect(path).toMatch(/^\/[^ ]+$/)
      for (const path of each.win32) expect(path).toMatch(/^C:\\.+\.dll$/)
      expect(placesOf(each, 'plan9')).toEqual([])
    }
  })
})

describeWith('softhsm', 'this machine', () => {
  it('has SoftHSM2, which is found without being named', async () => {
    const found = await findModules()
    const softhsm = found.find(({ name }) => name === 'softhsm2')
    expect(softhsm?.vendor).toBe('SoftHSM2')
    expect(readFileSync(softhsm?.path ?? '').subarray(0, 4)).toEqual(Buffer.from('\x7fELF', 'latin1'))
  })
})
