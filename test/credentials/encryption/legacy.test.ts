import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCredentials } from '../../../src/credentials/index.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { codeOf, vector, vectorPath } from '../support.ts'

const LEGACY = '-provider legacy -provider default'

/** Written by `openssl pkcs8 -topk8`: name as it is given there, name of the protection here. */
const WAYS: readonly (readonly [way: string, algorithm: string, weak: boolean])[] = [
  ['-v1 PBE-SHA1-RC2-40', 'PBE SHA-1 RC2-40', true],
  ['-v1 PBE-SHA1-RC2-128', 'PBE SHA-1 RC2-128', true],
  ['-v1 PBE-SHA1-RC4-40', 'PBE SHA-1 RC4-40', true],
  ['-v1 PBE-SHA1-RC4-128', 'PBE SHA-1 RC4-128', true],
  ['-v1 PBE-SHA1-3DES', 'PBE SHA-1 3DES', true],
  ['-v1 PBE-SHA1-2DES', 'PBE SHA-1 3DES', true],
  ['-v1 PBE-MD5-DES', 'PBES1 MD5 DES', true],
  ['-v1 PBE-SHA1-DES', 'PBES1 SHA-1 DES', true],
  ['-v1 PBE-MD5-RC2-64', 'PBES1 MD5 RC2-64', true],
  ['-v1 PBE-SHA1-RC2-64', 'PBES1 SHA-1 RC2-64', true],
  ['-v2 des', 'PBES2 DES-CBC', true],
  ['-v2 des3', 'PBES2 3DES-CBC', true],
  ['-v2 rc2', 'PBES2 RC2-128-CBC', true],
  ['-v2 rc2-64-cbc', 'PBES2 RC2-64-CBC', true],
  ['-v2 rc2-40-cbc', 'PBES2 RC2-40-CBC', true],
  ['-v2 camellia-128-cbc', 'PBES2 Camellia-128-CBC', false],
  ['-v2 camellia-256-cbc', 'PBES2 Camellia-256-CBC', false],
  ['-v2 aes-256-cbc', 'PBES2 AES-256-CBC', false],
  ['-v2 aes-256-cbc -v2prf hmacWithSHA512-224', 'PBES2 AES-256-CBC', false],
  ['-v2 aes-256-cbc -v2prf hmacWithSHA512-256', 'PBES2 AES-256-CBC', false],
]

describeWith('openssl', 'every encryption of OpenSSL, old ones among them', () => {
  const folder = tempDir()
  const password = 'correct hörse €'
  const locked = (way: string): Uint8Array => {
    writeFileSync(join(folder, 'password'), password, { mode: 0o600 })
    const rest = `-passout file:password -outform DER -out locked ${way} ${LEGACY}`
    const args = ['pkcs8', '-topk8', '-in', vectorPath('p256.pkcs8.pem'), ...rest.split(' ')]
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
    return readFileSync(join(folder, 'locked'))
  }

  it.each(WAYS)('%s', async (way, algorithm, weak) => {
    const bytes = locked(way)
    const { keys, protection, notes } = await readCredentials(bytes, { password })
    expect(keys[0]?.key.pkcs8()).toEqual(vector('p256.pkcs8.der'))
    expect(protection.encryption).toMatchObject([{ algorithm, weak }])
    expect(notes.some((note) => /weak|old/.test(note))).toBe(weak)
    expect(await codeOf(() => readCredentials(bytes, { password: 'correct horse' }))).toBe('PASSWORD_WRONG')
  })
})
