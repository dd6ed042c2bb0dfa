/** Stores of authorities: from what users have as files, and what is in them that is none. */
import { X509Certificate } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { writePem, writePkcs12, writeTruststore } from '../../src/credentials/index.ts'
import { validatePath } from '../../src/path/index.ts'
import { type LoadedTrust, loadTrustStore } from '../../src/trust/index.ts'
import { SYSTEM_BUNDLES, systemBundle } from '../../src/trust/known-stores.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { mustRun } from '../interop/support/run.ts'
import { describeShared, describeUnless, describeWith, shared, tempDir } from '../support/tools.ts'
import { hierarchy, issue, type Party } from './support/authority.ts'

let folder: string
let root: Party
let sub: Party
let leaf: Party
beforeAll(async () => {
  folder = tempDir()
  ;({ root, sub, leaf } = await hierarchy())
})

function put(name: string, data: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, data)
  return path
}

const subjects = (certificates: Iterable<Certificate>): string[] =>
  [...certificates].map(({ subject }) => subject.toString()).sort()

/** Root and intermediate are there, and what they are for. */
function expectBoth({ store, intermediates }: LoadedTrust): void {
  expect(subjects(store)).toEqual(['CN=Test root'])
  expect(subjects(intermediates)).toEqual(['CN=Test intermediate'])
}

describe('forms', () => {
  const pems = (): string => root.certificate.toPem() + sub.certificate.toPem()

  it('PEM, as file, file: URL and bytes', async () => {
    const path = put('bundle.pem', pems())
    for (const source of [path, pathToFileURL(path), Buffer.from(pems())]) {
      const loaded = await loadTrustStore([source])
      expectBoth(loaded)
      expect(loaded.notes).toEqual([])
    }
  })

  it('PEM in UTF-16, with text around it', async () => {
    const text = `\ufeffroots\r\n${pems().replaceAll('\n', '\r\n')}end`
    expectBoth(await loadTrustStore([Buffer.from(text, 'utf16le')]))
  })

  it('DER, one certificate each, and certificates', async () => {
    expectBoth(await loadTrustStore([root.certificate.der, put('sub.der', sub.certificate.der)]))
    expectBoth(await loadTrustStore([[root.certificate], [sub.certificate]]))
  })

  it('base64 without marks', async () => {
    const base64 = Buffer.from(root.certificate.der).toString('base64')
    expect((await loadTrustStore([Buffer.from(base64)])).store.has(root.certificate)).toBe(true)
  })

  it('the same certificate several times counts once', async () => {
    expectBoth(await loadTrustStore([Buffer.from(pems() + pems()), [sub.certificate]]))
  })
})

describeWith('openssl', 'a PKCS#7 bag of OpenSSL', () => {
  it.each(['DER', 'PEM'])('%s', async (form) => {
    put('bag.pem', root.certificate.toPem() + sub.certificate.toPem())
    await mustRun(
      'openssl',
      ['crl2pkcs7', '-nocrl', '-certfile', 'bag.pem', '-outform', form, '-out', 'bag.p7b'],
      {
        cwd: folder,
      },
    )
    expectBoth(await loadTrustStore([join(folder, 'bag.p7b')]))
  })
})

describe('PKCS#12', () => {
  const options = { password: 'changeit', iterations: 1000 }

  it('a truststore with its password', async () => {
    const bytes = await writeTruststore([root.certificate, sub.certificate], options)
    expectBoth(await loadTrustStore([bytes], { password: 'changeit' }))
    expectBoth(await loadTrustStore([bytes], { password: () => 'changeit' }))
    await expect(loadTrustStore([bytes], { password: 'wrong' })).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_PASSWORD_WRONG',
    })
    await expect(loadTrustStore([bytes])).rejects.toMatchObject({ code: 'ERR_CREDENTIAL_PASSWORD_REQUIRED' })
  })

  it('what it marks as trusted alone, where it marks any', async () => {
    const other = await issue('CN=Another root', { ca: true })
    const marked = { certificate: root.certificate, trusted: true }
    const contents = { certificates: [marked, { certificate: other.certificate }] }
    const { store, notes } = await loadTrustStore([await writePkcs12(contents, options)], {
      password: 'changeit',
    })
    expect(subjects(store)).toEqual(['CN=Test root'])
    expect(notes).toContain('source 1: passed over, as not marked as trusted: 1 of its certificates')
  })

  it("with a private key: a note, and the key's certificate is not trusted", async () => {
    const chain = [sub.certificate, root.certificate]
    const bytes = await writePkcs12({ keys: [{ ...leaf, chain }] }, options)
    const loaded = await loadTrustStore([bytes], { password: 'changeit' })
    expectBoth(loaded)
    expect(loaded.notes.join('\n')).toMatch(/source 1: it holds a private key/)
    expect(loaded.notes.join('\n')).toMatch(/source 1: left out, being no CA: CN=leaf/)
  })
})

