import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCredentials, readPrivateKey } from '../../src/credentials/index.ts'
import { describeWith, tempDir } from '../support/tools.ts'
import { failure, spkiOf, vector, vectorPath } from './support.ts'

describeWith('openssl', 'keys written by the openssl of this machine', () => {
  const folder = tempDir()
  const path = (name: string): string => join(folder, name)
  const openssl = (args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }

  it.each([
    ['RSA', '-algorithm RSA -pkeyopt rsa_keygen_bits:2048'],
    [
      'RSA with three primes, which is refused',
      '-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3',
    ],
    ['RSA-PSS without restrictions', '-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048'],
    ['P-256', '-algorithm EC -pkeyopt ec_paramgen_curve:P-256'],
    ['P-384', '-algorithm EC -pkeyopt ec_paramgen_curve:P-384'],
    ['P-521', '-algorithm EC -pkeyopt ec_paramgen_curve:P-521'],
    ['Ed25519', '-algorithm ed25519'],
    ['Ed448', '-algorithm ed448'],
  ])('%s, plain and encrypted in every way', async (name, options) => {
    openssl(['genpkey', ...options.split(' '), '-out', 'key.pem'])
    if (name.includes('refused')) {
      expect((await failure(() => readPrivateKey(readFileSync(path('key.pem'))))).code).toBe(
        'ERR_CREDENTIAL_UNSUPPORTED',
      )
      return
    }
    const expected = spkiOf(createPrivateKey(readFileSync(path('key.pem'))))
    expect(spkiOf(await readPrivateKey(readFileSync(path('key.pem'))))).toBe(expected)
    const ways = [
      '-v2 aes-128-cbc',
      '-v2 aes-192-cbc -v2prf hmacWithSHA512',
      '-v2 aes-256-cbc -iter 10000',
      '-v2 des3',
    ]
    for (const way of [
      ...ways,
      '-scrypt',
      '-scrypt -scrypt_N 1024 -scrypt_p 4',
      '-v1 PBE-SHA1-3DES',
      '-v1 PBE-SHA1-2DES',
    ]) {
      for (const form of ['PEM', 'DER']) {
        // A password of more than ASCII: UTF-8 for PBES2, UTF-16 for PKCS#12's encryption.
        const args = [
          'pkcs8',
          '-topk8',
          '-in',
          'key.pem',
          ...way.split(' '),
          '-outform',
          form,
          '-passout',
          'env:PW',
          '-out',
          'locked',
        ]
        execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', env: { ...process.env, PW: 'пароль €' } })
        const key = await readPrivateKey(readFileSync(path('locked')), { password: 'пароль €' })
        expect(spkiOf(key), `${way} ${form}`).toBe(expected)
      }
    }
  })

  it('the way out that an error names works: explicit curve parameters are named', async () => {
    const name = 'refused.explicit-parameters.sec1.pem'
    expect((await failure(() => readPrivateKey(vector(name)))).hint).toContain(
      'openssl pkey -in KEY.pem -ec_param_enc named_curve -out NEW.pem',
    )
    openssl(['pkey', '-in', vectorPath(name), '-ec_param_enc', 'named_curve', '-out', 'named.pem'])
    expect(spkiOf(await readPrivateKey(readFileSync(path('named.pem'))))).toBe(
      spkiOf(await readPrivateKey(vector('p256.pkcs8.pem'))),
    )
  })

  it('a P12 becomes PEM, with its bag attributes', async () => {
    openssl([
      'pkcs12',
      '-in',
      vectorPath('rsa.p12'),
      '-out',
      'p12.pem',
      '-passin',
      'pass:test',
      '-passout',
      'pass:new',
    ])
    const pem = readFileSync(path('p12.pem'))
    const expected = spkiOf(await readPrivateKey(vector('rsa.pkcs8.pem')))
    expect(spkiOf(await readPrivateKey(pem, { password: 'new' }))).toBe(expected)
    const [ofPem] = (await readCredentials(pem, { password: 'new' })).keys
    const [ofP12] = (await readCredentials(vector('rsa.p12'), { password: 'test' })).keys
    expect(ofPem?.localKeyId).toEqual(ofP12?.localKeyId)
    expect(ofPem?.certificate?.fingerprint()).toBe(ofP12?.certificate?.fingerprint())
    expect(ofPem?.key.fingerprint).toBe(ofP12?.key.fingerprint)
  })
})
