import { describe, expect, it } from 'vitest'
import { encodePem } from '../../src/asn1/index.ts'
import { readPrivateKey } from '../../src/credentials/index.ts'
import { codeOf, failure, vector } from './support.ts'

/** What a new user may give in place of a key: the code, and words of the message and of the hint. */
const CASES: readonly (readonly [file: string, code: string, message: RegExp, hint: RegExp])[] = [
  [
    'refused.explicit-parameters.pkcs8.pem',
    'UNSUPPORTED',
    /explicit/,
    /openssl pkey .* -ec_param_enc named_curve/,
  ],
  ['refused.explicit-parameters.sec1.pem', 'UNSUPPORTED', /explicit/, /-ec_param_enc named_curve/],
  ['refused.dsa.pkcs8.pem', 'UNSUPPORTED', /DSA/, /RSA, RSA-PSS, EC/],
  ['refused.dsa.traditional.pem', 'UNSUPPORTED', /DSA/, /RSA or EC/],
  ['refused.secp256k1.pem', 'UNSUPPORTED', /secp256k1/, /P-256/],
  ['refused.brainpoolP256r1.pem', 'UNSUPPORTED', /brainpoolP256r1/, /P-256/],
  ['refused.secp224r1.pem', 'UNSUPPORTED', /P-224/, /P-256/],
  ['refused.x25519.pem', 'UNSUPPORTED', /X25519/, /Ed25519/],
  ['refused.openssh.pem', 'UNSUPPORTED', /OpenSSH private key/, /ssh-keygen -p -m PKCS8/],
  ['refused.jks', 'UNSUPPORTED', /Java keystore/, /keytool -importkeystore/],
  ['refused.public-key.pem', 'NO_KEY', /this is a public key/, /the private key/],
  ['refused.rsa-public-key.pem', 'NO_KEY', /an RSA public key/, /the private key/],
  ['refused.ec-parameters.pem', 'NO_KEY', /EC parameters without a key/, /the private key/],
  ['refused.ssh-public-key.txt', 'NO_KEY', /SSH public key/, /the private key/],
  ['refused.csr.pem', 'NO_KEY', /certificate request/, /that the request was made with/],
  ['refused.cms.pem', 'NO_KEY', /CMS message/, /the private key/],
  ['rsa.crt', 'NO_KEY', /this is a certificate$/, /belongs to the certificate/],
  ['rsa.crt.der', 'NO_KEY', /this is a certificate$/, /belongs to the certificate/],
  ['refused.trusted.crt', 'NO_KEY', /this is a certificate$/, /belongs to the certificate/],
  ['chain.p7b.der', 'NO_KEY', /certificate bag/, /never holds one/],
  ['chain.p7b.pem', 'NO_KEY', /certificate bag/, /never holds one/],
]

describe('what is no key of ours', () => {
  it.each(CASES)('%s: %s', async (file, code, message, hint) => {
    const error = await failure(() => readPrivateKey(vector(file), { password: 'test' }))
    expect(error.code).toBe(`ERR_CREDENTIAL_${code}`)
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })

  it('says so before it asks for a password', async () => {
    let asked = false
    const password = (): string => {
      asked = true
      return 'test'
    }
    for (const [file] of CASES) await failure(() => readPrivateKey(vector(file), { password }))
    expect(asked).toBe(false)
  })

  it('knows a PuTTY key', async () => {
    const putty = await failure(() => readPrivateKey('PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n'))
    expect([putty.code, putty.hint]).toEqual([
      'ERR_CREDENTIAL_UNSUPPORTED',
      expect.stringContaining('puttygen'),
    ])
  })

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['no bytes', new Uint8Array(0)],
    ['text', 'the quick brown fox'],
    ['zeros', new Uint8Array(100)],
    ['a cut off block', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYD'],
    ['an unknown block', encodePem('X', Uint8Array.of(4, 1, 1))],
    ['half of a key', vector('rsa.pkcs8.der').subarray(0, 500)],
    ['a key with a byte behind it', Buffer.concat([vector('rsa.pkcs8.der'), Buffer.of(0)])],
  ])('%s is damaged', async (_, input) => {
    const error = await failure(() => readPrivateKey(input))
    expect(error.code).toBe('ERR_CREDENTIAL_FORMAT')
    expect(error.hint).toBeDefined()
  })

  it('says at which byte a DER file is damaged', async () => {
    const error = await failure(() => readPrivateKey(vector('rsa.pkcs8.der').subarray(0, 500)))
    expect(error.message).toMatch(/length 1\d\d\d where 496 bytes are left \(at byte 0\)/)
    expect(await codeOf(() => readPrivateKey(vector('p256.pkcs8.der').subarray(0, 60)))).toBe('FORMAT')
  })
})
