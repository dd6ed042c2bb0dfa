/** vectors/gost: the RFCs' examples and the data of OpenSSL's engine. No program is needed. */
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { openSoftwareKey } from '../../../providers/software/index.ts'
import { gostParameterSet } from '../../../src/algorithms/gost/parameter-sets.ts'
import { encodeGostPublicKey } from '../../../src/algorithms/gost/public-key.ts'
import { Gost341194, importPublicKey, verifySignature } from '../../../src/algorithms/index.ts'
import { CertificateRequest, readPkcs12 } from '../../../src/credentials/index.ts'
import { TrustStore, validatePath } from '../../../src/path/index.ts'
import { Certificate, CertificateRevocationList } from '../../../src/x509/index.ts'
import { belongTogether, privateKeyOf } from './support/credentials.ts'
import { codeOf, rejection } from './support/errors.ts'
import { gostContent as content, gostBytes, gostFile, gostIdentity, gostSets } from './support/pki.ts'
import { GostSealkit, gostCertificate } from './support/sealkit.ts'

const pem = (...path: readonly string[]): string => readFileSync(gostFile(...path), 'utf8')
const sealkit = new GostSealkit()

describe('RFC 7836 and RFC 4357: parameter sets', () => {
  interface Numbers {
    readonly name: string
    readonly oid: string
    readonly cofactor: number
    readonly [number: string]: string | number
  }
  const { sets, sameAs } = JSON.parse(pem('rfc7836.json')) as {
    sets: readonly Numbers[]
    sameAs: Record<string, string>
  }

  it('has every one', () => expect(sets).toHaveLength(9))

  it.each(sets)('$name', (set) => {
    const ours = gostParameterSet(set.oid)
    expect(ours?.name).toBe(set.name)
    const { p, q, a, b, x, y, cofactor } = ours?.curve ?? {}
    const hex = (value: bigint | undefined) => value?.toString(16).padStart(2 * (ours?.bytes ?? 0), '0')
    expect({ p: hex(p), q: hex(q), a: hex(a), b: hex(b), x: hex(x), y: hex(y), cofactor }).toEqual({
      p: set['p'],
      q: set['q'],
      a: set['a'],
      b: set['b'],
      x: set['x'],
      y: set['y'],
      cofactor: set.cofactor,
    })
  })

  it.each(Object.entries(sameAs))('%s is the curve of %s', (oid, other) => {
    expect(gostParameterSet(oid)?.curve).toBe(gostParameterSet(other)?.curve)
    expect(gostParameterSet(oid)?.oid).toBe(oid)
  })
})

describe.each(['rfc9215-256-test', 'rfc9215-256a', 'rfc9215-512-test'])('RFC 9215: %s', (name) => {
  const certificate = Certificate.fromPem(pem(`${name}.crt`))

  it('the certificate is signed by its own key, and trusted as a root', async () => {
    const { signatureAlgorithm, publicKey, tbs, signature } = certificate
    expect(verifySignature(signatureAlgorithm, publicKey, tbs, signature)).toBe(true)
    const trust = new TrustStore([certificate])
    expect(await validatePath(certificate, { trust, purpose: 'any' })).toMatchObject({ verdict: 'valid' })
  })

  it('the request is signed by the key', async () => {
    const request = CertificateRequest.fromPem(pem(`${name}.csr`))
    expect(await request.verify()).toBe(true)
    expect(request.publicKey.bits).toBe(certificate.publicKey.bits)
  })

  it('the list is signed by the certificate', () => {
    const crl = CertificateRevocationList.fromPem(pem(`${name}.crl`))
    const { signatureAlgorithm, tbs, signature } = crl
    expect(verifySignature(signatureAlgorithm, certificate.publicKey, tbs, signature)).toBe(true)
    const changed = Uint8Array.from(tbs)
    changed[tbs.length - 3] = 0x31
    expect(verifySignature(signatureAlgorithm, certificate.publicKey, changed, signature)).toBe(false)
  })

  it('the key is that of the certificate', async () => {
    const key = await privateKeyOf(pem(`${name}.key`))
    expect(belongTogether(certificate, key)).toBe(true)
    expect(belongTogether(gostCertificate('other'), key)).toBe(false)
  })
})

