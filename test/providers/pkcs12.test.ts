import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openKey } from '../../providers/open.ts'
import { openSoftwareKey, type SoftwareKey } from '../../providers/software/index.ts'
import { verifySignature } from '../../src/algorithms/index.ts'
import { type NewKey, readCertificates, readCredentials, writePkcs12 } from '../../src/credentials/index.ts'
import { codeOf, failure, vector, vectorPath } from '../credentials/support.ts'
import { root, tempDir } from '../support/tools.ts'

const DATA = new TextEncoder().encode('the bytes to sign')
const password = 'test'

async function entry(name: string): Promise<NewKey> {
  const [found] = (await readCredentials(vector(`${name}.pkcs8.pem`))).keys
  const certificate = readCertificates(vector(`${name}.crt`))[0]
  return { key: (found as NonNullable<typeof found>).key, certificate, friendlyName: name }
}

const chain = ['root.crt', 'issuing.crt'].flatMap((name) => readCertificates(vector(name)))
const p12 = async (names: string[], options = {}): Promise<Uint8Array> =>
  await writePkcs12(
    {
      keys: await Promise.all(names.map(entry)),
      certificates: chain.map((certificate) => ({ certificate })),
    },
    { password, iterations: 1000, ...options },
  )

async function signed(key: SoftwareKey): Promise<string> {
  const signature = await key.sign(DATA)
  expect(verifySignature(key.algorithm, key.certificate.publicKey, DATA, signature)).toBe(true)
  return key.certificate.publicKey.type
}

describe('a key in PKCS#12', () => {
  it('is opened with certificate and chain, from a file, the password asked for once', async () => {
    const path = join(tempDir(), 'key.p12')
    writeFileSync(path, await p12(['rsa']), { mode: 0o600 })
    let calls = 0
    const ask = async (): Promise<string> => {
      calls++
      return password
    }
    await using key = await openSoftwareKey({ key: path, password: ask })
    expect(await signed(key)).toBe('RSA')
    expect(key.chain.map(({ subject }) => subject.commonName)).toEqual(['Issuing', 'Root'])
    expect(calls).toBe(1)
    expect(key.warnings).toEqual([])
  })

  it('says that its encryption is old', async () => {
    const bytes = await p12(['rsa'], { profile: 'legacy', iterations: 2048 })
    await using key = await openSoftwareKey({ key: bytes, password })
    expect(key.warnings.some((warning) => warning.startsWith('The encryption is weak'))).toBe(true)
    await signed(key)
  })

  it('takes the certificate that is given, and refuses that of another key', async () => {
    const bytes = await p12(['rsa'])
    await using key = await openSoftwareKey({ key: bytes, password, certificate: vectorPath('rsa.crt') })
    expect(await signed(key)).toBe('RSA')
    expect(key.chain.length).toBe(2)
    const other = { key: bytes, password, certificate: vectorPath('p256.crt') }
    expect(await codeOf(() => openSoftwareKey(other))).toBe('KEY_MISMATCH')
  })

  it('one of two is chosen by its certificate, name or fingerprint, else the keys are listed', async () => {
    const bytes = await p12(['rsa', 'p256'])
    const { keys } = await readCredentials(bytes, { password })
    for (const options of [
      { certificate: vectorPath('p256.crt') },
      { choose: { friendlyName: 'p256' } },
      { choose: { fingerprint: keys[1]?.key.fingerprint } },
    ]) {
      await using key = await openSoftwareKey({ key: bytes, password, ...options })
      expect(await signed(key)).toBe('EC')
    }
    const { code, message } = await failure(() => openSoftwareKey({ key: bytes, password }))
    expect(code).toBe('ERR_CREDENTIAL_AMBIGUOUS')
    for (const { key } of keys) expect(message).toContain(`${key}`)
  })

  it('gives certificates to a key of another file', async () => {
    const bytes = await p12(['rsa'])
    let calls = 0
    const ask = (): string => {
      calls++
      return password
    }
    for (const source of [vector('rsa.pkcs8.pem'), vector('rsa.pbes2.der')]) {
      calls = 0
      await using key = await openSoftwareKey({ key: source, certificate: bytes, password: ask })
      expect(key.chain.length).toBe(2)
      await signed(key)
      expect(calls).toBe(1)
    }
  })

  it('is refused with a wrong password or none, and where it is damaged', async () => {
    const bytes = await p12(['rsa'])
    expect(await codeOf(() => openSoftwareKey({ key: bytes, password: 'wrong' }))).toBe('PASSWORD_WRONG')
    expect(await codeOf(() => openSoftwareKey({ key: bytes }))).toBe('PASSWORD_REQUIRED')
    const damaged = bytes.slice(0, -1)
    expect(await codeOf(() => openSoftwareKey({ key: damaged, password }))).toBe('FORMAT')
  })
})

describe('files of other programs (vectors/pkcs12)', () => {
  const file = (name: string): string => join(root, 'vectors', 'pkcs12', name)

  it('without a MAC is refused, unless it is asked for, and then said', async () => {
    const options = { password: 'sealkit-test' }
    const bytes = readFileSync(file('openssl-no-mac.p12'))
    expect(await codeOf(() => openSoftwareKey({ key: bytes, ...options }))).toBe('MAC_MISSING')
    await using key = await openSoftwareKey({ key: bytes, ...options, allowMissingMac: true })
    expect(key.warnings.some((warning) => /MAC/.test(warning))).toBe(true)
    await signed(key)
  })

  it.each(['bc-ber.p12', 'bc-der.p12'])('%s signs through openKey', async (name) => {
    let calls = 0
    const ask = (): string => {
      calls++
      return 'sealkit-test'
    }
    const path = join(tempDir(), name)
    writeFileSync(path, readFileSync(file(name)), { mode: 0o600 })
    await using key = await openKey(path, { password: ask })
    const signature = await key.sign(DATA)
    expect(verifySignature(key.algorithm, key.certificate.publicKey, DATA, signature)).toBe(true)
    expect(calls).toBe(1)
  })
})
