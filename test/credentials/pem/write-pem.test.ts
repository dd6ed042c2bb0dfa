import { createPrivateKey, createPublicKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodePem } from '../../../src/asn1/index.ts'
import { type NewCredentials, type WritePemOptions, writePem } from '../../../src/credentials/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { attribute, certificate as makeCertificate, name } from '../../x509/build.ts'
import { makePair } from '../pkcs12/make-pkcs12.ts'
import { codeOf } from '../support.ts'

const issuer = makePair('ed25519', 'issuer', 'issuer')
const leaf = makePair('p256', 'subject', 'issuer')
const entry = { key: leaf.key, certificate: leaf.certificate, chain: [issuer.certificate] }
const labelsOf = (text: string): string[] => decodePem(text).map(({ label }) => label)
const quick = { password: 'correct horse', iterations: 1000 }

describe('writePem', () => {
  it('writes the key, the leaf, the chain, others: RFC 7468 in its strict form', async () => {
    const other = makePair('ed25519', 'other')
    const contents = {
      keys: [entry],
      certificates: [issuer, other, other].map(({ certificate }) => ({ certificate })),
      crls: [Uint8Array.of(0x30, 0)],
    }
    const text = await writePem(contents)
    const blocks = decodePem(text)
    expect(blocks.map(({ label }) => label)).toEqual([
      'PRIVATE KEY',
      'CERTIFICATE',
      'CERTIFICATE',
      'CERTIFICATE',
      'X509 CRL',
    ])
    const ders = [leaf.pkcs8, leaf.certificate.der, issuer.certificate.der, other.certificate.der, [0x30, 0]]
    expect(blocks.map(({ der }) => Buffer.from(der))).toEqual(ders.map((der) => Buffer.from(der)))
    const block =
      /-----BEGIN [A-Z0-9 ]+-----\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n-----END [A-Z0-9 ]+-----\n/
    expect(text).toMatch(new RegExp(`^(?:${block.source}){5}$`))
  })

  it('writes the key last where it is asked to', async () => {
    const text = await writePem({ keys: [entry] }, { order: 'key-last' })
    expect(labelsOf(text)).toEqual(['CERTIFICATE', 'CERTIFICATE', 'PRIVATE KEY'])
  })

  it.each([
    ['PBKDF2', quick],
    ['PBKDF2 with SHA-512', { ...quick, prf: 'SHA-512' }],
    ['scrypt', { password: 'correct horse', kdf: 'scrypt' }],
    ['the default iterations', { password: 'correct horse' }],
  ] as const)('encrypts the key: %s', async (_, options) => {
    const text = await writePem({ keys: [entry] }, options)
    expect(labelsOf(text)).toEqual(['ENCRYPTED PRIVATE KEY', 'CERTIFICATE', 'CERTIFICATE'])
    const key = createPrivateKey({ key: text, passphrase: 'correct horse' })
    expect(createPublicKey(key).equals(createPublicKey(leaf.key))).toBe(true)
    expect(() => createPrivateKey({ key: text, passphrase: 'wrong horse' })).toThrow()
  })

  it('writes certificates alone', async () => {
    expect(labelsOf(await writePem({ certificates: [leaf, issuer] }))).toEqual(['CERTIFICATE', 'CERTIFICATE'])
  })

  it('refuses two keys, of which programs would see one', async () => {
    expect(await codeOf(() => writePem({ keys: [entry, { key: issuer.key }] }))).toBe('AMBIGUOUS')
  })

  it('refuses a certificate of another key', async () => {
    const contents = { keys: [{ key: leaf.key, certificate: issuer.certificate }] }
    expect(await codeOf(() => writePem(contents))).toBe('KEY_MISMATCH')
  })

  it('never writes a plain key where a password was meant', async () => {
    expect(await codeOf(() => writePem({ keys: [entry] }, { password: '' }))).toBe('PASSWORD_UNSUITABLE')
    expect(await codeOf(() => writePem({ keys: [entry] }, { password: () => undefined }))).toBe(
      'PASSWORD_REQUIRED',
    )
    await expect(writePem({ keys: [entry] }, { iterations: 2000 })).rejects.toThrow(TypeError)
    await expect(writePem({ keys: [entry] }, { kdf: 'scrypt' })).rejects.toThrow(TypeError)
  })

  const wrong: [string, unknown, unknown?][] = [
    ['nothing to write', {}],
    ['another order', { keys: [entry] }, { order: 'any' }],
    ['too few iterations', { keys: [entry] }, { password: 'x', iterations: 10 }],
    ['a number as the password', { keys: [entry] }, { password: 1 }],
    ['PEM in place of a key', { keys: [{ key: 'PEM' }] }],
    ['bytes in place of a certificate', { certificates: [{ certificate: leaf.certificate.der }] }],
    ['bytes that are no CRL', { crls: [Uint8Array.of(1)] }],
  ]
  it.each(wrong)('%s: a TypeError', async (_, contents, options) => {
    const writing = writePem(contents as NewCredentials, options as WritePemOptions)
    await expect(writing).rejects.toThrow(TypeError)
  })
})

