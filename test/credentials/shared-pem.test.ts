import { createHash, createPublicKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCertificates, readPrivateKey } from '../../src/credentials/index.ts'
import { recognise } from '../../src/credentials/recognise.ts'
import { CredentialError } from '../../src/errors.ts'
import { describeShared, shared } from '../support/tools.ts'
import { failure } from './support.ts'

interface Entry {
  file: string
  password: string | null
  expect?: string
}

const folder = (...path: string[]): string => shared('vectors', 'pkcs12', ...path)
const index = (name: string): Entry[] =>
  existsSync(folder(name)) ? JSON.parse(readFileSync(folder(name, 'index.json'), 'utf8')) : []

/** What reading the key gives: its kind, or the code of the error. */
async function keyOutcome({ file, password }: Entry): Promise<string> {
  try {
    const key = await readPrivateKey(readFileSync(folder(file)), { password: password ?? undefined })
    return createPublicKey(key).asymmetricKeyType ?? ''
  } catch (error) {
    if (error instanceof CredentialError) return error.code.replace('ERR_CREDENTIAL_', '')
    throw error
  }
}

function certificateOutcome({ file }: Entry): string {
  try {
    return `${readCertificates(readFileSync(folder(file))).length} found`
  } catch (error) {
    if (error instanceof CredentialError) return error.code.replace('ERR_CREDENTIAL_', '')
    throw error
  }
}

// A cipher that neither node:crypto nor any library has; the error says how to convert.
const UNKNOWN = /trad-seed/

describeShared('PEM files of the field (shared/vectors/pkcs12/pem)', () => {
  it.each(index('pem'))('$file', async (entry) => {
    const expected = UNKNOWN.test(entry.file)
      ? 'UNSUPPORTED'
      : /ed25519/.test(entry.file)
        ? 'ed25519'
        : /rsapss/.test(entry.file)
          ? 'rsa-pss'
          : /trad-ec|sec1/.test(entry.file)
            ? 'ec'
            : 'rsa'
    expect(await keyOutcome(entry)).toBe(expected)
  })

  it('finds certificates and keys that belong together', async () => {
    const bytes = readFileSync(folder('pem', 'ocapi-plain-key-chain.pem'))
    const spki = createPublicKey(await readPrivateKey(bytes)).export({ format: 'der', type: 'spki' })
    const fingerprint = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex')
    const certified = readCertificates(bytes).map(({ subjectPublicKeyInfo }) =>
      fingerprint(subjectPublicKeyInfo),
    )
    expect(certified).toContain(fingerprint(spki))
  })
})

/** By the index's `expect`: the outcomes that meet it. */
const MEETS: Record<string, readonly string[]> = {
  reject: ['FORMAT', 'UNSUPPORTED', 'NO_KEY'],
  'lenient-or-reject': ['FORMAT', 'NO_KEY', 'rsa'],
  ambiguous: ['AMBIGUOUS'],
  'reject-on-pair': ['rsa'],
  'no-key': ['NO_KEY'],
  'no-cert': ['rsa'],
  'ok-ignore': ['rsa'],
  limit: ['LIMIT'],
  'wrong-password': ['PASSWORD_WRONG'],
  'password-required': ['PASSWORD_REQUIRED'],
}

describeShared('malformed PEM files (shared/vectors/pkcs12/pem-malformed)', () => {
  describe.each(index('pem-malformed'))('$file', (entry) => {
    it(`the key: ${entry.expect}`, async () => {
      expect(MEETS[entry.expect ?? '']).toContain(await keyOutcome(entry))
    })

    it('the certificates: found, or a typed error', () => {
      expect(certificateOutcome(entry)).toMatch(/^[12] found$|^(FORMAT|NO_CERTIFICATE|LIMIT)$/)
    })
  })
})

describeShared('other key stores (shared/vectors/pkcs12)', () => {
  it('are known by their content, whoever wrote them', async () => {
    const files = JSON.parse(readFileSync(folder('index.json'), 'utf8')) as Entry[]
    const good = files.filter(
      ({ file, expect: expected }) => file.endsWith('.p12') && /^ok/.test(expected ?? ''),
    )
    expect(good.length).toBeGreaterThan(250)
    const others = good.filter(({ file }) => recognise(readFileSync(folder(file))) !== 'pkcs12')
    expect(others).toEqual([])
    const jks = await failure(() => readPrivateKey(readFileSync(folder('jks', 'keytool17-multi.jks'))))
    expect(jks.message).toContain('Java keystore')
  })
})
