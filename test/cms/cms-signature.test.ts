/** CmsSignature: found by content as DER, BER, PEM or base64, given out as base64 and PEM, shown as its size. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { CmsSignature, sign, verify } from '../../src/cms/index.ts'
import { Asn1Error, PemError, SealkitError } from '../../src/errors.ts'
import { CONTENT } from './support/forge.ts'
import { keySigner, VECTOR_CONTENT, vector } from './support/identities.ts'

const message = vector('openssl-detached.der')
const base64 = Buffer.from(message).toString('base64')
const lines = base64.replace(/.{64}/g, '$&\n')
const pem = (label: string): string => `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))

describe('from', () => {
  it.each<[string, string | Uint8Array]>([
    ['DER', message],
    [
      'DER in a Buffer that is part of a larger one',
      Buffer.concat([Buffer.of(1, 2, 3), message]).subarray(3),
    ],
    ['base64 in one line', base64],
    ['base64 as bytes', Buffer.from(base64)],
    ['base64 with LF', lines],
    ['base64 with CRLF', lines.replaceAll('\n', '\r\n')],
    ['base64 with CR', lines.replaceAll('\n', '\r')],
    ['base64 with a final line end', `${base64}\n`],
    ['base64 with spaces and tabs around', `\t  ${base64} \n\n`],
    ['base64 with a byte order mark', `\ufeff${base64}`],
    ['base64 with a byte order mark, as bytes', Buffer.from(`\ufeff${lines}\n`)],
    ['base64 in UTF-16, as PowerShell writes it', utf16(`${base64}\r\n`)],
    ['PEM CMS', pem('CMS')],
    ['PEM PKCS7', pem('PKCS7')],
    ['PEM PKCS #7 SIGNED DATA', pem('PKCS #7 SIGNED DATA')],
    ['PEM as bytes', Buffer.from(pem('CMS'))],
    ['PEM with CRLF', pem('CMS').replaceAll('\n', '\r\n')],
    ['PEM with a byte order mark', `\ufeff${pem('CMS')}`],
    ['PEM in UTF-16', utf16(pem('PKCS7'))],
    ['PEM without a final line end', pem('CMS').trimEnd()],
    ['PEM behind other text', `subject=/CN=x\n\n${pem('CMS')}trailer`],
    [
      'PEM behind another block',
      `-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n${pem('PKCS7')}`,
    ],
  ])('%s', async (_, input) => {
    const signature = CmsSignature.from(input)
    expect(Buffer.from(signature.der)).toEqual(Buffer.from(message))
    expect(await verify(input, { content: VECTOR_CONTENT })).toMatchObject({
      verdict: 'certificate-not-validated',
    })
  })

  it('BER, which stays as it came', () => {
    const ber = vector('openssl-stream.der')
    expect(Buffer.from(CmsSignature.from(ber).der)).toEqual(Buffer.from(ber))
    expect(CmsSignature.from(CmsSignature.from(ber).base64()).signedData.signerInfos).toHaveLength(1)
  })

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'ERR_CMS_MALFORMED'],
    ['no bytes', new Uint8Array(), 'ERR_CMS_MALFORMED'],
    ['white space', ' \n', 'ERR_CMS_MALFORMED'],
    ['text', 'the signature is attached', 'ERR_CMS_MALFORMED'],
    ['text in bytes', Buffer.from('не подпись'), 'ERR_CMS_MALFORMED'],
    ['base64url', base64.replaceAll('+', '-').replaceAll('/', '_').concat('-'), 'ERR_CMS_MALFORMED'],
    ['base64 cut off', base64.slice(0, -3), 'ERR_CMS_MALFORMED'],
    ['base64 cut off at a group', base64.slice(0, 400), 'ERR_ASN1_TRUNCATED'],
    ['base64 of something else', Buffer.from('hello').toString('base64'), 'ERR_ASN1_'],
    ['JSON', '{"signature":"AAAA"}', 'ERR_CMS_MALFORMED'],
    ['a certificate in PEM', Buffer.from(vector('pki/rsa.crt')), 'ERR_CMS_MALFORMED'],
    ['a key in PEM', Buffer.from(vector('pki/rsa.key')), 'ERR_CMS_MALFORMED'],
    ['PEM cut off', pem('CMS').slice(0, 500), 'ERR_PEM_MALFORMED'],
    ['PEM with damaged base64', pem('CMS').replace('MII', 'M!I'), 'ERR_PEM_MALFORMED'],
    ['a timestamp response', Buffer.from('30053003020100', 'hex'), 'ERR_ASN1_UNEXPECTED_TAG'],
    ['enveloped data', Buffer.from('300d06092a864886f70d010703a000', 'hex'), 'ERR_CMS_NOT_SIGNED_DATA'],
    ['a random byte', Uint8Array.of(0xd7), 'ERR_CMS_MALFORMED'],
  ])('refuses %s', async (_, input, code) => {
    const outcome = (() => {
      try {
        return CmsSignature.from(input)
      } catch (error) {
        return error
      }
    })()
    expect(outcome).toBeInstanceOf(SealkitError)
    expect((outcome as SealkitError).code).toContain(code)
    await expect(verify(input)).rejects.toMatchObject({ code: (outcome as SealkitError).code })
  })

  it('names a PEM block that is another thing, and the way out', () => {
    expect(() => CmsSignature.from(vector('pki/rsa.crt'))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('CERTIFICATE'),
        hint: expect.stringContaining('CMS'),
      }),
    )
    expect(() => CmsSignature.from(vector('pki/rsa.key'))).toThrow(/PRIVATE KEY/)
  })

  it('never repeats its input in an error', () => {
    const secret = 'token-eyJhbGciOi'
    for (const input of [secret, Buffer.from(secret), `-----BEGIN CMS-----\n${secret}\n-----END CMS-----`]) {
      const error = (() => {
        try {
          return CmsSignature.from(input)
        } catch (caught) {
          return caught
        }
      })()
      expect(inspect(error)).not.toContain(secret)
    }
  })

  it.each([undefined, null, 7, {}, [1, 2], new ArrayBuffer(3)])(
    'wants text or bytes, not %o',
    async (input) => {
      expect(() => CmsSignature.from(input as never)).toThrow(TypeError)
      expect(() => new CmsSignature(input as never)).toThrow(TypeError)
      await expect(verify(input as never)).rejects.toThrow(TypeError)
    },
  )
})

describe('a signature', () => {
  const made = sign(CONTENT, { signers: keySigner('rsa'), certificates: 'chain-with-root' })

  it('base64 is one line that decodes to the message', async () => {
    const { der } = await made
    const text = (await made).base64()
    expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
    expect(text).toHaveLength(Math.ceil(der.length / 3) * 4)
    expect(Buffer.from(text, 'base64')).toEqual(Buffer.from(der))
    expect(text.startsWith('MI')).toBe(true)
  })

  it('PEM has lines of 64 characters', async () => {
    const [begin, ...rest] = (await made).pem().split('\n')
    expect(begin).toBe('-----BEGIN CMS-----')
    expect(rest.pop()).toBe('')
    expect(rest.pop()).toBe('-----END CMS-----')
    expect(rest.slice(0, -1).every((line) => line.length === 64)).toBe(true)
    expect(rest.join('')).toBe((await made).base64())
  })

  it('is shown as its size alone', async () => {
    const signature = await made
    expect(signature.signedData.signerInfos).toHaveLength(1)
    expect(inspect(signature, { depth: 10 })).toBe(`CmsSignature { ${signature.der.length} bytes }`)
    expect(inspect({ signature })).not.toContain('signerInfos')
  })

  it('that was damaged is parsed no earlier than asked for', () => {
    const broken = new CmsSignature(Uint8Array.of(0x30, 3, 1))
    expect(broken.base64()).toBe('MAMB')
    expect(() => broken.signedData).toThrow(Asn1Error)
    expect(() => broken.signedData).toThrow(Asn1Error)
  })

  it('reports PEM errors with their line', () => {
    expect(() => CmsSignature.from(`\n\n${pem('CMS').slice(0, 300)}`)).toThrow(PemError)
    expect(() => CmsSignature.from(`\n\n${pem('CMS').slice(0, 300)}`)).toThrow(/line 3/)
  })
})