describe('names', () => {
  const hostile = [
    'a\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    '\r-----BEGIN PRIVATE KEY-----\r',
    '\0\n-----BEGIN X-----',
    '\u2028-----BEGIN X-----\u2029',
    '-----BEGIN X-----',
    '\u0085-----BEGIN X-----\u000b',
    '\ud83d\udd11\n-----BEGIN X-----',
  ]

  it.each(hostile)('%j is not written where there are no comments', async (friendlyName) => {
    const contents = { keys: [{ ...entry, friendlyName }], certificates: [{ ...issuer, friendlyName }] }
    expect(await writePem(contents)).toBe(await writePem({ keys: [entry] }))
  })

  it.each(hostile)('%j adds no block and no line in a comment', async (text) => {
    const subject = name([attribute('2.5.4.3', text)])
    const certificate = Certificate.parse(makeCertificate({ subject, issuer: subject, spki: leaf.spki }))
    const keys = [{ key: leaf.key, certificate, friendlyName: text }]
    const written = await writePem(
      { keys, certificates: [{ certificate, friendlyName: text }] },
      { comments: true },
    )
    expect(labelsOf(written)).toEqual(['PRIVATE KEY', 'CERTIFICATE'])
    expect(written).toMatch(/^[\x20-\x7e\n]*$/)
    expect(written.match(/-----/g)).toHaveLength(8)
    const comments = written.split('\n').filter((line) => line.includes(': '))
    const kinds = comments.map((line) => line.slice(0, line.indexOf(':')))
    expect(kinds).toEqual(['Friendly name', 'Private key', 'Friendly name', 'Subject', 'Issuer', 'Not after'])
  })

  it('are readable in comments where they are harmless', async () => {
    const text = await writePem({ keys: [{ ...entry, friendlyName: 'api-1 of Bank A' }] }, { comments: true })
    expect(text).toContain('Friendly name: api-1 of Bank A\n')
    expect(text).toContain('Subject: CN=subject\nIssuer: CN=issuer\n')
  })

  it('are cut', async () => {
    const friendlyName = 'x'.repeat(10_000)
    const text = await writePem({ keys: [{ ...entry, friendlyName }] }, { comments: true })
    expect(text).toContain(`Friendly name: ${'x'.repeat(512)} ...\n`)
  })
})

describeWith('openssl', 'OpenSSL', () => {
  it.each([
    ['plain', {}],
    ['encrypted', quick],
    ['encrypted, scrypt', { password: quick.password, kdf: 'scrypt' }],
    ['encrypted, with comments', { ...quick, comments: true }],
  ] as const)('reads key and certificates: %s', async (_, options) => {
    const folder = tempDir()
    writeFileSync(join(folder, 'password'), 'correct horse\n')
    writeFileSync(
      join(folder, 'file.pem'),
      await writePem({ keys: [{ ...entry, friendlyName: 'a name' }] }, options),
    )
    const input = ['-in', join(folder, 'file.pem'), '-passin', `file:${join(folder, 'password')}`]
    const key = await mustRun('openssl', ['pkey', ...input, '-pubout', '-outform', 'DER'])
    expect(new Uint8Array(key.stdout)).toEqual(leaf.spki)
    const bundle = await mustRun('openssl', ['crl2pkcs7', '-nocrl', '-certfile', join(folder, 'file.pem')])
    const { stdout } = await mustRun('openssl', ['pkcs7', '-print_certs'], { input: bundle.stdout })
    const ders = decodePem(stdout.toString()).map(({ der }) => Buffer.from(der))
    expect(ders).toEqual([leaf, issuer].map(({ certificate }) => Buffer.from(certificate.der)))
  })
})
