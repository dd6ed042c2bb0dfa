import { randomBytes } from 'node:crypto'
import { Oid } from '../../../src/algorithms/oids.ts'
import { der } from '../../../src/asn1/index.ts'
import { TokenError } from '../../../src/errors.ts'
import { answered, CKR, tokenError } from '../cryptoki/ckr.ts'
import { CKA, CKK, CKM, CKO } from '../cryptoki/constants.ts'
import type { Attribute, Cryptoki, Handle, Mechanism } from '../cryptoki/interface.ts'
import { findPrivateKeys } from '../objects/private-keys.ts'
import { publicKeyInfo } from '../objects/public-key.ts'
import type { TokenInfo } from '../token/token.ts'
import { keyUri } from '../token/token-uri.ts'
import { type TokenAccess, withSession } from '../token/with-session.ts'

/** Kinds of keys that {@link generateTokenKey} asks a token for. */
export type TokenKeyType = 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519'

const TOKEN_KEY_TYPES: readonly TokenKeyType[] = [
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
  'P-256',
  'P-384',
  'P-521',
  'Ed25519',
]

/** What {@link generateTokenKey} is given. */
export interface GenerateTokenKeyOptions extends TokenAccess {
  /** Default RSA-2048, which every token can do. */
  type?: TokenKeyType | undefined
  /** CKA_LABEL of both keys. */
  label: string
  /** CKA_ID. Default: 8 random bytes. */
  id?: Uint8Array | undefined
  /** Asks for the PIN at each signature (CKA_ALWAYS_AUTHENTICATE). Default false. */
  alwaysAuthenticate?: boolean | undefined
}

/** A new key. */
export interface GeneratedTokenKey {
  readonly uri: string
  /** SubjectPublicKeyInfo in DER. */
  readonly subjectPublicKeyInfo: Uint8Array
}

/**
 * Makes a key pair in a token; the private key never leaves it (CKA_SENSITIVE, not CKA_EXTRACTABLE).
 *
 * @throws TokenError as `openPkcs11Key`, and `ERR_TOKEN_AMBIGUOUS` where the label or id is taken,
 *   `ERR_TOKEN_READ_ONLY`, `ERR_TOKEN_MECHANISM`; TypeError for another type
 * @example
 * ```ts
 * import { generateTokenKey } from 'sealkit/providers/pkcs11'
 * const { uri } = await generateTokenKey({ uri: 'pkcs11:token=Trader', label: 'signing', type: 'P-256', pin: () => '…' })
 * ```
 */
export async function generateTokenKey(options: GenerateTokenKeyOptions): Promise<GeneratedTokenKey> {
  const { type = 'RSA-2048', label, id = randomBytes(8) } = options
  if (!TOKEN_KEY_TYPES.includes(type))
    throw new TypeError(`type must be one of ${TOKEN_KEY_TYPES.join(', ')}`)
  if (typeof label !== 'string' || label === '') throw new TypeError('label must be a text')
  if (!(id instanceof Uint8Array) || id.length === 0) throw new TypeError('id must be a Uint8Array')
  return await withSession(options, { write: true, login: 'always' }, async ({ slot, session }) => {
    const { cryptoki } = slot.module
    const token = slot.token as TokenInfo
    checkFree(cryptoki, session, token, label, id)
    const made = await generate(
      cryptoki,
      session,
      type,
      common(label, id),
      options.alwaysAuthenticate === true,
    )
    const info = publicKeyInfo(cryptoki, session, made.privateKey, id)
    if (info === undefined)
      throw new TokenError('ERR_TOKEN_FAILED', 'the token does not tell the new public key')
    return { uri: keyUri(token, { id, label }), subjectPublicKeyInfo: info }
  })
}