describe('what cannot be read is reported, and takes nothing else with it', () => {
  it('a damaged block, one that is no certificate, one that is another thing, a key', async () => {
    const { keyPem } = { keyPem: await writePem({ keys: [{ key: leaf.key }] }) }
    const broken = root.certificate.toPem().replace(/\n[A-Za-z0-9+/]{64}\n/, '\n*\n')
    const cut = sub.certificate.toPem().split('\n').slice(0, 4).join('\n')
    const wrong = '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n'
    const damaged = Buffer.from(root.certificate.der)
    damaged[5] = 0xff
    const bad = `-----BEGIN CERTIFICATE-----\n${damaged.toString('base64')}\n-----END CERTIFICATE-----\n`
    const path = put('mixed.pem', [broken, wrong, keyPem, cut, '\n', bad, root.certificate.toPem()].join(''))
    const { store, notes } = await loadTrustStore([path])
    expect(subjects(store)).toEqual(['CN=Test root'])
    const lines = notes.map((note) => note.slice(path.length))
    expect(lines[0]).toBe(': line 1: a damaged PEM block')
    expect(lines.find((line) => line.includes('private key'))).toMatch(
      /^: line \d+: a PKCS#8 private key is passed over$/,
    )
    expect(lines.filter((line) => line.includes('damaged PEM block'))).toHaveLength(2)
    expect(notes).toHaveLength(5)
    expect(notes.join('')).not.toContain(keyPem.split('\n')[1])
  })

  it('what is neither CA nor self-signed is left out', async () => {
    const { store, intermediates, notes } = await loadTrustStore([[root.certificate, leaf.certificate]])
    expect(subjects(store)).toEqual(['CN=Test root'])
    expect(intermediates.size).toBe(0)
    expect(notes).toEqual(['source 1: left out, being no CA: CN=leaf'])
  })

  it.each([
    ['nothing but a leaf', () => [leaf.certificate], /source 1: no CA among its certificates/],
    ['no certificates', () => [], /source 1: no certificate/],
    ['text', () => Buffer.from('hello'), /source 1: no certificate \(/],
    ['an empty input', () => new Uint8Array(), /source 1: no certificate/],
  ])('%s is an error with the way out', async (_, source, message) => {
    const error = await loadTrustStore([source()]).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'ERR_PATH_TRUST_STORE', message: expect.stringMatching(message) })
    expect((error as { hint?: string }).hint).toMatch(/^give /)
  })

  it('a missing file, and what is no source', async () => {
    await expect(loadTrustStore([join(folder, 'nothing')])).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_NOT_FOUND',
    })
    await expect(loadTrustStore([7 as never])).rejects.toThrow(TypeError)
    await expect(loadTrustStore('system' as never)).rejects.toThrow(TypeError)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(loadTrustStore([[root.certificate]], { signal })).rejects.toThrow('enough')
  })
})

