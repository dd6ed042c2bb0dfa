/** A key given where the name of a file is asked for must not be repeated in errors. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openKey } from '../../providers/open.ts'
import { openSoftwareKey } from '../../providers/software/index.ts'
import { readCredentialFile } from '../../src/credentials/index.ts'
import { isContent } from '../../src/credentials/input.ts'
import { vector, vectorPath } from '../credentials/support.ts'

const certificate = vectorPath('p256.crt')
const pem = Buffer.from(vector('p256.pkcs8.pem')).toString('latin1')
const der = Buffer.from(vector('p256.pkcs8.der'))
const secret = pem.split('\n')[2] as string

const KEYS = {
  base64: der.toString('base64'),
  base64url: der.toString('base64url'),
  hexadecimal: der.toString('hex'),
  'base64, cut off': der.toString('base64').slice(0, 100),
  'Ed25519 in base64': Buffer.from(vector('ed25519.pkcs8.pem')).toString('latin1').split('\n')[1] as string,
  'RSA in base64': Buffer.from(vector('rsa.pkcs1.der')).toString('base64'),
  PEM: pem,
  'PEM with a dash lost': pem.slice(1),
  'PEM without its first line': pem.slice(pem.indexOf('\n') + 1),
}

describe.each(Object.entries(KEYS))('a key as %s', (_, text) => {
  it('is no name', async () => {
    expect(isContent(text)).toBe(true)
    for (const action of [
      () => openSoftwareKey({ key: text, certificate: text }),
      () => openKey(text, { certificate }),
      () => readCredentialFile(text),
    ]) {
      const error = await action().then(
        () => expect.unreachable('it is taken'),
        (thrown: unknown) => thrown,
      )
      const shown = inspect(error, { depth: 9, showHidden: true, maxStringLength: null })
      for (let at = 0; at + 16 <= text.length; at += 16) {
        const piece = text.slice(at, at + 16)
        if (!piece.includes('---')) expect(shown).not.toContain(piece)
      }
      expect(shown).not.toContain(secret)
    }
  })
})

describe('openSoftwareKey', () => {
  it('takes a key in base64, as it takes PEM', async () => {
    for (const text of [pem, KEYS.base64]) {
      await using key = await openSoftwareKey({ key: text, certificate })
      expect(key.algorithm.scheme).toBe('ECDSA')
    }
  })
})

describe('isContent', () => {
  it.each([
    'key.pem',
    'keys/2026/signing',
    'MOEX/keys/production/signing/passport/tokens/keyA',
    'MIIX/keys/production/signing/passport/tokens/keyA',
    `/srv/keys/${'a'.repeat(300)}`,
    `${'a'.repeat(64)}`,
    `3082${'g'.repeat(80)}`,
  ])('takes %s for a name', (name) => {
    expect(isContent(name)).toBe(false)
  })
})
