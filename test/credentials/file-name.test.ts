import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { credentialFileName, parseCredentialFileName } from '../../src/credentials/index.ts'
import { codeOf } from '../algorithms/helpers.ts'

describe('parseCredentialFileName', () => {
  it.each([
    // Names from the Clearstream API Developer Guide.
    ['ocapi-a000012345_00012345-ssl.pem', 'a000012345_00012345', 'ssl', 'pem'],
    ['ocapi-a000012345_00012345-cacert.pem', 'a000012345_00012345', 'cacert', 'pem'],
    ['ocapi-stb2_01014172_1000000-ssl.pem', 'stb2_01014172_1000000', 'ssl', 'pem'],
    ['ocapi-a1-signing.p12', 'a1', 'signing', 'p12'],
    ['ocapi-a-b-ssl-signing.csr', 'a-b-ssl', 'signing', 'csr'],
    ['OCAPI-A1-SSL.PEM', 'A1', 'ssl', 'pem'],
    ['ocapi-a1-ssl (1).pem', 'a1', 'ssl', 'pem'],
    ['ocapi-a1-ssl(12).key', 'a1', 'ssl', 'key'],
  ])('%s', (name, userId, type, extension) => {
    expect(parseCredentialFileName(name)).toEqual({ userId, type, extension })
  })

  it.each([
    ...[
      '',
      'ocapi-a1-ssl',
      'ocapi--ssl.pem',
      'ocapi-ssl.pem',
      'a1-ssl.pem',
      'ocapi-a1-tls.pem',
      'ocapi-a1-ssl.',
    ],
    ...[
      'keys/ocapi-a1-ssl.pem',
      'ocapi-../a1-ssl.pem',
      'ocapi-a\\b-ssl.pem',
      'ocapi-a\n-ssl.pem',
      'ocapi-a\0-ssl.pem',
    ],
    ...[
      'ocapi- a-ssl.pem',
      'ocapi-a\u202eb-ssl.pem',
      'ocapi-a:b-ssl.pem',
      `ocapi-${'a'.repeat(129)}-ssl.pem`,
    ],
  ])('not %j', (name) => expect(parseCredentialFileName(name)).toBeUndefined())
})

describe('credentialFileName', () => {
  it('writes the convention, pem by default', () => {
    expect(credentialFileName({ userId: 'a000012345_00012345', type: 'ssl' })).toBe(
      'ocapi-a000012345_00012345-ssl.pem',
    )
    expect(credentialFileName({ userId: 'a1', type: 'signing', extension: 'p12' })).toBe(
      'ocapi-a1-signing.p12',
    )
  })

  it.each(['', '../a', 'a/b', 'a\\b', 'a\nb', 'a\0', ' a', 'a\u200bb', 'a*', 'a'.repeat(129), undefined])(
    'refuses the user id %j',
    (userId) => {
      expect(codeOf(() => credentialFileName({ userId: userId as string, type: 'ssl' }))).toBe(
        'ERR_CREDENTIAL_FORMAT',
      )
    },
  )

  it('refuses other types and extensions', () => {
    expect(() => credentialFileName({ userId: 'a', type: 'tls' as never })).toThrow(TypeError)
    for (const extension of ['', '.pem', 'pem/x', 'PEM']) {
      expect(() => credentialFileName({ userId: 'a', type: 'ssl', extension })).toThrow(TypeError)
    }
  })

  it('what it writes is read back; any other text is an error', () => {
    const type = fc.constantFrom('ssl', 'signing', 'cacert')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), type, (userId, purpose) => {
        const parts = { userId, type: purpose, extension: 'p12' } as const
        let name: string
        try {
          name = credentialFileName(parts)
        } catch {
          return
        }
        expect(parseCredentialFileName(name)).toEqual(parts)
        expect(name).not.toMatch(/[/\\\p{Cc}]/u)
      }),
    )
  })
})
