/** Every vector of ../shared/vectors/gost, as its index says. What is judged otherwise stands in `otherwise`. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { gostParameterSet } from '../../../src/algorithms/gost/parameter-sets.ts'
import { type GostKeyType, importGostPublicKey } from '../../../src/algorithms/gost/public-key.ts'
import { verifyGost } from '../../../src/algorithms/gost/verify.ts'
import { importPublicKey, verifySignature } from '../../../src/algorithms/index.ts'
import { CmsSignature, verify } from '../../../src/cms/index.ts'
import { CertificateRequest, readPkcs12 } from '../../../src/credentials/index.ts'
import { TrustStore, validatePath } from '../../../src/path/index.ts'
import { Certificate, CertificateRevocationList } from '../../../src/x509/index.ts'
import { describeShared, shared } from '../../support/tools.ts'
import { elements, octets } from '../support/forge.ts'
import { belongTogether, privateKeyIn, privateKeyOf } from './support/credentials.ts'
import { add, bigEndian, type Curve, inverse, littleEndian } from './support/ec.ts'
import { rejection } from './support/errors.ts'

interface Entry {
  readonly file: string
  readonly kind: string
  readonly expectation: string
  readonly password?: string
  readonly content?: string
  readonly certificate?: string
  readonly checkedAt?: string
}

const read = (file: string): Buffer => readFileSync(shared('vectors', file))
const json = <T>(file: string): T => JSON.parse(read(file).toString()) as T
const certificateOf = (file: string): Certificate => {
  const bytes = read(file)
  return bytes[0] === 0x30 ? Certificate.parse(bytes) : Certificate.fromPem(bytes)
}

/** Why an entry is not judged as its index says, and what is expected instead. */
const otherwise: Record<string, string> = {
  'gost/pygost-r50-1-112-2016.pfx': 'its ciphers are not supported, by design (issue 6)',
  'gost/pfx2020-cert-and-encrypted-key.pfx': 'its ciphers are not supported, by design (issue 6)',
  'gost/pfx2020-encrypted-cert-and-key.pfx': 'its ciphers are not supported, by design (issue 6)',
  'gost/pfx2020-dh.pfx': 'PKCS#12 with a signature and a key for a recipient is not supported',
  'gost/gnutls-gost01.p12': 'its ciphers are not supported, by design (issue 6)',
  'gost/gnutls-key-gost12-256-2-enc.p8.pem': 'its cipher is not supported, by design (issue 6)',
  'gost/gnutls-key-gost01-2-enc.p8.pem': 'its cipher is not supported, by design (issue 6)',
}

const judges: Record<string, (entry: Entry) => Promise<void>> = {
  cert: judgeCertificate,
  csr: async ({ file }) => {
    expect(await CertificateRequest.fromPem(read(file)).verify()).toBe(true)
  },
  crl: async ({ file, certificate = '' }) => {
    const { signatureAlgorithm, tbs, signature } = CertificateRevocationList.fromPem(read(file))
    const { publicKey } = certificateOf(certificate)
    expect(verifySignature(signatureAlgorithm, publicKey, tbs, signature)).toBe(true)
  },
  'cms-attached': judgeCms,
  'cms-detached': judgeCms,
  pkcs8: judgeKey,
  pfx: judgePfx,
  'sig-kat': judgeSignatures,
  'hash-kat': async ({ file }) => {
    // test/algorithms/gost/streebog.test.ts has them; here: that none is left out.
    expect(file).toMatch(/streebog/)
  },
}

describeShared('../shared/vectors/gost', () => {
  const entries = json<Entry[]>('gost/INDEX.json')

  it('has the 78 entries that are judged here', () => {
    expect(entries).toHaveLength(78)
    const known = entries.map(({ file }) => file)
    expect(Object.keys(otherwise).filter((file) => !known.includes(file))).toEqual([])
  })

  it.each(entries)('$file ($kind): $expectation', async (entry) => {
    const judge = judges[entry.kind]
    if (judge === undefined) throw new Error(`no judge for ${entry.kind}`)
    await judge(entry)
  })
})

