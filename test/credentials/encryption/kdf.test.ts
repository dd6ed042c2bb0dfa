import { describe, expect, it } from 'vitest'
import { der, readDer } from '../../../src/asn1/index.ts'
import { type Derivation, readPbkdf2, readScrypt } from '../../../src/credentials/encryption/kdf.ts'
import { bmpPassword } from '../../../src/credentials/encryption/passwords.ts'
import { type Purpose, pkcs12Kdf } from '../../../src/credentials/encryption/pkcs12-kdf.ts'
import { withDefaults } from '../../../src/credentials/limits.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bounds = withDefaults()

const PRFS = { 'SHA-1': 7, 'SHA-224': 8, 'SHA-256': 9, 'SHA-384': 10, 'SHA-512': 11 }

function derived(found: Derivation, password: string, length: number): Promise<Uint8Array> {
  if ('unknown' in found) throw new Error(`unknown ${found.unknown}`)
  return found.derive(utf8(password), length)
}

function pbkdf2(prf: keyof typeof PRFS, salt: string, iterations: number): Derivation {
  const algorithm = der.sequence([der.oid(`1.2.840.113549.2.${PRFS[prf]}`), der.null()])
  const rest = prf === 'SHA-1' ? [] : [algorithm]
  const parameters = der.sequence([der.octetString(utf8(salt)), der.integer(iterations), ...rest])
  return readDer(parameters, '', (r) => readPbkdf2(r, bounds))
}

describe('PBKDF2 as it is called', () => {
  it.each([
    ['password', 'salt', 1, '0c60c80f961f0e71f3a9b524af6012062fe037a6'],
    ['password', 'salt', 2, 'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957'],
    ['password', 'salt', 4096, '4b007901b765489abead49d926f721d065a429c1'],
    [
      'passwordPASSWORDpassword',
      'saltSALTsaltSALTsaltSALTsaltSALTsalt',
      4096,
      '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038',
    ],
    ['pass\0word', 'sa\0lt', 4096, '56fa6aa75548099dcc37d7f03425e0c3'],
  ])('RFC 6070: %j, %j, %i iterations of HMAC-SHA-1', async (password, salt, iterations, key) => {
    expect(hex(await derived(pbkdf2('SHA-1', salt, iterations), password, key.length / 2))).toBe(key)
  })

  it.each([
    [
      'passwd',
      'salt',
      1,
      '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
    ],
    [
      'Password',
      'NaCl',
      80000,
      '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d',
    ],
  ])(
    'RFC 7914 section 11: %j, %j, %i iterations of HMAC-SHA-256',
    async (password, salt, iterations, key) => {
      expect(hex(await derived(pbkdf2('SHA-256', salt, iterations), password, 64))).toBe(key)
    },
  )
})

// The fourth vector there takes a gibibyte of memory: see limits.test.ts for what is done about that.
describe('scrypt as it is called (RFC 7914 section 12)', () => {
  it.each([
    [
      '',
      '',
      16,
      1,
      1,
      '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
    ],
    [
      'password',
      'NaCl',
      1024,
      8,
      16,
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    ],
    [
      'pleaseletmein',
      'SodiumChloride',
      16384,
      8,
      1,
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    ],
  ])('%j, %j, N=%i, r=%i, p=%i', async (password, salt, n, r, p, key) => {
    const numbers = [n, r, p].map((number) => der.integer(number))
    const parameters = der.sequence([der.octetString(utf8(salt)), ...numbers])
    const found = readDer(parameters, '', (reader) => readScrypt(reader, bounds))
    expect(hex(await derived(found, password, 64))).toBe(key)
  })
})

describe('the key derivation of PKCS#12 (vectors of OpenSSL, test/recipes/30-test_evp_data/evpkdf_pkcs12.txt)', () => {
  it.each<[string, string, number, Purpose, string]>([
    ['smeg', '0a58cf64530d823f', 1, 'key', '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3'],
    ['smeg', '0a58cf64530d823f', 1, 'iv', '79993dfe048d3b76'],
    ['smeg', '3d83c0e4546ac140', 1, 'mac', '8d967d88f6caa9d714800ab3d48051d63f73a312'],
    ['queeg', '05dec959acff72f7', 1000, 'key', 'ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4'],
    ['queeg', '05dec959acff72f7', 1000, 'iv', '11dedad7758d4860'],
    ['queeg', '263216fcc2fab31c', 1000, 'mac', '5ec4c7a80df652294c3925b6489a7ab857c83476'],
  ])('%s, %s, %i iterations, %s', async (password, salt, iterations, purpose, key) => {
    const bytes = Buffer.from(salt, 'hex')
    const made = await pkcs12Kdf(
      'SHA-1',
      bmpPassword(utf8(password)),
      bytes,
      iterations,
      purpose,
      key.length / 2,
    )
    expect(hex(made)).toBe(key)
  })

  it('takes a password as UTF-16BE with a final NUL', () => {
    expect(hex(bmpPassword(utf8('Beavis')))).toBe('0042006500610076006900730000')
    expect(hex(bmpPassword(utf8('')))).toBe('0000')
    expect(hex(bmpPassword(utf8('ключ€😀')))).toBe('043a043b044e044720acd83dde000000')
    expect(hex(bmpPassword(Uint8Array.of(0xe9)))).toBe('00e90000')
  })

  it('gives way to other work', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await pkcs12Kdf('SHA-1', bmpPassword(utf8('x')), new Uint8Array(8), 100_001, 'iv', 8)
    clearInterval(timer)
    expect(turns).toBeGreaterThanOrEqual(2)
  })
})
