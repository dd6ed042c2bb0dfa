import { describe, expect, it } from 'vitest'
import { encodePem } from '../../../src/asn1/index.ts'
import { chooseKey, PrivateKey, readCredentials, readPrivateKey } from '../../../src/credentials/index.ts'
import { codeOf, failure, spkiOf, vector } from '../support.ts'

const text = (name: string): string => new TextDecoder().decode(vector(name))
const password = 'test'

describe('each form by its content', () => {
  it.each([
    ['rsa.pkcs8.pem', 'PEM', 1, 0],
    ['rsa.pkcs8.der', 'DER', 1, 0],
    ['rsa.pkcs8.base64', 'DER', 1, 0],
    ['rsa.pkcs1.der', 'DER', 1, 0],
    ['p256.sec1.der', 'DER', 1, 0],
    ['rsa.pbes2.der', 'DER', 1, 0],
    ['rsa.crt', 'PEM', 0, 1],
    ['rsa.crt.der', 'DER', 0, 1],
    ['chain.p7b.der', 'PKCS#7', 0, 3],
    ['chain.p7b.pem', 'PEM', 0, 3],
    ['rsa.p12', 'PKCS#12', 1, 1],
  ])('%s is %s', async (name, form, keys, certificates) => {
    const read = await readCredentials(vector(name), { password })
    expect([read.form, read.keys.length]).toEqual([form, keys])
    expect(read.certificates.length).toBeGreaterThanOrEqual(certificates)
    if (certificates === 0) expect(read.certificates).toEqual([])
  })

  it('PKCS#12 in base64, and in a PEM block', async () => {
    const bytes = vector('rsa.p12')
    const [expected] = (await readCredentials(bytes, { password })).keys
    for (const input of [Buffer.from(bytes).toString('base64'), encodePem('PKCS12', bytes)]) {
      const { form, keys } = await readCredentials(input, { password })
      expect(form).toBe('PKCS#12')
      expect(keys.map(({ key }) => key.fingerprint)).toEqual([expected?.key.fingerprint])
    }
  })

  it.each([
    ['refused.jks', 'UNSUPPORTED', /keytool -importkeystore/],
    ['refused.openssh.pem', 'UNSUPPORTED', /ssh-keygen/],
    ['refused.csr.pem', 'NO_KEY', /give the file/],
    ['refused.public-key.pem', 'NO_KEY', /give the file/],
    ['refused.cms.pem', 'NO_KEY', /give the file/],
  ])('%s is refused: %s', async (name, code, hint) => {
    const error = await failure(() => readCredentials(vector(name)))
    expect(error.code).toBe(`ERR_CREDENTIAL_${code}`)
    expect(error.hint).toMatch(hint)
  })

  it('nothing at all, and text that is none of them', async () => {
    for (const input of ['', ' \n', new Uint8Array(), 'hello', Uint8Array.of(1, 2, 3)]) {
      expect(await codeOf(() => readCredentials(input))).toBe('FORMAT')
    }
    await expect(readCredentials(undefined as never)).rejects.toThrow(TypeError)
  })
})

describe('PEM as the field has it', () => {
  const plain = text('p256.pkcs8.pem') + text('p256.crt')
  const VARIANTS: readonly (readonly [string, string | Uint8Array])[] = [
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['CR', plain.replaceAll('\n', '\r')],
    ['no final line end', plain.trimEnd()],
    ['a byte order mark', `\ufeff${plain}`],
    ['UTF-16, little endian', Buffer.from(`\ufeff${plain}`, 'utf16le')],
    ['UTF-16, big endian', Buffer.from(`\ufeff${plain}`, 'utf16le').swap16()],
    ['indentation', plain.replace(/^/gm, '    ')],
    ['spaces at line ends', plain.replace(/$/gm, ' \t')],
    ['no-break spaces at line ends', plain.replace(/$/gm, '\u00a0')],
    ['text around it', `Subject: x\n${plain}\nthe end`],
    ['a mark inside a line of text', `subject=CN = -----BEGIN CERTIFICATE-----\n${plain}`],
    ['lines of another length', plain.replace(/(.{40})\n?(?=[A-Za-z0-9+/])/g, '$1\n')],
  ]

  it.each(VARIANTS)('%s', async (_, input) => {
    const { keys, certificates } = await readCredentials(input)
    expect(keys.length).toBe(1)
    expect(certificates.length).toBe(1)
    expect(keys[0]?.certificate?.equals((certificates[0] as (typeof certificates)[0]).certificate)).toBe(true)
  })

  it('names and identifiers of `openssl pkcs12` are taken', async () => {
    const [entry] = (await readCredentials(vector('bag-attributes.pem'), { password })).keys
    expect(entry?.friendlyName).toBe(/friendlyName: (.*)/.exec(text('bag-attributes.pem'))?.[1])
    expect(entry?.localKeyId?.length).toBeGreaterThan(0)
  })

  it('bag attributes that name the certificate of another key do not make it the key’s', async () => {
    const bag = (pem: string): string => `Bag Attributes\n    localKeyID: 01 02 \n    friendlyName: n\n${pem}`
    const { keys, notes } = await readCredentials(bag(text('rsa.pkcs8.pem')) + bag(text('p256.crt')))
    expect(keys[0]?.certificate).toBeUndefined()
    expect(keys[0]?.friendlyName).toBe('n')
    expect(notes.join()).toContain('do not belong together')
  })

  it('blocks beside a PKCS12 block are not mixed with what it holds, and listed', async () => {
    const input = encodePem('PKCS12', vector('rsa.p12')) + text('p256.crt')
    const { form, keys, skipped } = await readCredentials(input, { password })
    expect([form, keys.length]).toEqual(['PKCS#12', 1])
    expect(skipped).toEqual([{ what: 'a certificate', why: expect.stringMatching(/^line \d+$/) }])
  })

  it('other blocks are passed over and listed', async () => {
    const { skipped, keys } = await readCredentials(text('refused.csr.pem') + plain)
    expect(keys.length).toBe(1)
    expect(skipped).toEqual([{ what: 'a certificate request (CSR)', why: 'line 1' }])
  })
})

