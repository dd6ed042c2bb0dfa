/** String types in which the attributes of a name are written (RFC 5280 appendix A, RFC 4519). */
export type NameStringType = 'printable' | 'ia5' | 'numeric' | 'utf8'

/** One attribute type of names. */
export interface AttributeType {
  readonly oid: string
  /** How RFC 4514 text shows it. */
  readonly name: string
  /** Other names that are read, in lower case. */
  readonly aliases: readonly string[]
  readonly string: NameStringType
  /** Fewest and most characters. */
  readonly length: readonly [min: number, max: number]
}

const row = (
  oid: string,
  name: string,
  aliases: string,
  max: number,
  string: NameStringType = 'utf8',
  min = 1,
): AttributeType => ({ oid, name, aliases: aliases.split(' '), string, length: [min, max] })

// Descriptors of RFC 4514 section 3 and RFC 4519, those of PKCS#9, and of Russian certificates (Order 795 of
// the FSB), which readers of such certificates know by these names. Bounds: RFC 5280 appendix A.1,
// RFC 4519 and X.520.
const TYPES: readonly AttributeType[] = [
  row('2.5.4.3', 'CN', 'commonname', 64),
  row('2.5.4.4', 'SN', 'surname', 32_768),
  row('2.5.4.5', 'serialNumber', '', 64, 'printable'),
  row('2.5.4.6', 'C', 'countryname', 2, 'printable', 2),
  row('2.5.4.7', 'L', 'localityname', 128),
  row('2.5.4.8', 'ST', 'stateorprovincename s', 128),
  row('2.5.4.9', 'STREET', 'streetaddress', 128),
  row('2.5.4.10', 'O', 'organizationname', 64),
  row('2.5.4.11', 'OU', 'organizationalunitname', 64),
  row('2.5.4.12', 'title', '', 64),
  row('2.5.4.42', 'GN', 'givenname', 32_768),
  row('2.5.4.97', 'organizationIdentifier', '', 256),
  row('0.9.2342.19200300.100.1.1', 'UID', 'userid', 256),
  row('0.9.2342.19200300.100.1.25', 'DC', 'domaincomponent', 63, 'ia5'),
  row('1.2.840.113549.1.9.1', 'emailAddress', 'email e', 255, 'ia5'),
  row('1.2.643.3.131.1.1', 'INN', '', 12, 'numeric', 12),
  row('1.2.643.100.1', 'OGRN', '', 13, 'numeric', 13),
  row('1.2.643.100.3', 'SNILS', '', 11, 'numeric', 11),
  row('1.2.643.100.4', 'INNLE', '', 10, 'numeric', 10),
  row('1.2.643.100.5', 'OGRNIP', '', 15, 'numeric', 15),
]

const BY_OID = new Map(TYPES.map((type) => [type.oid, type]))
const BY_NAME = new Map(
  TYPES.flatMap((type) => [type.name.toLowerCase(), ...type.aliases].map((name) => [name, type] as const)),
)

/** The type of an OID, where it is known. */
export function attributeTypeOf(oid: string): AttributeType | undefined {
  return BY_OID.get(oid)
}

/** The type that a name means, in any case; for a dotted OID without a name, one of any characters. */
export function attributeTypeNamed(name: string): AttributeType | undefined {
  const oid = /^(?:oid\.)?([0-2](?:\.(?:0|[1-9]\d*))+)$/i.exec(name)?.[1]
  if (oid === undefined) return name === '' ? undefined : BY_NAME.get(name.toLowerCase())
  return BY_OID.get(oid) ?? { oid, name: oid, aliases: [], string: 'utf8', length: [1, 32_768] }
}
