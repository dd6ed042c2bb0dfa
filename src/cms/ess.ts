import { createHash } from 'node:crypto'
import { digest, type HashAlgorithm, hashAlgorithm, readHashAlgorithm } from '../algorithms/index.ts'
import { contextTag, type DerReader, der, encode, equalBytes, readDer, Tag } from '../asn1/index.ts'
import type { Certificate } from '../x509/index.ts'
import { CmsOid } from './oids.ts'

/** What a signing-certificate attribute says of the signer's certificate: ESSCertID or ESSCertIDv2. */
export interface EssCertId {
  readonly hash: HashAlgorithm
  readonly certHash: Uint8Array
  /** Issuer (Name in DER) and serial number, where given. */
  readonly issuerSerial: { readonly issuer: Uint8Array; readonly serial: Uint8Array } | undefined
}

/**
 * Value of signing-certificate-v2 (RFC 5035 section 3) for one certificate: its SHA-256 and its issuer and
 * serial number. SHA-256 is the default and so not written.
 */
export function encodeSigningCertificateV2(certificate: Certificate): Uint8Array {
  const certHash = createHash('sha256').update(certificate.der).digest()
  const issuer = der.sequence([der.explicit(4, certificate.issuer.der)])
  const issuerSerial = der.sequence([issuer, encode(Tag.INTEGER, [certificate.serial])])
  return der.sequence([der.sequence([der.sequence([der.octetString(certHash), issuerSerial])])])
}

/**
 * Reads the first certificate identifier, the signer's, of signing-certificate (v1, SHA-1) or
 * signing-certificate-v2.
 */
export function parseSigningCertificate(oid: string, value: Uint8Array): EssCertId {
  const v2 = oid === CmsOid.signingCertificateV2
  return readDer(value, v2 ? 'SigningCertificateV2' : 'SigningCertificate', (r) =>
    r.sequence('', (s) => {
      const ids = s.sequenceOf('certs', (list, name) =>
        list.sequence(name, (id): EssCertId => {
          const hash =
            v2 && id.nextTag === Tag.SEQUENCE
              ? readHashAlgorithm(id, 'hashAlgorithm')
              : hashAlgorithm(v2 ? 'SHA-256' : 'SHA-1')
          const certHash = id.octetString('certHash')
          return { hash, certHash, issuerSerial: id.done ? undefined : readIssuerSerial(id) }
        }),
      )
      if (!s.done) s.element('policies', Tag.SEQUENCE)
      return ids[0] ?? s.fail('ERR_ASN1_VALUE', 'certs is empty')
    }),
  )
}

function readIssuerSerial(r: DerReader): EssCertId['issuerSerial'] {
  return r.sequence('issuerSerial', (s) => {
    const issuer = s.sequence('issuer', (names) =>
      names.constructed(contextTag(4, true), '', (n) => n.element('').bytes),
    )
    return { issuer, serial: s.integerBytes('serialNumber') }
  })
}

/** Whether an identifier names this certificate. */
export function namesCertificate(id: EssCertId, certificate: Certificate): boolean {
  if (!equalBytes(digest(id.hash, certificate.der), id.certHash)) return false
  const { issuerSerial } = id
  return (
    issuerSerial === undefined ||
    (equalBytes(issuerSerial.issuer, certificate.issuer.der) &&
      equalBytes(issuerSerial.serial, certificate.serial))
  )
}
