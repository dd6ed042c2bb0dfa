import { toHex } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import type { GeneralName } from './general-name.ts'
import { ipAddressText, parseIpAddress } from './ip-address.ts'
import { Name } from './name.ts'

const PREFIXES = {
  rfc822Name: 'email',
  dNSName: 'DNS',
  uniformResourceIdentifier: 'URI',
  iPAddress: 'IP',
  directoryName: 'dirName',
  registeredID: 'RID',
  otherName: 'otherName',
  x400Address: 'x400Address',
  ediPartyName: 'ediPartyName',
} as const satisfies Record<GeneralName['type'], string>

/**
 * A GeneralName for people, as OpenSSL's configuration writes it: `DNS:api.example`, `IP:192.0.2.1`,
 * `email:a@b.example`, `URI:https://…`, `dirName:CN=…`, `RID:1.2.3`, `otherName:1.2.3;#0c…`.
 *
 * @example
 * ```ts
 * import { Certificate, generalNameToString } from 'sealkit/x509'
 * declare const certificate: Certificate
 * certificate.subjectAltName?.map(generalNameToString) // ['DNS:api.example']
 * ```
 */
export function generalNameToString(name: GeneralName): string {
  return `${PREFIXES[name.type]}:${valueText(name)}`
}

function valueText(name: GeneralName): string {
  switch (name.type) {
    case 'directoryName':
      return name.value.toString()
    case 'iPAddress':
      return ipAddressText(name.value) ?? `#${toHex(name.value)}`
    case 'otherName':
      return `${name.typeId};#${toHex(name.value)}`
    case 'x400Address':
    case 'ediPartyName':
      return `#${toHex(name.value)}`
    default:
      return name.value
  }
}

/**
 * Reads what {@link generalNameToString} writes for DNS, IP, email, URI, dirName and RID; prefixes in any case.
 *
 * @throws CertificateError `ERR_CERTIFICATE_EXTENSION` for another prefix, or an IP address that is none
 * @throws NameError for a directory name
 * @example
 * ```ts
 * import { parseGeneralName } from 'sealkit/x509'
 * parseGeneralName('IP:2001:db8::1') // { type: 'iPAddress', value: 20 01 0d b8 … }
 * ```
 */
export function parseGeneralName(text: string): GeneralName {
  const colon = text.indexOf(':')
  const prefix = text.slice(0, Math.max(colon, 0)).toLowerCase()
  const value = text.slice(colon + 1)
  switch (prefix) {
    case 'dns':
      return { type: 'dNSName', value }
    case 'email':
      return { type: 'rfc822Name', value }
    case 'uri':
      return { type: 'uniformResourceIdentifier', value }
    case 'rid':
      return { type: 'registeredID', value }
    case 'dirname':
      return { type: 'directoryName', value: Name.fromText(value) }
    case 'ip': {
      const bytes = parseIpAddress(value)
      if (bytes !== undefined) return { type: 'iPAddress', value: bytes }
      throw refused(`${JSON.stringify(value)} is no IP address`)
    }
    default:
      throw refused(`${JSON.stringify(text)} is no alternative name`)
  }
}

function refused(message: string): CertificateError {
  const hint = 'write DNS:NAME, IP:ADDRESS, email:ADDRESS or URI:ADDRESS'
  return new CertificateError('ERR_CERTIFICATE_EXTENSION', message, { hint })
}
