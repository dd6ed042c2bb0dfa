/** Certificates made field by field, good or not, signed with P-256 keys: what `issueTestCertificate` refuses to make. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { contextTag, der, encode, Tag } from '../../../src/asn1/index.ts'
import {
  type PathResult,
  TrustStore,
  type ValidatePathOptions,
  validatePath,
} from '../../../src/path/index.ts'
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  encodeExtension,
  extendedKeyUsageExtension,
  keyUsageExtension,
  subjectKeyIdentifierExtension,
} from '../../../src/x509/encode-extensions.ts'
import type { Extension } from '../../../src/x509/extensions.ts'
import { encodeGeneralName } from '../../../src/x509/general-name.ts'
import { Certificate, type GeneralName, type KeyUsage, Name } from '../../../src/x509/index.ts'

/** The moment of all validations here. */
export const TIME = new Date('2026-06-01T00:00:00Z')
const NOT_BEFORE = new Date('2025-01-01T00:00:00Z')
const NOT_AFTER = new Date('2035-01-01T00:00:00Z')

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface Issued {
  readonly certificate: Certificate
  readonly key: KeyPair
}

export interface Wanted {
  readonly issuer?: Issued
  readonly key?: KeyPair
  /** A CA; a number is its pathLenConstraint. */
  readonly ca?: boolean | number
  readonly keyUsage?: readonly KeyUsage[]
  readonly purposes?: readonly string[]
  readonly names?: readonly GeneralName[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly serial?: Uint8Array
  /** In place of the one of the same OID that would be made, or besides. */
  readonly extensions?: readonly Extension[]
  /** OIDs of extensions to leave out. */
  readonly without?: readonly string[]
  /** SubjectPublicKeyInfo that is put in whatever the key is. */
  readonly spki?: Uint8Array
}

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const dns = (value: string): GeneralName => ({ type: 'dNSName', value })
const ECDSA = der.sequence([der.oid('1.2.840.10045.4.3.2')])

export const newKey = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const spkiOf = ({ publicKey }: KeyPair): Uint8Array =>
  new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))

let count = 0

/** Issues a certificate; self-signed without an issuer. */
export function issue(subject: string, wanted: Wanted = {}): Issued {
  const key = wanted.key ?? newKey()
  const signer = wanted.issuer?.key ?? key
  const name = Name.fromText(subject)
  const extensions = extensionsOf(wanted, key, name)
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    wanted.serial === undefined ? der.integer(++count) : encode(Tag.INTEGER, [wanted.serial]),
    ECDSA,
    (wanted.issuer?.certificate.subject ?? name).der,
    der.sequence([der.time(wanted.notBefore ?? NOT_BEFORE), der.time(wanted.notAfter ?? NOT_AFTER)]),
    name.der,
    wanted.spki ?? spkiOf(key),
    der.explicit(3, der.sequence(extensions.map(encodeExtension))),
  ])
  return { certificate: Certificate.parse(signed(tbs, signer)), key }
}

/** A signed structure: what is signed, the algorithm, the signature. */
export function signed(tbs: Uint8Array, { privateKey }: KeyPair): Uint8Array {
  return der.sequence([tbs, ECDSA, der.bitString(sign('sha256', tbs, privateKey))])
}

export { ECDSA }

/** Key identifier of a test key: the first octets of its point, which are its own. */
export const keyId = (key: KeyPair): Uint8Array => spkiOf(key).slice(27, 47)

function extensionsOf(wanted: Wanted, key: KeyPair, subject: Name): Extension[] {
  const { ca = false, without = [], extensions = [], names = [], purposes = [] } = wanted
  const usages: readonly KeyUsage[] =
    wanted.keyUsage ?? (ca === false ? ['digitalSignature'] : ['keyCertSign', 'cRLSign'])
  const own = [
    basicConstraintsExtension(ca !== false, typeof ca === 'number' ? ca : undefined),
    keyUsageExtension(usages),
    ...(purposes.length === 0 ? [] : [extendedKeyUsageExtension(purposes)]),
    ...(names.length === 0 ? [] : [alternativeNames(names, subject.rdns.length === 0)]),
    subjectKeyIdentifierExtension(keyId(key)),
    authorityKeyIdentifierExtension(keyId(wanted.issuer?.key ?? key)),
  ].filter(({ oid }) => !extensions.some((each) => each.oid === oid))
  return [...own, ...extensions].filter(({ oid }) => !without.includes(oid))
}

const TEXTS: { readonly [type in GeneralName['type']]?: number } = {
  rfc822Name: 1,
  dNSName: 2,
  uniformResourceIdentifier: 6,
}

/** As it stands, be it right or not. */
function encodeName(name: GeneralName): Uint8Array {
  const number = TEXTS[name.type]
  if (number !== undefined) return encode(contextTag(number, false), [Buffer.from(name.value as string)])
  return name.type === 'iPAddress'
    ? encode(contextTag(7, false), [name.value as Uint8Array])
    : encodeGeneralName(name)
}

function alternativeNames(names: readonly GeneralName[], critical: boolean): Extension {
  return { oid: '2.5.29.17', critical, value: der.sequence(names.map(encodeName)) }
}

/** nameConstraints, critical. */
export function nameConstraints(
  permitted: readonly GeneralName[],
  excluded: readonly GeneralName[] = [],
): Extension {
  const subtrees = (number: number, names: readonly GeneralName[]): Uint8Array[] =>
    names.length === 0
      ? []
      : [
          encode(
            contextTag(number, true),
            names.map((each) => der.sequence([encodeName(each)])),
          ),
        ]
  return {
    oid: '2.5.29.30',
    critical: true,
    value: der.sequence([...subtrees(0, permitted), ...subtrees(1, excluded)]),
  }
}

/** certificatePolicies. */
export function certificatePolicies(...oids: readonly string[]): Extension {
  const value = der.sequence(oids.map((oid) => der.sequence([der.oid(oid)])))
  return { oid: '2.5.29.32', critical: false, value }
}

/** policyMappings, critical. */
export function policyMappings(...pairs: readonly (readonly [string, string])[]): Extension {
  const value = der.sequence(pairs.map(([a, b]) => der.sequence([der.oid(a), der.oid(b)])))
  return { oid: '2.5.29.33', critical: true, value }
}

/** Validates for a TLS server, at {@link TIME}, where nothing else is asked. */
export function validate(
  target: Issued | Certificate,
  roots: readonly Issued[],
  untrusted: readonly Issued[] = [],
  options: Partial<ValidatePathOptions> = {},
): Promise<PathResult> {
  return validatePath('key' in target ? target.certificate : target, {
    trust: new TrustStore(roots.map(({ certificate }) => certificate)),
    untrusted: untrusted.map(({ certificate }) => certificate),
    purpose: 'tls-server',
    time: TIME,
    ...options,
  })
}

/** `valid`, or the reason. */
export async function verdict(...args: Parameters<typeof validate>): Promise<string> {
  const { problem } = await validate(...args)
  return problem?.reason ?? 'valid'
}
