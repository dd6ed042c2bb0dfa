/** Where the tool is looked for: on the machines of users, and here. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findTool, type ToolWanted } from '../../../providers/validata/tool/find-tool.ts'
import { isNamed, knownFolders, knownTool } from '../../../providers/validata/tool/known-tools.ts'
import { tempDir } from '../../support/tools.ts'

describe('knownFolders', () => {
  it('on Windows, 64 bits before 32, whatever the case of the variables', () => {
    const env = { PROGRAMFILES: 'D:\\Program Files', 'ProgramFiles(x86)': 'D:\\Program Files (x86)' }
    const folders = knownFolders({ platform: 'win32', env }, false)
    expect(folders).toContain('D:\\Program Files\\Validata\\zpci')
    expect(folders).toContain('D:\\Program Files (x86)\\MDPREI\\spki')
    expect(folders.indexOf('D:\\Program Files\\Validata\\zpki')).toBeLessThan(
      folders.indexOf('D:\\Program Files (x86)\\Validata\\zpki'),
    )
    // A program of 32 bits sees the other folder under this name only.
    const seen32 = { ProgramFiles: 'C:\\Program Files (x86)', ProgramW6432: 'C:\\Program Files' }
    expect(knownFolders({ platform: 'win32', env: seen32 }, false)[0]).toBe(
      'C:\\Program Files\\Validata\\zpci',
    )
    expect(knownFolders({ platform: 'win32', env: {} }, false)).toContain('C:\\Program Files\\Validata\\rpki')
  })

  it('on Linux, and of wine only under wine', () => {
    const machine = { platform: 'linux', env: { HOME: '/users/u' } } as const
    expect(knownFolders(machine, false)).toContain('/opt/Validata/zpki/bin')
    expect(knownFolders(machine, false).filter((folder) => folder.includes('wine'))).toEqual([])
    expect(knownFolders(machine, true)[0]).toBe('/users/u/.wine/drive_c/Program Files/Validata/zpci')
    const other = { ...machine, env: { WINEPREFIX: '/w' } }
    expect(knownFolders(other, true)).toContain('/w/drive_c/Program Files (x86)/Validata/rpki')
  })
})

describe('names', () => {
  it.each([
    ['rpki1utl', true],
    ['RPKI1UTL.EXE', true],
    ['rpki1utl64.exe', true],
    ['rpki1utl_x64.exe', true],
    ['rpki1utl-32', true],
    ['rpki1utl.exe.bak', false],
    ['xrpki1utl.exe', false],
    ['rpki1utl2.exe', false],
  ])('%s', (name, named) => expect(isNamed(name, 'rpki1utl')).toBe(named))

  it('tell what a tool signs with', () => {
    expect(knownTool('C:\\a b\\RPKI1UTL64.exe')?.family).toBe('RSA')
    expect(knownTool('/opt/Validata/zpci1utl')?.family).toBe('GOST')
    expect(knownTool('openssl')).toBeUndefined()
  })
})

describe('findTool', () => {
  const wanted: ToolWanted = {
    tool: undefined,
    family: undefined,
    prefixed: false,
    underWine: false,
    remote: false,
  }
  const program = (path: string, mode = 0o755): string => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '#!/bin/sh\n')
    chmodSync(path, mode)
    return path
  }
  const machine = (...path: readonly string[]) => ({
    platform: 'linux' as const,
    env: { PATH: path.join(':') },
  })

  it('takes the first of its list that is there, and of the family that is wanted', () => {
    const folder = tempDir()
    const rsa = program(join(folder, 'rpki1utl'))
    const gost = program(join(folder, 'zpki1utl'))
    expect(findTool(wanted, machine(folder))).toBe(gost)
    expect(findTool({ ...wanted, family: 'RSA' }, machine(folder))).toBe(rsa)
  })

  it('passes over what may not be executed', () => {
    const folders = [tempDir(), tempDir()]
    program(join(folders[0] as string, 'zpki1utl'), 0o644)
    const right = program(join(folders[1] as string, 'zpki1utl'))
    expect(findTool(wanted, machine(...folders))).toBe(right)
  })

  it('takes programs of Windows only behind a prefix, that of 64 bits before that of 32', () => {
    const folder = tempDir()
    program(join(folder, 'rpki1utl32.exe'), 0o644)
    const right = program(join(folder, 'rpki1utl64.exe'), 0o644)
    expect(() => findTool(wanted, machine(folder))).toThrow("none of Validata's tools")
    expect(findTool({ ...wanted, prefixed: true }, machine(folder))).toBe(right)
  })

  it('never looks into the working directory', () => {
    const folder = tempDir()
    program(join(folder, 'zpki1utl'))
    const cwd = process.cwd
    process.cwd = () => folder
    try {
      for (const path of ['', '.', ':', './']) {
        expect(() => findTool({ ...wanted, tool: 'zpki1utl' }, machine(path))).toThrow('no program zpki1utl')
      }
    } finally {
      process.cwd = cwd
    }
  })

  it('passes on what another machine knows', () => {
    const tool = 'C:\\Validata\\zpki1utl.exe'
    expect(findTool({ ...wanted, tool, prefixed: true, remote: true })).toBe(tool)
    expect(findTool({ ...wanted, tool, prefixed: true })).toBe(tool)
    expect(findTool({ ...wanted, tool: 'zpki1utl.exe', prefixed: true }, machine())).toBe('zpki1utl.exe')
  })
})
