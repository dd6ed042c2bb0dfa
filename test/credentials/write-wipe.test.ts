import { afterEach, expect, it, vi } from 'vitest'
import { writePem, writePkcs12 } from '../../src/credentials/index.ts'
import { PrivateKey } from '../../src/credentials/key/private-key.ts'
import * as passwords from '../../src/credentials/new-password.ts'
import { makePair } from './pkcs12/make-pkcs12.ts'

const { key, pkcs8, certificate } = makePair('p256')
const isZero = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.every((octet) => octet === 0)

afterEach(() => {
  vi.restoreAllMocks()
})

/** Every copy of a key's bytes that is handed out. */
function copies(): Uint8Array[] {
  const handedOut: Uint8Array[] = []
  const original = PrivateKey.prototype.pkcs8
  vi.spyOn(PrivateKey.prototype, 'pkcs8').mockImplementation(function (this: PrivateKey) {
    const copy = original.call(this)
    handedOut.push(copy)
    return copy
  })
  return handedOut
}

const options = { password: 'correct horse', iterations: 1000 }
const jobs: [string, (given: PrivateKey) => Promise<unknown>][] = [
  ['writePkcs12', (given) => writePkcs12({ keys: [{ key: given, certificate }] }, options)],
  ['writePem', (given) => writePem({ keys: [{ key: given }] })],
  ['writePem, encrypted', (given) => writePem({ keys: [{ key: given }] }, options)],
]

it.each(jobs)('%s overwrites its copies of a key, and leaves the key', async (_, write) => {
  const handedOut = copies()
  const given = await PrivateKey.fromKeyObject(key)
  await write(given)
  expect(handedOut.length).toBeGreaterThan(0)
  expect(handedOut.every(isZero)).toBe(true)
  expect(given.pkcs8()).toEqual(pkcs8)
})

it.each(jobs)('%s disposes of the PrivateKey it made of a KeyObject, and of no other', async (_, write) => {
  const dispose = vi.spyOn(PrivateKey.prototype, Symbol.dispose)
  await write(key as unknown as PrivateKey)
  expect(dispose).toHaveBeenCalledTimes(1)
  await write(await PrivateKey.fromKeyObject(key))
  expect(dispose).toHaveBeenCalledTimes(1)
})

it('the copy of a password is its own, and the caller’s bytes are left', async () => {
  const given = new TextEncoder().encode('correct horse')
  const bytes = await passwords.newPassword(given)
  expect(bytes.utf8.buffer).not.toBe(given.buffer)
  await writePkcs12({ keys: [{ key }] }, { password: given, iterations: 1000 })
  expect(new TextDecoder().decode(given)).toBe('correct horse')
})
