import { der } from '../../src/asn1/index.ts'
import { Name } from '../../src/x509/index.ts'

/** A name of a common name alone, which may hold any character. */
export function commonNameOf(commonName: string): Name {
  const attribute = der.sequence([der.oid('2.5.4.3'), der.utf8String(commonName)])
  return Name.parse(der.sequence([der.setOf([attribute])]))
}
