import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeCredentialFile } from '../../src/credentials/index.ts'
import { writeAside } from '../../src/credentials/write-aside.ts'
import { tempDir } from '../support/tools.ts'
import { codeOf, failure } from './support.ts'

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('writeCredentialFile', () => {
  it('makes a file that only its owner can read, whatever the umask, and leaves no draft', async () => {
    const folder = tempDir()
    const old = process.umask(0)
    try {
      await writeCredentialFile(join(folder, 'key.pem'), 'secret')
      await writeCredentialFile(pathToFileURL(join(folder, 'ключ 1.p12')), Uint8Array.of(1, 2))
    } finally {
      process.umask(old)
    }
    expect(readdirSync(folder).sort()).toEqual(['key.pem', 'ключ 1.p12'])
    expect(readFileSync(join(folder, 'key.pem'), 'utf8')).toBe('secret')
    expect([...readFileSync(join(folder, 'ключ 1.p12'))]).toEqual([1, 2])
    expect(readdirSync(folder).map((name) => modeOf(join(folder, name)))).toEqual(['600', '600'])
  })

  it('takes names as long as names can be', async () => {
    const path = join(tempDir(), 'x'.repeat(255))
    await writeCredentialFile(path, 'secret')
    expect(readFileSync(path, 'utf8')).toBe('secret')
  })

  it('does not overwrite', async () => {
    const path = join(tempDir(), 'key.pem')
    writeFileSync(path, 'old')
    const { code, message, hint } = await failure(() => writeCredentialFile(path, 'new'))
    expect(code).toBe('ERR_CREDENTIAL_EXISTS')
    expect(message).toContain(path)
    expect(hint).toContain('force')
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  it('replaces a file with force, and closes it to others', async () => {
    const folder = tempDir()
    const path = join(folder, 'key.pem')
    writeFileSync(path, 'old', { mode: 0o644 })
    await writeCredentialFile(path, 'new', { force: true })
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(modeOf(path)).toBe('600')
    expect(readdirSync(folder)).toEqual(['key.pem'])
  })

  it.each(['there', 'missing'])('does not follow a link: its target is %s', async (target) => {
    const folder = tempDir()
    const [place, link] = [join(folder, target), join(folder, 'link')]
    if (target === 'there') writeFileSync(place, 'old', { mode: 0o644 })
    symlinkSync(place, link)
    expect(await codeOf(() => writeCredentialFile(link, 'new'))).toBe('EXISTS')
    await writeCredentialFile(link, 'new', { force: true })
    expect(lstatSync(link).isSymbolicLink()).toBe(false)
    expect(readFileSync(link, 'utf8')).toBe('new')
    expect(existsSync(place) ? readFileSync(place, 'utf8') : 'missing').toBe(
      target === 'there' ? 'old' : 'missing',
    )
  })

  it('does not take a link to a folder for the folder', async () => {
    const folder = tempDir()
    mkdirSync(join(folder, 'there'))
    symlinkSync('there', join(folder, 'link'))
    expect(await codeOf(() => writeCredentialFile(join(folder, 'link'), 'new'))).toBe('EXISTS')
    expect(readdirSync(folder).sort()).toEqual(['link', 'there'])
  })

  it('does not overwrite what comes to stand there at the last moment', () => {
    const folder = tempDir()
    const path = join(folder, 'key.pem')
    writeFileSync(path, 'old')
    expect(() => writeAside(path, 'new', { force: false, mode: 0o600 })).toThrow(/EEXIST/)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['key.pem'])
  })

  it('says what is in the way', async () => {
    const folder = tempDir()
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'file'), '')
    const cases = [
      ['folder', /it is a folder/],
      ['missing/key.pem', /there is no such folder/],
      ['file/key.pem', /there is no such folder/],
      ['x'.repeat(300), /too long/],
    ] as const
    for (const [path, message] of cases) {
      const error = await failure(() => writeCredentialFile(join(folder, path), 'x', { force: true }))
      expect([error.code, message.test(error.message)], path).toEqual(['ERR_CREDENTIAL_UNWRITABLE', true])
    }
    const device = await failure(() => writeCredentialFile('/dev/null', 'x', { force: true }))
    expect(device.message).toMatch(/no regular file/)
  })

  it('of two that write at once one succeeds', async () => {
    const path = join(tempDir(), 'key.pem')
    const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => writeCredentialFile(path, text)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each([
    ['a number as the name', 5, 'x'],
    ['the key as the name', '-----BEGIN PRIVATE KEY-----\n', 'x'],
    ['nothing to write', 'name', undefined],
    ['an array to write', 'name', [1, 2]],
    ['a NUL in the name', 'a\0b', 'x'],
  ])('%s: a TypeError', async (_, path, data) => {
    await expect(writeCredentialFile(path as string, data as string)).rejects.toThrow(TypeError)
  })
})