function checkFree(
  cryptoki: Cryptoki,
  session: Handle,
  token: TokenInfo,
  label: string,
  id: Uint8Array,
): void {
  const [same] = [
    ...findPrivateKeys(cryptoki, session, { label }),
    ...findPrivateKeys(cryptoki, session, { id }),
  ]
  if (same === undefined) return
  const hint = 'choose another label or id, or delete the old key'
  throw new TokenError('ERR_TOKEN_AMBIGUOUS', `there is such a key: ${keyUri(token, same)}`, { hint })
}

function common(label: string, id: Uint8Array): Attribute[] {
  return [
    { type: CKA.TOKEN, value: true },
    { type: CKA.LABEL, value: label },
    { type: CKA.ID, value: Buffer.from(id) },
  ]
}

async function generate(
  cryptoki: Cryptoki,
  session: Handle,
  type: TokenKeyType,
  shared: Attribute[],
  alwaysAuthenticate: boolean,
): Promise<{ publicKey: Handle; privateKey: Handle }> {
  const { mechanism, keyType, parameters } = kindOf(type)
  const kind = { type: CKA.KEY_TYPE, value: keyType }
  const publicTemplate = [
    { type: CKA.CLASS, value: CKO.PUBLIC_KEY },
    kind,
    { type: CKA.VERIFY, value: true },
    ...shared,
    ...parameters,
  ]
  const privateTemplate = [
    { type: CKA.CLASS, value: CKO.PRIVATE_KEY },
    kind,
    { type: CKA.PRIVATE, value: true },
    { type: CKA.SENSITIVE, value: true },
    { type: CKA.EXTRACTABLE, value: false },
    { type: CKA.SIGN, value: true },
    ...(alwaysAuthenticate ? [{ type: CKA.ALWAYS_AUTHENTICATE, value: true }] : []),
    ...shared,
  ]
  try {
    return await cryptoki.C_GenerateKeyPairAsync(session, mechanism, publicTemplate, privateTemplate)
  } catch (error) {
    if (answered(error, CKR.MECHANISM_INVALID, CKR.MECHANISM_PARAM_INVALID)) {
      const hint = 'sealkit pkcs11 slots shows what the token offers; RSA-2048 is the most common'
      throw tokenError(error, `the token cannot make ${type} keys`, 'ERR_TOKEN_MECHANISM', hint)
    }
    throw writing(error, 'cannot make a key')
  }
}

function kindOf(type: TokenKeyType): { mechanism: Mechanism; keyType: number; parameters: Attribute[] } {
  if (type.startsWith('RSA')) {
    const parameters = [
      { type: CKA.MODULUS_BITS, value: Number(type.slice(4)) },
      { type: CKA.PUBLIC_EXPONENT, value: Buffer.of(1, 0, 1) },
    ]
    return { mechanism: { mechanism: CKM.RSA_PKCS_KEY_PAIR_GEN }, keyType: CKK.RSA, parameters }
  }
  if (type === 'Ed25519') {
    // PrintableString "edwards25519": what version 3.0 of the standard and most modules take.
    const curve = Buffer.from('\x13\x0cedwards25519', 'latin1')
    const parameters = [{ type: CKA.EC_PARAMS, value: curve }]
    return { mechanism: { mechanism: CKM.EC_EDWARDS_KEY_PAIR_GEN }, keyType: CKK.EC_EDWARDS, parameters }
  }
  const oid = { 'P-256': Oid.secp256r1, 'P-384': Oid.secp384r1, 'P-521': Oid.secp521r1 }[type as 'P-256']
  const parameters = [{ type: CKA.EC_PARAMS, value: Buffer.from(der.oid(oid)) }]
  return { mechanism: { mechanism: CKM.EC_KEY_PAIR_GEN }, keyType: CKK.EC, parameters }
}

/** Makes a typed error of a refused write. */
export function writing(error: unknown, doing: string): unknown {
  if (answered(error, CKR.TOKEN_WRITE_PROTECTED, CKR.SESSION_READ_ONLY)) {
    const hint = 'the token cannot be written by its user: ask the one who administers it'
    return tokenError(error, doing, 'ERR_TOKEN_READ_ONLY', hint)
  }
  return tokenError(error, doing)
}
