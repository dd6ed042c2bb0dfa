import { encodePem } from '../asn1/index.ts'
import type { KeyEntry } from '../credentials/contents.ts'
import { chooseKey, orderChain, readCredentials } from '../credentials/index.ts'
import { mostUsable } from '../credentials/match.ts'
import { samePublicKeyInfo } from '../credentials/public-key-identity.ts'
import { inputOf, readCertificateSource } from '../credentials/source.ts'
import { wipe } from '../credentials/wipe.ts'
import { CredentialError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import type { ClientCredential } from './options.ts'

/** The client's side of mutual TLS, read from its files. */
export interface Identity {
  readonly certificate: Certificate
  /** The certificate with its issuers, in PEM, the leaf first. */
  readonly cert: string
  /** PKCS#8 in PEM, not encrypted. Secret; overwritten by its taker. */
  readonly key: Uint8Array
  /** Sentences for the user. */
  readonly warnings: readonly string[]
}

/**
 * Reads certificate and key, of whatever form, and makes sure that they belong together.
 *
 * Node's own `pfx` is not used: it cannot read the PKCS#12 files of old programs.
 */
export async function readIdentity(credential: ClientCredential): Promise<Identity> {
  const { certificate, key, password } = credential
  const { input, warnings, close } = await inputOf(key ?? certificate, 'key', { password })
  try {
    const { keys, certificates, notes } = await readCredentials(input, { password })
    try {
      const beside = certificates.map((entry) => entry.certificate)
      const given =
        key === undefined ? beside : await readCertificateSource(certificate, 'certificate', { password })
      const { leaf, entry } = matching(keys, given)
      const chain = orderChain(leaf, [...given, ...beside])
      return {
        certificate: leaf,
        cert: [leaf, ...chain].map((each) => each.toPem()).join(''),
        key: pemOf(entry),
        warnings: [...warnings, ...notes],
      }
    } finally {
      for (const { key: each } of keys) each[Symbol.dispose]()
    }
  } finally {
    close()
  }
}

/** The key that has a certificate, and of several certificates the one that is good now. */
function matching(
  keys: readonly KeyEntry[],
  certificates: readonly Certificate[],
): { leaf: Certificate; entry: KeyEntry } {
  const certified = keys.filter((entry) => certificates.some((each) => isFor(each, entry)))
  const entry = chooseKey(certified.length > 0 ? certified : keys)
  const leaf = mostUsable(certificates.filter((each) => isFor(each, entry)))
  if (leaf !== undefined) return { leaf, entry }
  if (certificates.length === 0) {
    throw new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', 'the client key has no certificate with it', {
      hint: 'give the file with the certificate too: for TLS a server wants both',
    })
  }
  throw new CredentialError(
    'ERR_CREDENTIAL_KEY_MISMATCH',
    `the client certificate is not for the key (${entry.key.name})`,
    { hint: 'take the certificate that was issued for this key: sealkit cred match tells' },
  )
}

function isFor({ subjectPublicKeyInfo }: Certificate, { key }: KeyEntry): boolean {
  const { subjectPublicKeyInfo: spki } = key
  return spki !== undefined && samePublicKeyInfo(spki, subjectPublicKeyInfo)
}

function pemOf({ key }: KeyEntry): Uint8Array {
  const pkcs8 = key.pkcs8()
  try {
    return new TextEncoder().encode(encodePem('PRIVATE KEY', pkcs8))
  } finally {
    wipe(pkcs8)
  }
}
