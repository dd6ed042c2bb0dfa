import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Credentials, keyFingerprint, readCredentials } from '../../../src/credentials/index.ts'
import { CredentialError } from '../../../src/errors.ts'
import { describeShared, shared } from '../../support/tools.ts'
import { spkiOf } from '../support.ts'

interface Entry {
  file: string
  password: string | null
  expect?: string
}

const folder = (...path: string[]): string => shared('vectors', 'pkcs12', ...path)
const index = (name: string): Entry[] =>
  existsSync(folder(name)) ? JSON.parse(readFileSync(folder(name, 'index.json'), 'utf8')) : []

/** Contents, or the code of the error without the prefix that all have. */
async function outcome({ file, password }: Entry): Promise<Credentials | string> {
  try {
    return await readCredentials(readFileSync(folder(file)), { password: password ?? undefined })
  } catch (error) {
    if (error instanceof CredentialError) return error.code.replace('ERR_CREDENTIAL_', '')
    throw error
  }
}

/** The certificate and key beside, as node:crypto reads them. */
const certificateBeside = (name: string): string =>
  new X509Certificate(readFileSync(folder('pem', `${name}.crt`))).fingerprint256
const keyBeside = (name: string): string =>
  keyFingerprint(Buffer.from(spkiOf(createPrivateKey(readFileSync(folder('pem', `${name}.key`)))), 'base64'))
const nodeFingerprint = (der: Uint8Array | undefined): string | undefined =>
  der && new X509Certificate(der).fingerprint256

/** Which key and certificate of the folder a file was made of. */
const MADE_OF: readonly (readonly [RegExp, string])[] = [
  [/ed25519/, 'ed25519'],
  [/rsapss/, 'rsapss'],
  [/trad-ec|sec1/, 'ecp256'],
]
const madeOf = (file: string): string => MADE_OF.find(([pattern]) => pattern.test(file))?.[1] ?? 'rsa2048'

describeShared('reading matrix: PEM files of the field', () => {
  it.each(index('pem').filter(({ file }) => !file.includes('trad-seed')))('$file', async (entry) => {
    const credentials = await outcome(entry)
    if (typeof credentials === 'string') throw new Error(credentials)
    const [{ key, certificate, chain } = {}, ...more] = credentials.keys
    expect(more).toEqual([])
    expect(key?.fingerprint).toBe(keyBeside(madeOf(entry.file)))
    expect(nodeFingerprint(certificate?.der)).toBe(certificateBeside(madeOf(entry.file)))
    expect(credentials.form).toBe('PEM')
    expect(credentials.protection.plainKeys).toBe(entry.password === null)
    expect(credentials.protection.encryption.length).toBe(entry.password === null ? 0 : 1)
    expect(chain?.length).toBe(credentials.certificates.length - 1)
    expect(credentials.certificates.length).toBe(/chain|bagattrs/.test(entry.file) ? 3 : 1)
    expect((await key?.toKeyObject())?.type).toBe('private')
  })

  it('SEED is no cipher of ours, which is said', async () => {
    const [entry] = index('pem').filter(({ file }) => file.includes('trad-seed'))
    expect(await outcome(entry as Entry)).toBe('UNSUPPORTED')
  })

  it.each(['ocapi-bagattrs.pem', 'ocapi-bagattrs-enc.pem'])('%s: names and identifiers', async (file) => {
    const read = await readCredentials(readFileSync(folder('pem', file)), { password: 'Secret123' })
    const text = readFileSync(folder('pem', file), 'utf8')
    const name = /friendlyName: (.*)/.exec(text)?.[1]
    const id = /localKeyID: ([0-9A-F ]*)/.exec(text)?.[1]?.replaceAll(' ', '')
    expect(name).toEqual(expect.any(String))
    const [entry] = read.keys
    expect(entry?.friendlyName).toBe(name)
    expect(Buffer.from(entry?.localKeyId ?? []).toString('hex')).toBe(id?.toLowerCase())
    expect(read.notes.filter((note) => note.includes('localKeyId'))).toEqual([])
  })

  it.each(['ecp256', 'ecp384', 'ecp521', 'ecsecp256k1', 'ed25519', 'ed448', 'rsa2048', 'rsa4096', 'rsapss'])(
    '%s.key and %s.crt in one text',
    async (name) => {
      const text = ['key', 'crt']
        .map((form) => readFileSync(folder('pem', `${name}.${form}`), 'utf8'))
        .join('')
      const [entry, ...more] = (await readCredentials(text)).keys
      expect(more).toEqual([])
      expect(entry?.key.fingerprint).toBe(keyBeside(name))
      expect(nodeFingerprint(entry?.certificate?.der)).toBe(certificateBeside(name))
    },
  )
})

/** What `expect` of the index means for all that a file holds, where it is not an error of one code. */
const CONTENTS: Readonly<Record<string, (credentials: Credentials) => unknown>> = {
  ambiguous: ({ keys }) => keys.length === 2,
  'reject-on-pair': ({ keys, certificates, notes }) =>
    keys[0]?.certificate === undefined &&
    certificates.length === 1 &&
    notes.some((note) => note.includes('No certificate in the file is for a private key')),
  'no-key': ({ keys, certificates }) => keys.length === 0 && certificates.length > 0,
  'no-cert': ({ keys, certificates }) => keys.length === 1 && certificates.length === 0,
  'ok-ignore': ({ keys }) => keys.length === 1 && keys[0]?.certificate !== undefined,
  // Of some it is the certificate alone.
  'lenient-or-reject': ({ keys, certificates }) => keys.length === 1 || certificates.length === 1,
}

const CODES: Readonly<Record<string, readonly string[]>> = {
  reject: ['FORMAT', 'UNSUPPORTED', 'NO_KEY'],
  'lenient-or-reject': ['FORMAT', 'NO_KEY'],
  limit: ['LIMIT'],
  'no-key': ['NO_KEY'],
  'wrong-password': ['PASSWORD_WRONG'],
  'password-required': ['PASSWORD_REQUIRED'],
}

describeShared('reading matrix: malformed PEM', () => {
  it.each(index('pem-malformed'))('$file: $expect', async (entry) => {
    const found = await outcome(entry)
    const wanted = entry.expect ?? ''
    if (typeof found === 'string') expect(CODES[wanted]).toContain(found)
    else expect(CONTENTS[wanted]?.(found)).toBe(true)
  })

  it('has an entry of each kind', () => {
    const kinds = new Set(index('pem-malformed').map(({ expect: wanted }) => wanted))
    expect([...kinds].sort()).toEqual([...new Set([...Object.keys(CODES), ...Object.keys(CONTENTS)])].sort())
  })
})

describe('limits', () => {
  it('may be raised by who knows the file', async () => {
    const block = `-----BEGIN X-----\nAQI=\n-----END X-----\n`
    const text = block.repeat(1001)
    const code = (limits: object): Promise<string> =>
      readCredentials(text, { limits }).then(
        () => 'read',
        (error: CredentialError) => error.code,
      )
    expect(await code({})).toBe('ERR_CREDENTIAL_LIMIT')
    expect(await code({ maxBlocks: 1001 })).toBe('ERR_CREDENTIAL_FORMAT')
  })
})
