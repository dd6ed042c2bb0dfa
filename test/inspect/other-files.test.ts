/** Inspection of what is no PKCS#12: certificates of every kind, messages, requests, lists, public keys. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodePem } from '../../src/asn1/index.ts'
import { createCertificateRequest, generateKey } from '../../src/credentials/index.ts'
import { formatInspection, inspect } from '../../src/inspect/index.ts'
import { mustRun } from '../interop/support/run.ts'
import { expectOnlyTypedErrors, malformedVariants } from '../support/malformed.ts'
import { describeWith, root } from '../support/tools.ts'

const vector = (name: string): Buffer => readFileSync(join(root, 'vectors', name))

describe('certificates of every algorithm', () => {
  const names = readdirSync(join(root, 'vectors/x509')).filter((name) => name.endsWith('.pem'))
  it.each(names)('%s', async (name) => {
    const { certificates, form } = await inspect(vector(`x509/${name}`))
    expect(form).toBe('PEM')
    expect(certificates).toHaveLength(1)
    expect(certificates[0]).toMatchObject({
      problems: [],
      publicKey: { spkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
  })

  it.each([
    ['key-dsa.pem', /DSA/],
    ['key-secp256k1.pem', /secp256k1|EC|1\.2\.840\.10045\.2\.1/],
    ['key-x25519.pem', /X25519/],
  ])('%s: a kind of key that is not used is named', async (name, kind) => {
    const [certificate] = (await inspect(vector(`x509/${name}`))).certificates
    expect(certificate?.publicKey).toMatchObject({
      name: expect.stringMatching(kind),
      type: null,
      bits: null,
    })
  })
})

describeWith('openssl', 'as OpenSSL says', () => {
  it.each(['names.pem', 'p256-sha256.pem', 'rsa-sha1.pem'])('%s: fingerprints and times', async (name) => {
    const [certificate] = (await inspect(vector(`x509/${name}`))).certificates
    const file = join(root, 'vectors/x509', name)
    for (const hash of ['sha256', 'sha1'] as const) {
      const { stdout } = await mustRun('openssl', ['x509', '-in', file, '-noout', '-fingerprint', `-${hash}`])
      const [, fingerprint = ''] = stdout.toString().trim().split('=')
      expect(certificate?.[hash]).toBe(fingerprint.replaceAll(':', '').toLowerCase())
    }
    const { stdout } = await mustRun('openssl', [
      'x509',
      '-in',
      file,
      '-noout',
      '-enddate',
      '-dateopt',
      'iso_8601',
    ])
    expect(`notAfter=${certificate?.notAfter.replace('T', ' ').replace('.000Z', 'Z')}`).toBe(
      stdout.toString().trim(),
    )
  })
})

describe('CMS messages', () => {
  it('a detached one: signer, algorithms, certificates', async () => {
    const inspection = await inspect(vector('cms/openssl-detached.der'))
    expect(inspection).toMatchObject({
      form: 'CMS',
      messages: [
        { contentType: 'data', detached: true, contentLength: null, signers: [{ countersignatures: 0 }] },
      ],
      notes: [expect.stringMatching(/not been verified/)],
    })
    const [signer] = inspection.messages[0]?.signers ?? []
    expect(inspection.certificates.map(({ sha256 }) => sha256)).toContain(signer?.certificateSha256)
    expect(signer).toMatchObject({
      digestAlgorithm: 'SHA-256',
      signatureAlgorithm: expect.stringMatching(/ with SHA-256$/),
      signingTime: expect.stringMatching(/^20.*Z$/),
    })
    expect(signer?.signedAttributes).toEqual(
      expect.arrayContaining(['contentType', 'messageDigest', 'signingTime']),
    )
    expect(formatInspection(inspection)).toMatch(/Signed message \(not verified\)\n {2}content +detached/)
  })

  it('an attached one says how large the content is', async () => {
    const { messages } = await inspect(vector('cms/openssl-attached.der'))
    expect(messages).toMatchObject([{ detached: false, contentLength: vector('cms/content.txt').length }])
  })

  it('timestamps and countersignatures', async () => {
    const stamped = await inspect(vector('cms/bc-cades-t.der'))
    expect(stamped.messages[0]?.signers).toMatchObject([
      { timestamps: [{ time: expect.stringMatching(/Z$/) }] },
    ])
    expect(formatInspection(stamped)).toMatch(/timestamp +20\d\d-.* \(not verified\)/)
    const countersigned = await inspect(vector('cms/bc-countersigned.der'))
    expect(countersigned.messages[0]?.signers[0]?.countersignatures).toBeGreaterThan(0)
  })

  it.each(['bc-ed448.der', 'openssl-pss.der', 'openssl-two.der', 'openssl-keyid.der', 'openssl-stream.der'])(
    '%s',
    async (name) => {
      const { messages } = await inspect(vector(`cms/${name}`))
      expect(messages[0]?.signers.length).toBe(name === 'openssl-two.der' ? 2 : 1)
    },
  )
})

describe('requests and public keys', async () => {
  const key = await generateKey('P-256')
  const request = await createCertificateRequest({ key, subject: 'CN=a', keyUsage: ['digitalSignature'] })

  it('a request, and that it is signed by its key', async () => {
    for (const input of [request.toPem(), request.der]) {
      expect((await inspect(input)).requests).toMatchObject([
        { subject: 'CN=a', keyUsage: ['digitalSignature'], signatureValid: true, problems: [] },
      ])
    }
    const changed = Uint8Array.from(request.der)
    const last = changed.length - 1
    changed[last] = (changed[last] as number) ^ 1
    const { requests } = await inspect(changed)
    expect(requests).toMatchObject([{ signatureValid: false }])
    expect(formatInspection(await inspect(changed))).toContain('NOT GOOD')
  })

  it('public keys: SubjectPublicKeyInfo, and PKCS#1', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const shapes = (['spki', 'pkcs1'] as const).map(
      (type) => publicKey.export({ type, format: 'pem' }) as string,
    )
    const [spki, pkcs1] = await Promise.all(shapes.map((text) => inspect(text)))
    expect(spki?.publicKeys).toMatchObject([{ name: 'RSA 2048', bits: 2048 }])
    expect(pkcs1?.publicKeys, 'the same key').toEqual(spki?.publicKeys)
  })

  it('beside a key in one file, all are shown and nothing is said to be left out', async () => {
    const spki = createPublicKey({
      key: Buffer.from(key.subjectPublicKeyInfo ?? []),
      format: 'der',
      type: 'spki',
    })
    const text = request.toPem() + (spki.export({ type: 'spki', format: 'pem' }) as string)
    const { publicKeys, requests, skipped } = await inspect(text + vector('x509/names.pem').toString())
    expect([publicKeys.length, requests.length, skipped]).toEqual([1, 1, []])
  })
})

describeWith('openssl', 'revocation lists', () => {
  it('are described', async () => {
    const { list } = await makeList()
    const inspection = await inspect(list)
    expect(inspection.revocationLists).toMatchObject([
      { issuer: 'CN=List CA', delta: false, outdated: false, entryCount: 0, problems: [] },
    ])
    const later = await inspect(list, { now: new Date(Date.now() + 40 * 86_400_000) })
    expect(later.revocationLists).toMatchObject([{ outdated: true }])
    expect(formatInspection(later)).toContain('(outdated)')
  })
})

/** An empty list by `openssl ca`. */
async function makeList(): Promise<{ list: Buffer }> {
  const { tempDir } = await import('../support/tools.ts')
  const { writeFileSync } = await import('node:fs')
  const cwd = tempDir()
  const subject = ['-subj', '/CN=List CA', '-days', '90']
  await mustRun(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, '-keyout', 'k', '-out', 'c'],
    { cwd },
  )
  writeFileSync(join(cwd, 'index.txt'), '')
  const config = '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=30\n'
  writeFileSync(join(cwd, 'ca.cnf'), config)
  await mustRun(
    'openssl',
    ['ca', '-gencrl', '-config', 'ca.cnf', '-keyfile', 'k', '-cert', 'c', '-out', 'list'],
    { cwd },
  )
  return { list: readFileSync(join(cwd, 'list')) }
}

