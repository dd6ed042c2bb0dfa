import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der, encodePem } from '../../src/asn1/index.ts'
import { orderChain, readCertificates } from '../../src/credentials/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { codeOf, failure, vector } from './support.ts'

const text = (name: string): string => Buffer.from(vector(name)).toString('latin1')
const names = (certificates: readonly Certificate[]): (string | undefined)[] =>
  certificates.map(({ subject }) => subject.commonName)
const first = (name: string): Certificate => readCertificates(vector(name))[0] as Certificate

describe('readCertificates', () => {
  it.each(['chain-in-disorder.crt', 'chain.p7b.der', 'chain.p7b.pem'])('keeps the order of %s', (name) => {
    expect(names(readCertificates(vector(name)))).toEqual(['Root', 'Leaf', 'Issuing'])
  })

  it('reads PEM, DER and base64 to the same bytes', () => {
    const { raw } = new X509Certificate(vector('rsa.crt'))
    const base64 = Buffer.from(vector('rsa.crt.der')).toString('base64')
    const forms = [vector('rsa.crt'), text('rsa.crt'), vector('rsa.crt.der'), base64, Buffer.from(base64)]
    for (const form of forms) {
      expect(readCertificates(form).map((certificate) => Buffer.from(certificate.der).equals(raw))).toEqual([
        true,
      ])
    }
  })

  it('reads the old label, and passes keys, text and bag attributes over', () => {
    const old = text('rsa.crt').replaceAll('CERTIFICATE', 'X509 CERTIFICATE')
    expect(names(readCertificates(old))).toEqual(['Leaf'])
    expect(names(readCertificates(vector('bag-attributes.pem')))).toEqual(['Leaf', 'Issuing'])
    expect(
      names(readCertificates(text('rsa.pkcs8.pem') + text('refused.csr.pem') + text('root.crt'))),
    ).toEqual(['Root'])
  })

  it('reads a bag in BER, in PEM under another label, and passes other choices over', () => {
    const bag = (certificates: Uint8Array, set: Uint8Array = der.set([])): Uint8Array =>
      der.sequence([
        der.oid('1.2.840.113549.1.7.2'),
        der.explicit(
          0,
          der.sequence([
            der.integer(1),
            set,
            der.sequence([der.oid('1.2.840.113549.1.7.1')]),
            certificates,
            set,
          ]),
        ),
      ])
    const { der: leaf } = first('rsa.crt')
    const attributeCertificate = Uint8Array.of(0xa2, 2, 5, 0)
    const indefinite = Buffer.concat([Buffer.of(0xa0, 0x80), leaf, attributeCertificate, Buffer.of(0, 0)])
    expect(names(readCertificates(bag(indefinite)))).toEqual(['Leaf'])
    expect(names(readCertificates(encodePem('CMS', bag(indefinite))))).toEqual(['Leaf'])
  })

  it('gives none where that is allowed', async () => {
    expect(readCertificates(vector('rsa.pkcs8.pem'), { mayBeEmpty: true })).toEqual([])
    expect(await codeOf(() => readCertificates(vector('rsa.pkcs8.pem')))).toBe('NO_CERTIFICATE')
  })

  it.each([
    ['refused.trusted.crt', 'UNSUPPORTED', /TRUSTED CERTIFICATE/, /openssl x509 -in/],
    ['rsa.p12', 'UNSUPPORTED', /PKCS#12/, /readCredentials/],
    ['refused.jks', 'UNSUPPORTED', /Java keystore/, /keytool/],
    ['refused.csr.pem', 'NO_CERTIFICATE', /certificate request/, /BEGIN CERTIFICATE/],
    ['refused.cms.pem', 'NO_CERTIFICATE', /CMS message/, /BEGIN CERTIFICATE/],
    ['rsa.pkcs8.der', 'NO_CERTIFICATE', /PKCS#8 private key/, /BEGIN CERTIFICATE/],
  ])('%s: %s', async (file, code, message, hint) => {
    const error = await failure(() => readCertificates(vector(file)))
    expect(error.code).toBe(`ERR_CREDENTIAL_${code}`)
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })

  it('says which certificate is damaged', async () => {
    const damaged = encodePem('CERTIFICATE', first('root.crt').der.subarray(0, -1))
    const error = await failure(() => readCertificates(text('rsa.crt') + damaged))
    expect(error.code).toBe('ERR_CREDENTIAL_FORMAT')
    const line = text('rsa.crt').split('\n').length
    expect(error.message).toMatch(new RegExp(`^the certificate in line ${line}: `))
    expect(await codeOf(() => readCertificates(first('root.crt').der.subarray(0, -1)))).toBe('FORMAT')
    const lie = encodePem('CERTIFICATE', vector('rsa.pkcs8.der'))
    expect((await failure(() => readCertificates(lie))).message).toContain('it holds a PKCS#8 private key')
    expect(await codeOf(() => readCertificates('no certificate'))).toBe('FORMAT')
    expect(() => readCertificates(5 as never)).toThrow(TypeError)
  })
})

describe('orderChain', () => {
  const leaf = first('rsa.crt')
  const pool = readCertificates(vector('chain-in-disorder.crt'))

  it('puts the issuers in order, the nearest first', () => {
    expect(names(orderChain(leaf, pool))).toEqual(['Issuing', 'Root'])
    expect(names(orderChain(leaf, pool.toReversed()))).toEqual(['Issuing', 'Root'])
  })

  it('goes as far as the pool does, and leaves out what does not belong', () => {
    expect(orderChain(leaf, [])).toEqual([])
    expect(orderChain(leaf, [first('root.crt'), first('p256.crt')])).toEqual([])
    expect(names(orderChain(leaf, [first('p256.crt'), first('issuing.crt')]))).toEqual(['Issuing'])
    expect(orderChain(first('root.crt'), pool)).toEqual([])
  })

  it('does not go in circles, and ends', () => {
    // Cross-certified: A by B and B by A. Only names and identifiers count, so altered copies do.
    const rename = (certificate: Certificate, from: string, to: string): Certificate => {
      const bytes = Buffer.from(certificate.der)
      bytes.write(to, bytes.indexOf(from))
      return readCertificates(bytes)[0] as Certificate
    }
    const root = first('root.crt')
    expect(root.selfIssued).toBe(true)
    const rooted = rename(root, 'Root', 'Tree')
    expect(names(orderChain(leaf, [first('issuing.crt'), rooted, root, root]))).toEqual(['Issuing', 'Root'])
  })
})