describe('RFC 9548: PKCS#12 with GOST ciphers is told apart and refused', () => {
  it.each([
    ['rfc9548-a2.p12', 'Пароль для PFX', 'Kuznyechik'],
    ['rfc9548-a3.p12', 'Пароль для PFX', 'Magma'],
    ['openssl-gost89.p12', 'test', 'GOST 28147-89'],
    ['openssl-kuznyechik-ctr-acpkm.p12', 'test', 'Kuznyechik'],
    ['openssl-magma-ctr-acpkm.p12', 'test', 'Magma'],
    ['gnutls-gost28147.p12', 'test', 'GOST 28147-89'],
  ])('%s', async (file, password, cipher) => {
    const error = await rejection(readPkcs12(gostBytes(file), { password }))
    expect(error).toMatchObject({ code: 'ERR_CREDENTIAL_UNSUPPORTED' })
    expect(error.message).toContain(`is encrypted with ${cipher}`)
  })

  it('with AES a GOST key is read', async () => {
    const { keys, certificates } = await readPkcs12(gostBytes('openssl-aes.p12'), { password: 'test' })
    expect(certificates).toHaveLength(2)
    expect(keys.map(({ key }) => belongTogether(gostCertificate('256-a'), key))).toEqual([true])
  })

  it('PKCS#8 with AES is read, with GOST 28147-89 refused', async () => {
    const key = await privateKeyOf(pem('pki/256-a.aes.key'), 'test')
    expect(belongTogether(gostCertificate('256-a'), key)).toBe(true)
    const error = await rejection(privateKeyOf(pem('pki/256-a.gost89.key'), 'test'))
    expect(error.message).toContain('is encrypted with GOST 28147-89')
  })
})

