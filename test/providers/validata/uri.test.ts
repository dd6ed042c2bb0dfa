import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatValidataUri,
  openValidataSigner,
  parseValidataUri,
  type ValidataOptions,
} from '../../../providers/validata/index.ts'
import { SignerError } from '../../../src/errors.ts'

describe('parseValidataUri', () => {
  it('reads every attribute', () => {
    const uri = [
      'validata:profile=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2%3B%25',
      'tool=C:\\Program Files\\Validata\\zpki\\zpki1utl.exe',
      'family=GOST;registry-profiles=true;send-certificate=false;silent=false;algorithm=1.2.643.7.1.1.3.2',
      'certificate=cert.pem;extra=-minimal;extra=-stream;argument={data};argument={out}',
      'prefix=ssh;prefix=user@host;working-directory=/opt;temporary-folder=/mnt/s;temporary-folder-seen-as=S:\\sign',
      'timeout=30s;output-wait=250ms;concurrency=4',
    ].join(';')
    expect(parseValidataUri(uri)).toEqual({
      profile: 'Иванов;%',
      tool: 'C:\\Program Files\\Validata\\zpki\\zpki1utl.exe',
      family: 'GOST',
      registry: true,
      sendCertificate: false,
      silent: false,
      algorithm: '1.2.643.7.1.1.3.2',
      certificate: 'cert.pem',
      extraArguments: ['-minimal', '-stream'],
      arguments: ['{data}', '{out}'],
      prefix: ['ssh', 'user@host'],
      workingDirectory: '/opt',
      temporaryFolder: '/mnt/s',
      temporaryFolderSeenAs: 'S:\\sign',
      timeout: 30_000,
      outputWait: 250,
      concurrency: 4,
    })
  })

  it('reads letters as they stand, and nothing at all', () => {
    expect(parseValidataUri('VALIDATA:profile=Иванов И.=1')).toEqual({ profile: 'Иванов И.=1' })
    expect(parseValidataUri('validata:')).toEqual({})
  })

  it.each([
    ['pkcs11:token=x', 'does not begin with validata:'],
    ['validata:profile', 'not name=value'],
    ['validata:=x', 'not name=value'],
    ['validata:profile=x;', 'not name=value'],
    ['validata:;profile=x', 'not name=value'],
    ['validata:profile=', 'profile has no value'],
    ['validata:profil=x', 'no attribute profil'],
    ['validata:__proto__=x', 'no attribute of such a name'],
    ['validata:toString=x', 'no attribute of such a name'],
    ['validata:profile=a;profile=b', 'profile stands twice'],
    ['validata:profile=a%', 'begins no percent-encoding'],
    ['validata:profile=a%2', 'begins no percent-encoding'],
    ['validata:profile=%D0', 'not percent-encoded UTF-8'],
    ['validata:profile=%00', 'control character'],
    ['validata:profile=a\nb', 'must be percent-encoded'],
    ['validata:profile=a#b', 'must be percent-encoded'],
    ['validata:profile=a?b', 'must be percent-encoded'],
    ['validata:registry-profiles=yes', 'must be true or false'],
    ['validata:family=EC', 'must be RSA or GOST'],
    ['validata:timeout=30', 'not a time'],
    ['validata:timeout=-1s', 'not a time'],
    ['validata:concurrency=0', 'not a number'],
    ['validata:password=secret', 'takes no password and no PIN'],
    ['validata:pin=secret', 'takes no password and no PIN'],
  ])('refuses %j', (uri, words) => {
    const error = failure(() => parseValidataUri(uri))
    expect(error).toMatchObject({ code: 'ERR_SIGNER_URI', hint: expect.stringMatching(/\w/) })
    expect(error.message).toContain(words)
    expect(`${error.message}${error.hint}`).not.toContain('secret')
  })

  it('refuses in a SignerError or reads, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseValidataUri(`validata:${text}`)
        } catch (error) {
          expect(error).toBeInstanceOf(SignerError)
        }
      }),
    )
  })
})

describe('formatValidataUri', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !/[\p{Cc}\p{Surrogate}]/u.test(text))
  const words = fc.array(word, { minLength: 1, maxLength: 3 })

  it('writes what is read back', () => {
    const settings = fc.record(
      {
        profile: word,
        tool: word,
        family: fc.constantFrom('RSA' as const, 'GOST' as const),
        registry: fc.boolean(),
        certificate: word,
        extraArguments: words,
        arguments: words,
        prefix: words,
        timeout: fc.integer({ min: 0, max: 9_999_999 }),
        concurrency: fc.integer({ min: 1, max: 64 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(settings, (each) => {
        expect(parseValidataUri(formatValidataUri(each))).toEqual(each)
      }),
    )
  })

  it('names no certificate that has no name', () => {
    expect(() => formatValidataUri({ certificate: Uint8Array.of(1) })).toThrow(TypeError)
  })
})

describe('options', () => {
  const of = (options: unknown) => openValidataSigner(options as ValidataOptions)

  it.each([
    [{ key: 'validata:algorithm=RSA' }, 'algorithm is no dotted OID'],
    [{ profile: '' }, 'profile is empty'],
    [{ profile: 'a\0b' }, 'no name has'],
    [{ extraArguments: ['-password', 'secret'] }, 'not given to the tool as an argument'],
    [{ extraArguments: ['-pin=secret'] }, 'not given to the tool as an argument'],
    [{ key: 'validata:extra=-PIN;extra=secret' }, 'not given to the tool as an argument'],
    [{ arguments: ['{data}', '{out}', '/password:secret'] }, 'not given to the tool as an argument'],
    [{ arguments: ['-in', '{data}'] }, 'must have a {out}'],
    [{ arguments: ['{out}'] }, 'must have a {data}'],
    [{ arguments: ['{data}', '{out}', '{pin}'] }, 'a place of no known name'],
    [{ arguments: ['{data}', '{out}', '{profile}'] }, 'and none is given'],
    [{ sendCertificate: false }, 'without the certificate'],
    [{ tool: process.execPath }, 'whether node signs with GOST or RSA'],
  ])('that make no sense are a SignerError: %j', async (options, words) => {
    const error = (await of(options).catch((reason: unknown) => reason)) as SignerError
    expect(error).toMatchObject({ code: 'ERR_SIGNER_URI' })
    expect(error.message).toContain(words)
    expect(`${error.message}${error.hint}`).not.toContain('secret')
  })

  it.each([
    null,
    'validata:',
    { key: 1 },
    { tool: 1 },
    { prefix: 'wine' },
    { prefix: [1] },
    { silent: 'yes' },
    { family: 'EC' },
    { timeout: 0 },
    { timeout: 2 ** 31 },
    { timeout: Number.NaN },
    { outputWait: -1 },
    { concurrency: 65 },
    { environment: { A: 1 } },
    { environment: 'A=1' },
    { certificate: 1 },
  ])('of a wrong type are a TypeError: %j', async (options) => {
    await expect(of(options)).rejects.toThrow(TypeError)
  })

  it('go before those of the URI', async () => {
    const key = 'validata:tool=/nowhere/one;family=GOST'
    await expect(of({ key, tool: '/nowhere/two' })).rejects.toThrow('/nowhere/two')
  })
})

function failure(action: () => unknown): SignerError {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(SignerError)
    return error as SignerError
  }
  throw new Error('it did not fail')
}
