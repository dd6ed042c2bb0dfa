/** Certificates with anything in them. Nobody signed them: CMS leaves that to the trust function. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { der, encode, Tag } from '../../../src/asn1/index.ts'
import { Certificate, type Extension } from '../../../src/x509/index.ts'
import { type IdentityName, identity } from './identities.ts'

export interface ForgedCertificate {
  issuer?: Uint8Array
  subject?: Uint8Array
  serial?: Uint8Array
  /** SubjectPublicKeyInfo in DER. */
  spki?: Uint8Array
  extensions?: readonly Pick<Extension, 'oid' | 'critical' | 'value'>[]
}

/** A certificate with the fields of `like` but for those given. */
export function forgeCertificate(like: IdentityName, fields: ForgedCertificate = {}): Certificate {
  return Certificate.parse(forgeCertificateDer(like, fields))
}

export function forgeCertificateDer(like: IdentityName, fields: ForgedCertificate = {}): Uint8Array {
  const { certificate } = identity(like)
  const extensions = (fields.extensions ?? certificate.extensions).map(({ oid, critical, value }) =>
    der.sequence([der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value)]),
  )
  const algorithm = certificate.signatureAlgorithm.der
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    encode(Tag.INTEGER, [fields.serial ?? certificate.serial]),
    algorithm,
    fields.issuer ?? certificate.issuer.der,
    der.sequence([der.time(certificate.notBefore), der.time(certificate.notAfter)]),
    fields.subject ?? certificate.subject.der,
    fields.spki ?? certificate.subjectPublicKeyInfo,
    ...(extensions.length === 0 ? [] : [der.explicit(3, der.sequence(extensions))]),
  ])
  return der.sequence([tbs, algorithm, der.bitString(new Uint8Array(64))])
}

export function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }))
}

/** A Name with a commonName alone. */
export function commonName(text: string): Uint8Array {
  return der.sequence([der.set([der.sequence([der.oid('2.5.4.3'), der.utf8String(text)])])])
}
