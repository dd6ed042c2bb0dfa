/** Algorithms that do not belong together, each under a signature that is right for its key: refused with the reason. */
import { describe, expect, it } from 'vitest'
import { forgeGost, type GostForgery, identifier, NULL } from './support/forge.ts'
import { gostContent as content, gostIdentity, gostSet } from './support/pki.ts'
import { GostSealkit } from './support/sealkit.ts'

const sealkit = new GostSealkit()
const key256 = '1.2.643.7.1.1.1.1'
const key512 = '1.2.643.7.1.1.1.2'
const key2001 = '1.2.643.2.2.19'
const with256 = '1.2.643.7.1.1.3.2'
const with512 = '1.2.643.7.1.1.3.3'
const with94 = '1.2.643.2.2.3'
const streebog256 = '1.2.643.7.1.1.2.2'
const streebog512 = '1.2.643.7.1.1.2.3'

/** The first word of the verdict. */
async function judge(forgery: GostForgery, options = {}): Promise<string | undefined> {
  const job = { message: forgeGost(forgery), content: forgery.content }
  return (await sealkit.verify(job, options)).detail.split(' ')[0]
}

const base256 = { content, set: gostSet('256-a') }
const base512 = { content, set: gostSet('512-a') }

describe('the forms that producers write', () => {
  it.each([
    ['nothing', {}],
    ['NULL for the digest, as Bouncy Castle', { digestAlgorithm: identifier(streebog256, NULL) }],
    ['NULL for the signature, as Rutoken', { signatureAlgorithm: identifier(key256, NULL) }],
    [
      'NULL for both, as OpenSSL',
      { digestAlgorithm: identifier(streebog256, NULL), signatureAlgorithm: identifier(key256, NULL) },
    ],
    ['the OID with the digest', { signatureAlgorithm: identifier(with256) }],
    ['the OID with the digest, NULL', { signatureAlgorithm: identifier(with256, NULL) }],
    [
      'CMSAlgorithmProtection',
      { protection: { digest: identifier(streebog256), signature: identifier(key256) } },
    ],
  ])('%s', async (_, change) => {
    expect(await judge({ ...base256, ...change })).toBe('valid')
  })

  it('without signed attributes, where that is asked for', async () => {
    const forgery = { ...base512, signedAttrs: false }
    expect(await judge(forgery)).toBe('signed-attributes-missing')
    expect(await judge(forgery, { allowNoSignedAttributes: true })).toBe('valid')
  })

  // CryptoPro's CAdES names the certificate by Streebog, OpenSSL's by SHA-256.
  it.each(['Streebog-256', 'Streebog-512', 'SHA-256'] as const)('CAdES with %s', async (hash) => {
    expect(await judge({ ...base256, signingCertificate: { hash } })).toBe('valid')
    const other = { hash, of: gostIdentity('other') }
    expect(await judge({ ...base256, signingCertificate: other })).toBe('signing-certificate-mismatch')
  })

  it('attributes out of order are a matter of lenient', async () => {
    const forgery = { ...base256, reversed: true }
    expect(await judge(forgery)).toBe('signed-attributes-not-der')
    expect(await judge(forgery, { lenient: true })).toBe('valid')
    // Signed in DER order and sent in another, as some producers do.
    const sent = { ...base256, reversed: 'after signing' } as const
    expect(await judge(sent)).toBe('signed-attributes-not-der')
    expect(await judge(sent, { lenient: true })).toBe('valid')
  })
})