/** chain-ok: a path to its issuer, or to itself, at the time of the index. parse-ok: its key and extensions. */
async function judgeCertificate({ file, expectation, certificate, checkedAt }: Entry): Promise<void> {
  const one = certificateOf(file)
  expect(one.subject.toString()).not.toBe('')
  expect(one.extensions.length).toBeGreaterThanOrEqual(0)
  if (file === 'gost/gnutls-gost94-cert.pem') {
    expect(() => one.publicKey).toThrowError(/unsupported/)
    return
  }
  expect(one.publicKey.gost).toBeDefined()
  if (expectation === 'parse-ok') {
    if (certificate === undefined) return
    // The issuer's signature is good, though it is no CA by its extensions.
    const { publicKey } = certificateOf(certificate)
    expect(verifySignature(one.signatureAlgorithm, publicKey, one.tbs, one.signature)).toBe(true)
    return
  }
  expect(expectation).toBe('chain-ok')
  const trust = new TrustStore([certificateOf(certificate ?? file)])
  const time = new Date(checkedAt ?? '')
  const result = await validatePath(one, { trust, purpose: 'any', time, extendedKeyUsage: 'any' })
  expect(result.problem?.detail ?? result.verdict).toBe('valid')
  const untrusted = await validatePath(one, { trust: new TrustStore(), purpose: 'any', time })
  expect(untrusted.verdict).toBe('invalid')
}

async function judgeCms({ file, expectation, certificate = '', content, checkedAt }: Entry): Promise<void> {
  const known = certificateOf(certificate)
  const trust = new TrustStore([known])
  const result = await verify(read(file), {
    ...(content === undefined ? {} : { content: read(content) }),
    certificates: [known],
    allowNoSignedAttributes: true,
    trust: async (signer, { certificates }) => {
      if (!expectation.includes('chain-ok')) return { trusted: true }
      const time = new Date(checkedAt ?? '')
      const path = await validatePath(signer, { trust, untrusted: certificates, purpose: 'any', time })
      if (path.verdict === 'valid') return { trusted: true }
      return { trusted: false, detail: path.problem?.detail ?? '' }
    },
  })
  expect([result.verdict, result.signers[0]?.detail]).toEqual(['valid', undefined])
  const message = Buffer.from(CmsSignature.from(read(file)).der)
  message[message.length - 1] = (message[message.length - 1] ?? 0) ^ 1
  const tampered = await verify(message, {
    ...(content === undefined ? {} : { content: read(content) }),
    certificates: [known],
    allowNoSignedAttributes: true,
    trust: () => ({ trusted: true }),
  })
  expect(tampered.verdict).toBe('invalid')
}

interface KeyVector {
  readonly name: string
  readonly pkcs8: string
  readonly x: string
  readonly y: string
}

async function judgeKey({ file, certificate, password }: Entry): Promise<void> {
  if (file in otherwise) {
    const error = await rejection(privateKeyIn(shared('vectors', file), password))
    expect(error).toMatchObject({ code: 'ERR_CREDENTIAL_UNSUPPORTED' })
    expect(error.message).toContain('encrypted with GOST 28147-89')
    return
  }
  if (!file.endsWith('.json')) {
    const key = await privateKeyIn(shared('vectors', file))
    if (certificate !== undefined) expect(belongTogether(certificateOf(certificate), key)).toBe(true)
    return
  }
  const { vectors } = json<{ vectors: readonly KeyVector[] }>(file)
  expect(vectors).toHaveLength(30)
  for (const { name, pkcs8, x, y } of vectors) {
    const key = await privateKeyOf(pkcs8)
    const { gost } = importPublicKey(key.subjectPublicKeyInfo ?? new Uint8Array())
    expect(gost, name).toMatchObject({ x: BigInt(`0x${x}`), y: BigInt(`0x${y}`) })
  }
}

async function judgePfx({ file, password }: Entry): Promise<void> {
  if (file === 'gost/pfx2020-dh.pfx') await judgeAuthSafe(read(file))
  expect(Object.keys(otherwise)).toContain(file)
  const error = await rejection(readPkcs12(read(file), password === undefined ? {} : { password }))
  expect(error).toMatchObject({ code: 'ERR_CREDENTIAL_UNSUPPORTED' })
  if (password !== undefined) expect(error.message).toMatch(/encrypted with (GOST 28147-89|Kuznyechik|Magma)/)
}

interface SignatureVector {
  readonly name: string
  readonly curve: string
  readonly digest: string
  readonly publicKeyOctets: string
  readonly signatureSR: string
}
interface CurveVector extends Record<'name' | 'oid' | 'p' | 'a' | 'b' | 'q' | 'gx' | 'gy', string> {}