describe('roots and intermediates', () => {
  it('an intermediate is validated like any where its issuer is there', async () => {
    const { store, intermediates } = await loadTrustStore([[sub.certificate, root.certificate]])
    const options = { trust: store, untrusted: intermediates, purpose: 'any' } as const
    const { verdict, path } = await validatePath(leaf.certificate, options)
    expect(verdict).toBe('valid')
    expect(path.map(({ role }) => role)).toEqual(['target', 'intermediate', 'anchor'])
  })

  it('and trusted without its root, with a note, where it is not', async () => {
    const { store, intermediates, notes } = await loadTrustStore([[sub.certificate]])
    expect(subjects(store)).toEqual(['CN=Test intermediate'])
    expect(intermediates.size).toBe(0)
    expect(notes).toEqual(['trusted without its root, which no source has: CN=Test intermediate'])
    expect((await validatePath(leaf.certificate, { trust: store, purpose: 'any' })).verdict).toBe('valid')
  })

  it('the root may come from another source', async () => {
    expectBoth(await loadTrustStore([[sub.certificate], [root.certificate]]))
  })

  it('two CAs that issued each other, without a root: both are trusted', async () => {
    const [a, b] = [await issue('CN=A', { ca: true }), await issue('CN=B', { ca: true })]
    const crossA = await issue('CN=A', { ca: true, issuer: b }, a.key)
    const crossB = await issue('CN=B', { ca: true, issuer: a }, b.key)
    const { store, intermediates } = await loadTrustStore([[crossA.certificate, crossB.certificate]])
    expect([subjects(store), intermediates.size]).toEqual([['CN=A', 'CN=B'], 0])
  })
})

describe('folders', () => {
  it('every file that is a certificate, whatever its name; the others are reported', async () => {
    const certs = join(folder, 'certs')
    mkdirSync(join(certs, 'deeper'), { recursive: true })
    writeFileSync(join(certs, 'root.txt'), root.certificate.toPem())
    writeFileSync(join(certs, 'sub'), sub.certificate.der)
    symlinkSync('root.txt', join(certs, '0a1b2c3d.0'))
    symlinkSync('nowhere', join(certs, 'dead.0'))
    writeFileSync(join(certs, 'README'), 'certificates of the tests')
    writeFileSync(join(certs, 'empty'), '')
    writeFileSync(
      join(certs, 'store.p12'),
      await writeTruststore([root.certificate], { password: 'x', iterations: 1000 }),
    )
    const loaded = await loadTrustStore([certs])
    expectBoth(loaded)
    const about = loaded.notes.map((note) => note.slice(certs.length + 2).split(':')[0])
    expect(about).toEqual(['README', 'dead.0', 'deeper', 'empty', 'store.p12'])
    expect(loaded.notes.find((note) => note.includes('deeper'))).toBe(`${certs}: deeper: it is a directory`)
  })

  it('an empty one is an error', async () => {
    const empty = join(folder, 'empty-folder')
    mkdirSync(empty)
    await expect(loadTrustStore([empty])).rejects.toMatchObject({ code: 'ERR_PATH_TRUST_STORE' })
  })
})

describe("Node's own roots", () => {
  it('are what its TLS trusts', async () => {
    const { store, intermediates } = await loadTrustStore(['node'])
    const own = rootCertificates.map((pem) =>
      new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase(),
    )
    const loaded = new Set([...store, ...intermediates].map((each) => each.fingerprint()))
    expect(own.filter((each) => !loaded.has(each))).toEqual([])
  })
})

const system = await systemBundle()
describeUnless(
  system === undefined
    ? 'the system has no bundle of roots: sudo apt-get install -y ca-certificates'
    : undefined,
  "the system's roots",
  () => {
    it('are those of its bundle, and all can be read', async () => {
      expect(SYSTEM_BUNDLES).toContain(system)
      const { store, intermediates, notes } = await loadTrustStore(['system'])
      expect(store.size).toBeGreaterThan(50)
      expect(notes).toEqual([])
      const again = await loadTrustStore([system as string])
      expect([again.store.size, again.intermediates.size]).toEqual([store.size, intermediates.size])
    })
  },
)

describeShared("DigiCert's bundle", () => {
  it('has 15 roots and 92 intermediates below them', async () => {
    const bundle = shared('vectors/digicert/bundles/digicert-server-ca-bundle-like.pem')
    const { store, intermediates, notes } = await loadTrustStore([bundle])
    expect([store.size, intermediates.size, notes]).toEqual([15, 92, []])
  })
})