// RFC 9215 2: a key of 256 bits is used with the hash of 256 bits, one of 512 with that of 512, and with no other.
describe('what does not belong together', () => {
  const cases: Record<string, [GostForgery, string]> = {
    'Streebog-512 with a key of 256 bits': [
      { ...base256, digest: 'Streebog-512' },
      'signature-algorithm-parameters',
    ],
    'Streebog-256 with a key of 512 bits': [
      { ...base512, digest: 'Streebog-256' },
      'signature-algorithm-parameters',
    ],
    'Streebog-512 for the content, Streebog-256 for the attributes': [
      { ...base256, digest: 'Streebog-512', signed: 'Streebog-256' },
      'signature-algorithm-parameters',
    ],
    'the same, with the OID of the signature for 256': [
      {
        ...base256,
        digest: 'Streebog-512',
        signed: 'Streebog-256',
        signatureAlgorithm: identifier(with256),
      },
      'algorithm-mismatch',
    ],
    'digest of 256, signature algorithm of 512 bits, key of 256': [
      { ...base256, signatureAlgorithm: identifier(with512) },
      'algorithm-mismatch',
    ],
    'digest and signature algorithm of 512 bits, key of 256': [
      { ...base256, digest: 'Streebog-512', signatureAlgorithm: identifier(with512) },
      'key-mismatch',
    ],
    "the other key's OID as signature algorithm": [
      { ...base256, signatureAlgorithm: identifier(key512) },
      'signature-algorithm-parameters',
    ],
    'SHA-256 with a GOST key': [{ ...base256, digest: 'SHA-256' }, 'signature-algorithm-parameters'],
    'Streebog-256 said, SHA-256 used for the attributes': [
      { ...base256, signed: 'SHA-256' },
      'signature-mismatch',
    ],
    'ECDSA with SHA-256 said': [
      { ...base256, digest: 'SHA-256', signatureAlgorithm: identifier('1.2.840.10045.4.3.2') },
      'key-mismatch',
    ],
    'rsaEncryption said': [
      { ...base256, signatureAlgorithm: identifier('1.2.840.113549.1.1.1', NULL) },
      'signature-algorithm-parameters',
    ],
    'parameters of the key in the signature algorithm': [
      { ...base256, signatureAlgorithm: identifier(with256, identifier(streebog256)) },
      'signature-algorithm-parameters',
    ],
    'parameters in the digest algorithm': [
      { ...base256, digestAlgorithm: identifier(streebog256, identifier(key256)) },
      'digest-algorithm-unknown',
    ],
    'another digest protected': [
      { ...base256, protection: { digest: identifier(streebog512), signature: identifier(key256) } },
      'algorithm-protection-mismatch',
    ],
    'another signature algorithm protected': [
      { ...base256, protection: { digest: identifier(streebog256), signature: identifier(key512) } },
      'algorithm-protection-mismatch',
    ],
    'the certificate of another key of the same set': [
      { ...base256, named: gostIdentity('other') },
      'signature-mismatch',
    ],
    'the certificate of a key of the same length, on another curve': [
      { ...base256, named: gostIdentity('256-b') },
      'signature-mismatch',
    ],
    'the certificate of a key of 512 bits': [{ ...base256, named: gostIdentity('512-a') }, 'key-mismatch'],
  }

  it.each(Object.entries(cases))('%s', async (_, [forgery, reason]) => {
    expect(await judge(forgery)).toBe(reason)
    const lenient = { lenient: true, allowNoSignedAttributes: true, allowWeakHashes: true }
    expect(await judge(forgery, lenient)).toBe(reason)
  })
})

describe('GOST R 34.10-2001 and 34.11-94', () => {
  it('34.11-94 with a key of 2012 is refused, allowed or not', async () => {
    for (const signatureAlgorithm of [key256, with256, key2001, with94].map((one) => identifier(one))) {
      const forgery: GostForgery = { ...base256, digest: 'GOST3411-94', signatureAlgorithm }
      for (const options of [{}, { allowWeakHashes: true }]) {
        const { ok } = await sealkit.verify({ message: forgeGost(forgery), content }, options)
        expect(ok).toBe(false)
      }
    }
  })

  it('a key of 2012 on the curve of 2001 is none of 2001', async () => {
    const forgery: GostForgery = {
      content,
      set: gostSet('cryptopro-a'),
      digest: 'GOST3411-94',
      signatureAlgorithm: identifier(with94),
    }
    expect(await judge(forgery, { allowWeakHashes: true })).toBe('key-mismatch')
  })
})