async function judgeSignatures(entry: Entry): Promise<void> {
  const { file } = entry
  if (file.endsWith('.vec')) return // The same as botan-gost3410.json.
  const data = json<{ curves: CurveVector[]; vectors: SignatureVector[] }>(file)
  if (file === 'gost/pygost-rfc8133-ecmult.json') return judgeMultiples(json(file))
  const known = data.vectors.filter(({ curve }) => gostParameterSet(oidOf(data.curves, curve)) !== undefined)
  for (const vector of known) {
    const parameterSet = gostParameterSet(oidOf(data.curves, vector.curve))
    if (parameterSet === undefined) throw new Error(vector.curve)
    const type: GostKeyType = parameterSet.bytes === 32 ? 'GOST3410-2012-256' : 'GOST3410-2012-512'
    const shape = { type, parameterSet, digestParamSet: undefined }
    const key = importGostPublicKey(shape, octets(Buffer.from(vector.publicKeyOctets, 'hex')))
    const signature = Buffer.from(vector.signatureSR, 'hex')
    const digest = Buffer.from(vector.digest, 'hex')
    expect(verifyGost(key, digest, signature), vector.name).toBe(true)
    digest[0] = (digest[0] ?? 0) ^ 1
    expect(verifyGost(key, digest, signature), vector.name).toBe(false)
  }
  expect(known.length).toBeGreaterThan(0)
}

const oidOf = (curves: readonly CurveVector[], name: string): string =>
  curves.find((one) => one.name === name)?.oid ?? ''

interface MultipleVector extends Record<'curve' | 'k' | 'px' | 'py' | 'rx' | 'ry', string> {}

/**
 * k P = R, asked of the verifier: with the key P, e = -r/k and s = e a signature is good where the x of G + k P is
 * r, which is taken from G + R.
 */
function judgeMultiples({ curves, vectors }: { curves: CurveVector[]; vectors: MultipleVector[] }): void {
  const number = (hex: string) => BigInt(`0x${hex}`)
  for (const { curve: name, k, px, py, rx, ry } of vectors) {
    const found = curves.find((one) => one.name === name)
    const parameterSet = gostParameterSet(found?.oid ?? '')
    if (found === undefined || parameterSet === undefined) throw new Error(name)
    const { bytes } = parameterSet
    const { p, q, a, b, gx, gy } = found
    const curve: Curve = {
      ...{ p: number(p), q: number(q), a: number(a), b: number(b), x: number(gx), y: number(gy) },
    }
    const r = (add(curve, curve, { x: number(rx), y: number(ry) })?.x ?? 0n) % curve.q
    const e = ((curve.q - r) * inverse(number(k) % curve.q, curve.q)) % curve.q
    const type: GostKeyType = bytes === 32 ? 'GOST3410-2012-256' : 'GOST3410-2012-512'
    const point = Buffer.concat([littleEndian(number(px), bytes), littleEndian(number(py), bytes)])
    const key = importGostPublicKey({ type, parameterSet, digestParamSet: undefined }, octets(point))
    const signature = Buffer.concat([bigEndian(e, bytes), bigEndian(r, bytes)])
    expect(verifyGost(key, littleEndian(e, bytes), signature), `${name} ${k}`).toBe(true)
    expect(verifyGost(key, littleEndian(e ^ 1n, bytes), signature)).toBe(false)
  }
  expect(vectors).toHaveLength(21)
}

/** authSafe of a PKCS#12 that is signed: a SignedData of its own. */
async function judgeAuthSafe(pfx: Uint8Array): Promise<void> {
  const [, authSafe = pfx] = elements(pfx)
  const trust = new TrustStore([certificateOf('gost/pfx2020-ca.pem')])
  const time = new Date('2001-01-31T00:00:00Z')
  const result = await verify(authSafe, {
    certificates: [certificateOf('gost/pfx2020-dh-sender.pem')],
    trust: async (signer) => {
      const { verdict, problem } = await validatePath(signer, { trust, purpose: 'any', time })
      return verdict === 'valid' ? { trusted: true } : { trusted: false, detail: problem?.detail ?? '' }
    },
  })
  expect([result.verdict, result.signers[0]?.detail]).toEqual(['valid', undefined])
}
