/** The file that pin-source names. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readPinSource } from '../../../../providers/pkcs11/uri/index.ts'
import { tempDir } from '../../../support/tools.ts'

const file = (content: string | Uint8Array, mode = 0o600): string => {
  const path = join(tempDir(), 'pin file')
  writeFileSync(path, content, { mode })
  chmodSync(path, mode)
  return path
}

describe('takes', () => {
  it.each([
    ['as it is', 'S3cret!', 'S3cret!'],
    ['without one line end', '1234\n', '1234'],
    ['of Windows too', '1234\r\n', '1234'],
    ['but no more than one', '1234\n\n', '1234\n'],
    ['in UTF-8', 'пароль', 'пароль'],
  ])('the content %s', async (_what, content, pin) => {
    expect(await readPinSource(file(content))).toBe(pin)
  })

  it('a file: URI', async () => {
    expect(await readPinSource(pathToFileURL(file('1234')).href)).toBe('1234')
  })

  it('a link to the file', async () => {
    const link = join(tempDir(), 'link')
    symlinkSync(file('1234'), link)
    expect(await readPinSource(link)).toBe('1234')
  })
})

describe('refuses', () => {
  const refused = async (source: string, message: RegExp): Promise<void> => {
    await expect(readPinSource(source)).rejects.toMatchObject({
      name: 'TokenError',
      code: 'ERR_TOKEN_PIN_UNUSABLE',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    })
  }

  it.each([0o640, 0o604, 0o660, 0o666])('a file of mode %o, which others can read', async (mode) => {
    await refused(file('1234', mode), /other users/)
  })
  it('a program', () => refused('|cat /etc/pin', /program/))
  it('a relative name', () => refused('pin', /no file/))
  it('another scheme', () => refused('https://pin.example/', /no file/))
  it('a file: URI of another machine', () => refused('file://elsewhere/pin', /no file/))
  it('a file that is not there', () => refused(join(tempDir(), 'none'), /cannot be read/))
  it('a folder', () => {
    const path = join(tempDir(), 'folder')
    mkdirSync(path, { mode: 0o700 })
    return refused(path, /no ordinary file/)
  })
  it('a device', () => refused('/dev/null', /no ordinary file/))
  it('an empty file', () => refused(file(''), /empty|no PIN/))
  it('a file with a line end alone', () => refused(file('\n'), /empty|no PIN/))
  it('what is too large', () => refused(file('1'.repeat(5000)), /too large/))
  it('what is no text', async () => {
    await refused(file(Uint8Array.of(0xff, 0xfe, 1)), /no text/)
  })
})
