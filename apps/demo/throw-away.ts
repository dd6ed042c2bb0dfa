import { der, encodePem } from '../../src/asn1/index.ts'
import { generateKey, issueTestCertificate } from '../../src/credentials/index.ts'
import { type Certificate, Name } from '../../src/x509/index.ts'

/** A key and a self-signed certificate for demos and tests, and for nothing else. */
export interface ThrowAway {
  /** PKCS#8, not encrypted. */
  readonly keyPem: string
  readonly certificate: Certificate
}

/**
 * Makes an RSA-2048 key and a self-signed certificate that holds for a day.
 *
 * @param commonName the subject, any characters; say in it that it is throw-away
 */
export async function makeThrowAway(commonName: string): Promise<ThrowAway> {
  using key = await generateKey('RSA-2048')
  const attribute = der.sequence([der.oid('2.5.4.3'), der.utf8String(commonName)])
  const subject = Name.parse(der.sequence([der.setOf([attribute])]))
  const certificate = await issueTestCertificate({ key, subject, days: 1 })
  return { keyPem: encodePem('PRIVATE KEY', key.pkcs8()), certificate }
}