describe('several keys', () => {
  const both = text('rsa.pkcs8.pem') + text('p256.pkcs8.pem') + text('p256.crt') + text('rsa.crt')

  it('each has its certificate', async () => {
    const { keys, certificates } = await readCredentials(both)
    expect(keys.map(({ key }) => key.name)).toEqual(['RSA 2048', 'EC P-256'])
    expect(keys.map(({ certificate }) => certificate?.fingerprint())).toEqual(
      [certificates[1], certificates[0]].map((entry) => entry?.certificate.fingerprint()),
    )
  })

  it('one is chosen by certificate, fingerprint or name, else they are listed', async () => {
    const { keys, certificates } = await readCredentials(both)
    const [first, second] = keys as [(typeof keys)[0], (typeof keys)[0]]
    const expected = spkiOf(await second.key.toKeyObject())
    for (const choose of [
      { certificate: certificates[0]?.certificate },
      { fingerprint: second.key.fingerprint },
      { fingerprint: second.key.fingerprint?.slice(0, 8).toUpperCase() },
    ]) {
      expect(spkiOf(await readPrivateKey(both, { choose }))).toBe(expected)
    }
    const error = await failure(() => chooseKey(keys))
    expect(error.code).toBe('ERR_CREDENTIAL_AMBIGUOUS')
    for (const { key } of [first, second]) expect(error.message).toContain(`${key}`)
    expect(await codeOf(() => readPrivateKey(both))).toBe('AMBIGUOUS')
    expect(await codeOf(() => readPrivateKey(both, { choose: { fingerprint: '00000000' } }))).toBe(
      'KEY_MISMATCH',
    )
    expect(() => chooseKey(keys, { fingerprint: 'abc' })).toThrow(TypeError)
    expect(await codeOf(() => chooseKey([]))).toBe('NO_KEY')
  })

  it('a name never reaches a message as it is', async () => {
    const [entry] = (await readCredentials(both)).keys
    const named = { ...(entry as NonNullable<typeof entry>), friendlyName: 'a\n\u001b[31m\u202e"b' }
    const { message } = await failure(() => chooseKey([named, named]))
    for (const character of ['\n', '\u001b', '\u202e']) expect(message).not.toContain(character)
    expect(message).toContain('a\\n')
  })
})

describe('passwords', () => {
  const locked = text('rsa.traditional-aes256.pem') + text('p256.pbes2-aes-256-cbc-hmacWithSHA256.pem')

  it('a callback is called once for several keys, and not where nothing is encrypted', async () => {
    let calls = 0
    const ask = async (): Promise<string> => {
      calls++
      return password
    }
    const { keys, protection, notes } = await readCredentials(locked, { password: ask })
    expect([keys.length, calls]).toEqual([2, 1])
    expect(protection.encryption.map(({ weak }) => weak)).toEqual([true, false])
    expect(notes.filter((note) => note.includes('weak')).length).toBe(1)
    await readCredentials(vector('rsa.pkcs8.pem'), { password: ask })
    expect(calls).toBe(1)
  })

  it('keyPassword goes before password; wrong and missing ones are told apart', async () => {
    const read = (options: object): Promise<string> => codeOf(() => readCredentials(locked, options))
    await readCredentials(locked, { password: 'wrong', keyPassword: password })
    expect(await read({ password: 'wrong' })).toBe('PASSWORD_WRONG')
    expect(await read({})).toBe('PASSWORD_REQUIRED')
    const why = new Error('cancelled')
    await expect(readCredentials(locked, { password: () => Promise.reject(why) })).rejects.toBe(why)
  })

  it('the sum of all derivations is bounded before one is made', async () => {
    const each = text('p256.pbes2-600000.pem')
    let calls = 0
    const ask = (): string => {
      calls++
      return password
    }
    const limits = { maxTotalIterations: 1_000_000 }
    expect(await codeOf(() => readCredentials(each + each, { password: ask, limits }))).toBe('LIMIT')
    expect(calls).toBe(0)
  })

  it('where a later key is damaged, the earlier ones are overwritten', async () => {
    const made: PrivateKey[] = []
    const { fromPkcs8 } = PrivateKey
    PrivateKey.fromPkcs8 = async (...given) => {
      const key = await fromPkcs8.apply(PrivateKey, given)
      made.push(key)
      return key
    }
    try {
      const damaged = encodePem('PRIVATE KEY', vector('p256.pkcs8.der').subarray(0, -1))
      expect(await codeOf(() => readCredentials(text('rsa.pkcs8.pem') + damaged))).toBe('FORMAT')
    } finally {
      PrivateKey.fromPkcs8 = fromPkcs8
    }
    expect(made.length).toBe(1)
    expect(() => made[0]?.pkcs8()).toThrow('disposed of')
  })
})
