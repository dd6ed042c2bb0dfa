import { readPublicKeyShape } from '../../../src/algorithms/index.ts'
import { publicKeyIdentity } from '../../../src/credentials/public-key-identity.ts'
import { SealkitError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { CKA, CKK, CKO } from '../cryptoki/constants.ts'
import { findCertificates } from '../objects/certificates.ts'
import { findObjects, readAttribute } from '../objects/objects.ts'
import { findPrivateKeys, labelOf, type TokenKey } from '../objects/private-keys.ts'
import { infoOf } from '../objects/public-key.ts'
import type { TokenInfo } from '../token/token.ts'
import { attributesOf } from '../token/token-uri.ts'
import { type TokenAccess, type TokenSession, withSession } from '../token/with-session.ts'
import { formatPkcs11Uri } from '../uri/index.ts'

/** An object in a token. */
export interface ListedObject {
  readonly type: 'private' | 'public' | 'cert'
  readonly label: string
  /** CKA_ID in hexadecimal; undefined where it has none. */
  readonly id: string | undefined
  /** It and no other. */
  readonly uri: string
  /** Of keys: `RSA 2048`, `EC P-256`; of certificates: that of their key. */
  readonly key: string
  /** Same for key, public key and certificate that belong together; undefined where the token does not tell. */
  readonly keyIdentity: string | undefined
  readonly alwaysAuthenticate: boolean
  readonly certificate: Certificate | undefined
}

/**
 * Lists the keys and certificates of a token; private keys are shown by most tokens after login only.
 *
 * @param access where a PIN is given the token is logged in to; the URI narrows down what is listed
 * @throws as `openPkcs11Key`
 * @example
 * ```ts
 * import { listObjects } from 'sealkit/providers/pkcs11'
 * const objects = await listObjects({ uri: 'pkcs11:token=Trader', pin: () => process.env['TOKEN_PIN'] ?? '' })
 * for (const { type, label, uri } of objects) console.log(type, label, uri)
 * ```
 */
export async function listObjects(access: TokenAccess): Promise<ListedObject[]> {
  return await withSession(access, { write: false, login: 'if-asked' }, (at) => {
    const { uri } = at
    return [...privateKeys(at), ...publicKeys(at), ...certificates(at)].filter(
      ({ type, label, id }) =>
        (uri.type === undefined || uri.type === type) &&
        (uri.object === undefined || uri.object === label) &&
        (uri.id === undefined || hex(uri.id) === id),
    )
  })
}

function privateKeys({ slot, session }: TokenSession): ListedObject[] {
  return findPrivateKeys(slot.module.cryptoki, session, {}).map((key) => ({
    type: 'private',
    label: key.label,
    id: hex(key.id),
    uri: objectUri(slot.token, key, 'private'),
    key: keyName(key.publicKey, key.keyType),
    keyIdentity: key.publicKey && publicKeyIdentity(key.publicKey),
    alwaysAuthenticate: key.alwaysAuthenticate,
    certificate: undefined,
  }))
}

function publicKeys({ slot, session }: TokenSession): ListedObject[] {
  const { cryptoki } = slot.module
  return findObjects(cryptoki, session, [{ type: CKA.CLASS, value: CKO.PUBLIC_KEY }]).map((handle) => {
    const label = labelOf(cryptoki, session, handle)
    const id = readAttribute(cryptoki, session, handle, CKA.ID)
    const info = infoOf(cryptoki, session, handle)
    return {
      type: 'public',
      label,
      id: hex(id),
      uri: objectUri(slot.token, { label, id }, 'public'),
      key: keyName(info, undefined),
      keyIdentity: info && publicKeyIdentity(info),
      alwaysAuthenticate: false,
      certificate: undefined,
    }
  })
}

function certificates({ slot, session }: TokenSession): ListedObject[] {
  return findCertificates(slot.module.cryptoki, session).map(({ label, id, certificate }) => ({
    type: 'cert',
    label,
    id: hex(id),
    uri: objectUri(slot.token, { label, id }, 'cert'),
    key: keyName(certificate.subjectPublicKeyInfo, undefined),
    keyIdentity: publicKeyIdentity(certificate.subjectPublicKeyInfo),
    alwaysAuthenticate: false,
    certificate,
  }))
}

function objectUri(
  token: TokenInfo | undefined,
  { label, id }: Pick<TokenKey, 'label' | 'id'>,
  type: ListedObject['type'],
): string {
  return formatPkcs11Uri({
    ...(token === undefined ? {} : attributesOf(token)),
    ...(id === undefined ? {} : { id }),
    ...(label === '' ? {} : { object: label }),
    type,
  })
}

/** `RSA 2048`, `EC P-256`. */
function keyName(info: Uint8Array | undefined, keyType: number | undefined): string {
  if (info === undefined) return TYPE_NAMES.get(keyType ?? -1) ?? 'key of another kind'
  try {
    const { type, bits, curve } = readPublicKeyShape(info)
    if (type.startsWith('Ed')) return type
    return `${type} ${curve ?? bits}`
  } catch (error) {
    if (error instanceof SealkitError) return TYPE_NAMES.get(keyType ?? -1) ?? 'key of another kind'
    throw error
  }
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(CKK).map(([name, number]) => [number, name.replaceAll('_', ' ')]),
)

function hex(id: Uint8Array | undefined): string | undefined {
  return id && Buffer.from(id).toString('hex')
}
