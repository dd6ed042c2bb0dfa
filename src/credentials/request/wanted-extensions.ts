import {
  extendedKeyUsageExtension,
  keyUsageExtension,
  subjectAltNameExtension,
} from '../../x509/encode-extensions.ts'
import {
  type Extension,
  type GeneralName,
  type KeyPurposeName,
  type KeyUsage,
  keyPurposeOid,
  parseGeneralName,
} from '../../x509/index.ts'

/** Extensions that a request asks for, or a certificate gets. */
export interface WantedExtensions {
  /** `DNS:api.example`, `IP:192.0.2.1`, `email:a@b.example`, `URI:https://…`; or names as they are read. */
  subjectAltNames?: readonly (string | GeneralName)[] | undefined
  /** RFC 5280 4.2.1.3. */
  keyUsage?: readonly KeyUsage[] | undefined
  /** Names or dotted OIDs (RFC 5280 4.2.1.12): `clientAuth`. */
  extendedKeyUsage?: readonly (KeyPurposeName | (string & {}))[] | undefined
}

/**
 * The extensions, those only that are wanted.
 *
 * @param named whether there is a subject; without one subjectAltName is critical (RFC 5280 4.2.1.6)
 * @throws CertificateError `ERR_CERTIFICATE_EXTENSION` for an alternative name that is none
 * @throws TypeError for a usage that is none
 */
export function wantedExtensions(wanted: WantedExtensions, named: boolean): Extension[] {
  const extensions: Extension[] = []
  const { subjectAltNames = [], keyUsage = [], extendedKeyUsage = [] } = wanted
  if (keyUsage.length > 0) extensions.push(keyUsageExtension(keyUsage))
  if (extendedKeyUsage.length > 0) {
    extensions.push(extendedKeyUsageExtension(extendedKeyUsage.map(keyPurposeOid)))
  }
  if (subjectAltNames.length > 0) {
    const names = subjectAltNames.map((name) => (typeof name === 'string' ? parseGeneralName(name) : name))
    extensions.push(subjectAltNameExtension(names, !named))
  }
  return extensions
}