describe('what is damaged or nothing', () => {
  it.each([
    ['nothing', '', 'ERR_CREDENTIAL_FORMAT'],
    ['text', 'hello, world', 'ERR_CREDENTIAL_FORMAT'],
    ['a JKS', Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2), 'ERR_CREDENTIAL_UNSUPPORTED'],
  ])('%s is refused', async (_, input, code) => {
    await expect(inspect(input)).rejects.toMatchObject({ code })
  })

  it.each([
    ['a message', () => vector('cms/openssl-detached.der')],
    ['a certificate', () => decodePem(vector('x509/p256-sha256.pem'))[0]?.der ?? new Uint8Array()],
  ])('%s, damaged in every way: typed errors only, and what is read is shown', async (_, make) => {
    const show = async (bytes: Uint8Array): Promise<void> => {
      const inspection = await inspect(bytes)
      formatInspection(inspection)
      JSON.stringify(inspection)
    }
    await expectOnlyTypedErrors(show, sample(malformedVariants(make())))
  })

  it('wrong arguments are TypeErrors', async () => {
    await expect(inspect(undefined as never)).rejects.toThrow(TypeError)
    await expect(inspect('x', { now: new Date('nonsense') })).rejects.toThrow(TypeError)
  })
})

/** Each seventh: all of them take minutes here, and the parsers below have their own suites. */
function* sample<T>(all: Iterable<T>): Generator<T> {
  let i = 0
  for (const each of all) if (i++ % 7 === 0) yield each
}
