/** Which password opens what: none, empty, several, bytes, callbacks. */

import forge from 'node-forge'
import { describe, expect, it, vi } from 'vitest'
import { readPkcs12 } from '../../../src/credentials/index.ts'
import { codeOf, failure, vector } from '../support.ts'
import {
  certBag,
  encryptedSafe,
  makePair,
  makePfx,
  plainSafe,
  shroudedBag,
  usualSafes,
} from './make-pkcs12.ts'

const pair = makePair()
const safes = usualSafes(pair)
const file = makePfx(safes)
const plainFile = makePfx([plainSafe(certBag(pair))], null)

describe('a password', () => {
  it.each([
    ['characters', 'test'],
    ['bytes', new TextEncoder().encode('test')],
    ['a function', () => 'test'],
    ['a function that takes its time', async () => new TextEncoder().encode('test')],
  ])('is given as %s', async (_, password) => {
    expect((await readPkcs12(file, { password })).keys).toHaveLength(1)
  })

  it('in bytes is not changed', async () => {
    const password = new TextEncoder().encode('test')
    await readPkcs12(file, { password })
    expect(new TextDecoder().decode(password)).toBe('test')
  })

  it('is asked for once, and only where it is needed', async () => {
    const password = vi.fn(() => 'test')
    await readPkcs12(file, { password })
    expect(password).toHaveBeenCalledTimes(1)
    await readPkcs12(plainFile, { password, allowMissingMac: true })
    expect(password).toHaveBeenCalledTimes(1)
    const open = makePfx([plainSafe(certBag(pair)), encryptedSafe('other', certBag(pair))], null)
    await readPkcs12(open, { password: () => 'other', allowMissingMac: true })
  })

  it('that a function fails to give is its error', async () => {
    const password = (): never => {
      throw new RangeError('cancelled')
    }
    await expect(readPkcs12(file, { password })).rejects.toThrow(RangeError)
  })

  it('of another type is a TypeError', async () => {
    await expect(readPkcs12(file, { password: 7 as never })).rejects.toThrow(TypeError)
    await expect(readPkcs12(file, { password: (() => 7) as never })).rejects.toThrow(TypeError)
  })

  it('in an error is never shown', async () => {
    const error = await failure(() => readPkcs12(file, { password: 'hunter2-secret' }))
    const shown = `${error.message} ${error.hint} ${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`
    expect(shown).not.toContain('hunter2')
  })

  it.each(['пароль-Ключ', 'пин🔑pass', 'Mötley'])('of other characters than ASCII: %s', async (password) => {
    const bytes = makePfx(usualSafes(pair, password), { password })
    expect((await readPkcs12(bytes, { password })).keys).toHaveLength(1)
  })
})

describe('no password', () => {
  it.each(['', undefined])('opens a file whose MAC has %j', async (password) => {
    const bytes = makePfx([plainSafe(certBag(pair))], { password })
    for (const given of [undefined, '', () => undefined, new Uint8Array()]) {
      expect((await readPkcs12(bytes, { password: given })).certificates).toHaveLength(1)
    }
  })

  it('opens what the empty password encrypts, the MAC with none', async () => {
    const bytes = makePfx(usualSafes(pair, ''), { password: undefined })
    expect((await readPkcs12(bytes)).keys).toHaveLength(1)
  })

  it('for a file that has one asks for it', async () => {
    expect(await codeOf(() => readPkcs12(file))).toBe('PASSWORD_REQUIRED')
    expect(await codeOf(() => readPkcs12(file, { password: () => undefined }))).toBe('PASSWORD_REQUIRED')
    const withoutMac = makePfx(safes, null)
    expect(await codeOf(() => readPkcs12(withoutMac, { allowMissingMac: true }))).toBe('PASSWORD_REQUIRED')
  })

  it('is not a wrong one: the empty password is', async () => {
    expect(await codeOf(() => readPkcs12(file, { password: '' }))).toBe('PASSWORD_WRONG')
  })
})

describe('several passwords', () => {
  it('the MAC may have its own', async () => {
    const bytes = makePfx(safes, { password: 'mac' })
    const error = await failure(() => readPkcs12(bytes, { password: 'test' }))
    expect(error.code).toBe('ERR_CREDENTIAL_MAC_WRONG')
    expect(error.hint).toContain('macPassword')
    expect((await readPkcs12(bytes, { password: 'test', macPassword: 'mac' })).keys).toHaveLength(1)
    const wrong = await failure(() => readPkcs12(bytes, { password: 'test', macPassword: 'Mac' }))
    expect(wrong.code).toBe('ERR_CREDENTIAL_PASSWORD_WRONG')
    expect(wrong.message).toContain('macPassword')
    const contents = await failure(() => readPkcs12(bytes, { password: 'Test', macPassword: 'mac' }))
    expect(contents.code).toBe('ERR_CREDENTIAL_PASSWORD_WRONG')
  })

  it('contents that the password of the MAC does not open were written damaged', async () => {
    const error = await failure(() => readPkcs12(makePfx(safes, { password: 'mac' }), { password: 'mac' }))
    expect(error.code).toBe('ERR_CREDENTIAL_FORMAT')
    expect(error.hint).toContain('macPassword')
  })

  const keySafes = [encryptedSafe('test', certBag(pair)), plainSafe(shroudedBag(pair, 'key'))]

  it('a key may have its own', async () => {
    const bytes = makePfx(keySafes)
    const error = await failure(() => readPkcs12(bytes, { password: 'test' }))
    expect(error.code).toBe('ERR_CREDENTIAL_PASSWORD_WRONG')
    expect(error.hint).toContain('keyPassword')
    expect((await readPkcs12(bytes, { password: 'test', keyPassword: 'key' })).keys).toHaveLength(1)
    const wrong = await failure(() => readPkcs12(bytes, { password: 'test', keyPassword: 'Key' }))
    expect(wrong.message).toContain('keyPassword')
  })

  it('keys may have different ones: the file’s is tried too', async () => {
    const bytes = makePfx([...keySafes, encryptedSafe('test', shroudedBag(pair, 'test'))])
    const keyPassword = vi.fn(() => 'key')
    expect((await readPkcs12(bytes, { password: 'test', keyPassword })).keys).toHaveLength(2)
    expect(keyPassword).toHaveBeenCalledTimes(1)
  })

  it('are only asked for where they have a use', async () => {
    const never = vi.fn(() => 'x')
    const bytes = makePfx([plainSafe(certBag(pair))])
    await readPkcs12(bytes, { macPassword: 'test', password: never, keyPassword: never })
    expect(never).not.toHaveBeenCalled()
  })
})

describe('a password that node-forge wrote in its own way', () => {
  const key = forge.pki.privateKeyFromPem(Buffer.from(vector('rsa.pkcs8.pem')).toString())
  const write = (password: string): Uint8Array => {
    const options = { algorithm: 'aes256', count: 1 } as const
    const asn1 = forge.pkcs12.toPkcs12Asn1(key, null as never, password, options)
    return new Uint8Array(Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1'))
  }

  it.each(['пароль-Ключ', 'Ünïcödé пин🔑pass', 'äöüß'])('opens: %s', async (password) => {
    expect((await readPkcs12(write(password), { password })).keys).toHaveLength(1)
    const asUtf8 = write(forge.util.encodeUtf8(password))
    expect((await readPkcs12(asUtf8, { password })).keys).toHaveLength(1)
    expect(await codeOf(() => readPkcs12(asUtf8, { password: `${password}.` }))).toBe('PASSWORD_WRONG')
  })
})