describe('data of OpenSSL with the gost engine', () => {
  it.each([...gostSets.map(({ name }) => name), 'intermediate', 'root', 'other'])('%s: key', async (name) => {
    expect(belongTogether(gostCertificate(name), await privateKeyOf(pem('pki', `${name}.key`)))).toBe(true)
  })

  it.each(gostSets)('$name: the path to the root', async ({ name, bits, oid }) => {
    const leaf = gostCertificate(name)
    const trust = new TrustStore([gostCertificate('root')])
    const untrusted = [gostCertificate('intermediate')]
    const result = await validatePath(leaf, {
      trust,
      untrusted,
      purpose: 'cms-signer',
      extendedKeyUsage: 'any',
    })
    expect(result).toMatchObject({ verdict: 'valid' })
    expect(leaf.publicKey).toMatchObject({ type: `GOST3410-2012-${bits}`, bits, parameterSet: { oid } })
    const stranger = new TrustStore([gostCertificate('other')])
    const refused = await validatePath(leaf, { trust: stranger, untrusted, purpose: 'any' })
    expect(refused.verdict).toBe('invalid')
  })

  it('revocation lists: good, revoked, unknown without a list', async () => {
    const crls = ['root', 'intermediate'].map((name) =>
      CertificateRevocationList.fromPem(pem(`pki/${name}.crl`)),
    )
    const trust = new TrustStore([gostCertificate('root')])
    const untrusted = [gostCertificate('intermediate')]
    const judge = async (name: string, given: typeof crls) => {
      const revocation = { mode: 'require', crls: given } as const
      const { verdict, problem } = await validatePath(gostCertificate(name), {
        ...{ trust, untrusted, purpose: 'any', revocation },
      })
      return problem?.reason ?? verdict
    }
    expect(await judge('256-a', crls)).toBe('valid')
    expect(await judge('other', crls)).toBe('revoked')
    expect(await judge('256-a', crls.slice(0, 1))).toBe('revocation-unknown')
  })

  it.each(['256-a', '512-c'])('request of %s', async (name) => {
    const request = CertificateRequest.fromPem(pem('pki', `${name}.csr`))
    expect(await request.verify()).toBe(true)
    const der = Uint8Array.from(request.der)
    der[der.length - 1] = (der[der.length - 1] ?? 0) ^ 1
    expect(await CertificateRequest.parse(der).verify()).toBe(false)
  })

  const detached = gostSets.map(({ name }) => `detached-${name}`)
  const others = ['attached', 'noattr', 'cades', 'keyid', 'stream'].flatMap((form) =>
    ['256-a', '512-a'].map((name) => `${form}-${name}`),
  )

  it.each([...detached, ...others])('%s', async (file) => {
    const attached = /^(attached|stream)/.test(file)
    const job = { message: gostBytes(`${file}.der`), ...(attached ? {} : { content }) }
    const options = { allowNoSignedAttributes: file.startsWith('noattr') }
    const result = await sealkit.verify(job, options)
    expect(result).toMatchObject({ ok: true })
    if (attached) expect(Buffer.from(result.content ?? []).equals(content)).toBe(true)
    else
      expect(await sealkit.verify({ ...job, content: content.subarray(1) }, options)).toMatchObject({
        ok: false,
      })
  })

  it('GOST R 34.10-2001 is refused unless weak hashes are allowed', async () => {
    const job = { message: gostBytes('weak-2001.der'), content }
    const trust = () => ({ trusted: true }) as const
    expect((await sealkit.verify(job, { trust })).detail).toContain('digest-algorithm-weak')
    expect(await sealkit.verify(job, { trust, allowWeakHashes: true })).toMatchObject({ ok: true })
    const other = { ...job, content: content.subarray(1) }
    expect((await sealkit.verify(other, { trust, allowWeakHashes: true })).ok).toBe(false)
    const certificate = gostCertificate('2001')
    expect(certificate.publicKey.type).toBe('GOST3410-2001')
    const { signatureAlgorithm, publicKey, tbs, signature } = certificate
    expect(codeOf(() => verifySignature(signatureAlgorithm, publicKey, tbs, signature))).toBe(
      'ERR_ALGORITHM_WEAK',
    )
    expect(verifySignature(signatureAlgorithm, publicKey, tbs, signature, { allowWeakHashes: true })).toBe(
      true,
    )
    // No path is built on it, as on none with SHA-1.
    const path = await validatePath(certificate, { trust: new TrustStore([certificate]), purpose: 'any' })
    expect(path.problem?.reason).toBe('issuer-not-trusted')
  })

  it('a weak hash is not computed where it is not taken', async () => {
    const spy = vi.spyOn(Gost341194.prototype, 'update')
    const job = { message: gostBytes('weak-2001.der'), content }
    await sealkit.verify(job)
    expect(spy).not.toHaveBeenCalled()
    await sealkit.verify(job, { allowWeakHashes: true })
    expect(spy).toHaveBeenCalled()
    spy.mockRestore()
  })

  it('a key of 2001 signs nothing', async () => {
    const { certificateFile, keyFile } = gostIdentity('2001')
    const error = await rejection(openSoftwareKey({ key: keyFile, certificate: certificateFile }))
    expect(error).toMatchObject({ code: 'ERR_ALGORITHM_WEAK' })
  })

  it('public keys are written as they were read, but for what RFC 9215 leaves out', () => {
    for (const { name } of gostSets) {
      const { gost } = gostCertificate(name).publicKey
      if (gost === undefined) throw new Error('no GOST key')
      const written = encodeGostPublicKey(gost)
      expect(importPublicKey(written).gost, name).toMatchObject({ x: gost.x, y: gost.y })
    }
  })
})
