import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openKey } from '../../providers/open.ts'
import { SoftwareKey } from '../../providers/software/index.ts'
import { SignerError, TokenError } from '../../src/errors.ts'
import { codeOf, vectorPath } from '../credentials/support.ts'

const key = vectorPath('rsa.pkcs8.pem')
const certificate = vectorPath('rsa.crt')

describe('openKey', () => {
  it.each([key, `${pathToFileURL(key)}`, `${pathToFileURL(key)}`.replace('file:', 'FILE:')])(
    'opens %s',
    async (uri) => {
      await using opened = await openKey(uri, { certificate, hash: 'SHA-384' })
      expect(opened).toBeInstanceOf(SoftwareKey)
      expect(opened.algorithm.hash?.name).toBe('SHA-384')
      expect(opened.warnings.length).toBeLessThanOrEqual(1)
    },
  )

  it.each([
    ['https://example.com/key.pem', 'https'],
    ['x-y.z:key', 'x-y.z'],
  ])('knows no provider for %s', async (uri, scheme) => {
    const error = await openKey(uri, { certificate }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SignerError)
    const { code, message, hint } = error as SignerError
    expect(code).toBe('ERR_SIGNER_PROVIDER_UNKNOWN')
    expect(message).toContain(`${scheme}: keys`)
    expect(hint).toContain('pkcs11:')
  })

  it('asks a token for a pkcs11: URI, and shows no PIN of it', async () => {
    const uri = 'pkcs11:token=x;object=y?pin-value=1234&module-path=/none/module.so'
    const error = await openKey(uri, { certificate }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TokenError)
    const { code, message, hint } = error as TokenError
    expect(code).toBe('ERR_TOKEN_MODULE_NOT_FOUND')
    expect(`${message} ${hint}`).not.toContain('1234')
  })

  it('opens no key for validata:, which makes whole signatures, and says what does', async () => {
    await expect(openKey('validata:profile=x', { certificate })).rejects.toMatchObject({
      code: 'ERR_SIGNER_PROVIDER_UNKNOWN',
      hint: expect.stringContaining('openSigner'),
    })
  })

  it.each(['file://another.host/key.pem', 'file:///a%00b', 'file:///a%2fb'])('refuses %s', async (uri) => {
    await expect(openKey(uri, { certificate })).rejects.toMatchObject({ code: 'ERR_SIGNER_URI' })
  })

  it('takes what is no URI for a file name', async () => {
    for (const name of ['none.pem', './pkcs11:none', '/none/pkcs11:none', 'C:\\none.pem', 'a b:none']) {
      expect(await codeOf(() => openKey(name))).toBe('NOT_FOUND')
    }
    await expect(openKey('')).rejects.toThrow(TypeError)
    await expect(openKey(5 as never)).rejects.toThrow(TypeError)
  })

  it('does not take text with a key in it for a file name, or a name for text', async () => {
    expect(await codeOf(() => openKey('BEGIN'))).toBe('NOT_FOUND')
  })
})
