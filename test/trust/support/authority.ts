/** Authorities made for the tests: a root, CAs below it, certificates of users. */
import { sign } from 'node:crypto'
import { der, encode, Tag } from '../../../src/asn1/index.ts'
import {
  generateKey,
  issueTestCertificate,
  type PrivateKey,
  type TestCertificateOptions,
} from '../../../src/credentials/index.ts'
import { authorityKeyIdentifierExtension, encodeExtension } from '../../../src/x509/encode-extensions.ts'
import { Certificate, CertificateRevocationList, ExtensionOid, type Name } from '../../../src/x509/index.ts'

export interface Party {
  readonly certificate: Certificate
  readonly key: PrivateKey
}

export const DAY = 86_400_000

/** Issues a certificate with a new key: self-signed without an issuer. */
export async function issue(
  subject: string | Name,
  options: Partial<TestCertificateOptions> = {},
  key?: PrivateKey,
): Promise<Party> {
  const own = key ?? (await generateKey('P-256'))
  const certificate = await issueTestCertificate({ days: 365, ...options, subject, key: own })
  return { certificate, key: own }
}

/** Root, intermediate, leaf. */
export async function hierarchy(
  leaf: Partial<TestCertificateOptions> = {},
): Promise<Record<'root' | 'sub' | 'leaf', Party>> {
  const root = await issue('CN=Test root', { ca: true, days: 3650 })
  const sub = await issue('CN=Test intermediate', { ca: true, issuer: root, days: 1000 })
  return { root, sub, leaf: await issue('CN=leaf', { issuer: sub, ...leaf }) }
}

/** An AlgorithmIdentifier of ECDSA with SHA-256: all keys here are P-256. */
const ECDSA = der.sequence([der.oid('1.2.840.10045.4.3.2')])

async function signed(tbs: Uint8Array, { key }: Party): Promise<Uint8Array> {
  return der.sequence([tbs, ECDSA, der.bitString(sign('sha256', tbs, await key.toKeyObject()))])
}

/** A timestamp authority: what `issue` makes, with an extended key usage that is critical (RFC 3161 2.3). */
export async function issueTsa(
  subject: string,
  issuer: Party,
  options: Partial<TestCertificateOptions> = {},
): Promise<Party> {
  const usages = { keyUsage: ['digitalSignature'], extendedKeyUsage: ['timeStamping'] } as const
  const { key, certificate } = await issue(subject, { ...usages, ...options, issuer })
  const extensions = certificate.extensions.map((each) =>
    encodeExtension(each.oid === ExtensionOid.extendedKeyUsage ? { ...each, critical: true } : each),
  )
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    encode(Tag.INTEGER, [certificate.serial]),
    ECDSA,
    certificate.issuer.der,
    der.sequence([der.time(certificate.notBefore), der.time(certificate.notAfter)]),
    certificate.subject.der,
    certificate.subjectPublicKeyInfo,
    der.explicit(3, der.sequence(extensions)),
  ])
  return { key, certificate: Certificate.parse(await signed(tbs, issuer)) }
}

/** A revocation list, for ten years. */
export async function issueCrl(
  issuer: Party,
  revoked: readonly { certificate: Certificate; date: Date }[],
  thisUpdate = new Date('2025-01-01'),
): Promise<CertificateRevocationList> {
  const entries = revoked.map(({ certificate, date }) =>
    der.sequence([encode(Tag.INTEGER, [certificate.serial]), der.time(date)]),
  )
  const identifier = issuer.certificate.subjectKeyIdentifier as Uint8Array
  const extensions = [
    encodeExtension(authorityKeyIdentifierExtension(identifier)),
    encodeExtension({ oid: '2.5.29.20', critical: false, value: der.integer(1) }),
  ]
  const tbs = der.sequence([
    der.integer(1),
    ECDSA,
    issuer.certificate.subject.der,
    der.time(thisUpdate),
    der.time(new Date(+thisUpdate + 3650 * DAY)),
    ...(entries.length === 0 ? [] : [der.sequence(entries)]),
    der.explicit(0, der.sequence(extensions)),
  ])
  return CertificateRevocationList.parse(await signed(tbs, issuer))
}
