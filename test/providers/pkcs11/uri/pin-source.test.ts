/** The PIN from the file that pin-source names. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readPinSource } from '../../../../providers/pkcs11/uri/index.ts'
import { tempDir } from '../../../support/tools.ts'

function pinFile(content: string | Uint8Array, mode = 0o600): string {
  const path = join(tempDir(), 'a pin')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('readPinSource', () => {
  it('reads a file: URI and an absolute path', async () => {
    const path = pinFile('12 34')
    expect(await readPinSource(path)).toBe('12 34')
    expect(await readPinSource(pathToFileURL(path).href)).toBe('12 34')
    expect(await readPinSource(`file:${path.replaceAll(' ', '%20')}`)).toBe('12 34')
  })
  it.each([
    ['1234\n', '1234'],
    ['1234\r\n', '1234'],
    ['1234\n\n', '1234\n'],
    [' 1234 ', ' 1234 '],
  ])('takes one line end and nothing else away: %j', async (content, pin) => {
    expect(await readPinSource(pinFile(content))).toBe(pin)
  })
  it.skipIf(process.platform === 'win32').each([0o640, 0o604, 0o660, 0o644, 0o610])(
    'refuses a file of mode %o',
    async (mode) => {
      const error = await readPinSource(pinFile('1234', mode)).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: 'ERR_TOKEN_PIN_UNUSABLE',
        hint: expect.stringContaining('chmod 600'),
      })
    },
  )
  const folder = join(tempDir(), 'folder')
  mkdirSync(folder)
  it.each([
    ['a program', '|echo 1234'],
    ['a relative path', 'pin.txt'],
    ['a remote URI', 'https://example.com/pin'],
    ['a file of another host', 'file://example.com/pin'],
    ['nothing', ''],
    ['a folder', folder],
    ['a device', '/dev/zero'],
    ['a file that is not there', join(folder, 'missing')],
    ['an empty file', pinFile('')],
    ['a file with a line end only', pinFile('\n')],
    ['a large file', pinFile('1'.repeat(4097))],
    ['bytes that are no text', pinFile(Uint8Array.of(0x31, 0xff))],
  ])('refuses %s', async (_, source) => {
    const error = await readPinSource(source).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERR_TOKEN_PIN_UNUSABLE', hint: expect.any(String) })
    expect(inspect(error)).not.toContain('1234')
  })
})
