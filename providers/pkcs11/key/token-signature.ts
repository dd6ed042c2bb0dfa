import { type PublicKey, type SignatureAlgorithm, verifySignature } from '../../../src/algorithms/index.ts'
import { TokenError } from '../../../src/errors.ts'
import { answered, CKR, tokenError } from '../cryptoki/ckr.ts'
import { CKU, mechanismName } from '../cryptoki/constants.ts'
import type { Handle } from '../cryptoki/interface.ts'
import type { SigningMechanism } from '../mechanisms/mechanism.ts'
import type { Connection } from '../token/connection.ts'
import type { TokenLink } from '../token/link.ts'
import { askPin, checkTriesNow, enterPin } from '../token/login.ts'

/** Room for r and s, also where a module writes DER. RSA signatures are as long as the modulus. */
const OTHER_SIGNATURE = 256

/** What a signature must verify with. */
export interface Confirmation {
  readonly publicKey: PublicKey
  /** For people: the certificate, or the key itself. */
  readonly whose: string
  readonly minRsaBits: number | undefined
}

/** Makes signatures of one algorithm with a key in a token, and lets out none that its public key does not confirm. */
export class TokenSignature {
  readonly algorithm: SignatureAlgorithm
  readonly #confirmation: Confirmation
  readonly #link: TokenLink
  /** Bytes that the token is given room for: with more than are needed pkcs11js takes 25 us longer. */
  readonly #length: number
  /** Those that the token refused are taken out. */
  #mechanisms: readonly SigningMechanism[]

  constructor(
    algorithm: SignatureAlgorithm,
    confirmation: Confirmation,
    link: TokenLink,
    mechanisms: readonly SigningMechanism[],
  ) {
    this.algorithm = algorithm
    this.#confirmation = confirmation
    this.#link = link
    const { type, bits } = confirmation.publicKey
    this.#length = type.startsWith('RSA') ? Math.ceil(bits / 8) : OTHER_SIGNATURE
    this.#mechanisms = mechanisms
  }

  /** @throws as the module answers where the token was lost; else TokenError */
  async make(connection: Connection, data: Uint8Array): Promise<Uint8Array> {
    const { slot, key } = connection
    const login = { ...this.#link.login, signal: undefined }
    // Before anything begins: between C_SignInit and C_Sign nothing may come in but the login.
    const pin = key.alwaysAuthenticate ? await askPin(slot, 'signature', login) : undefined
    return await slot.module.run(async () => {
      const session = connection.take()
      let isOver = false
      try {
        if (pin !== undefined) checkTriesNow(slot, login)
        const mechanism = this.#begin(connection, session)
        if (pin !== undefined) enterPin(slot, session, CKU.CONTEXT_SPECIFIC, pin)
        const input = asBuffer(mechanism.input(data))
        const raw = await slot.module.cryptoki.C_SignAsync(session, input, Buffer.alloc(this.#length))
        isOver = true
        return this.#confirmed(mechanism, new Uint8Array(raw.buffer, raw.byteOffset, raw.length), data)
      } finally {
        if (isOver) connection.give(session)
        else connection.drop(session)
      }
    })
  }

  /** C_SignInit with the first mechanism that the token takes for this key. */
  #begin({ slot, key }: Connection, session: Handle): SigningMechanism {
    for (;;) {
      const [mechanism, ...others] = this.#mechanisms
      if (mechanism === undefined) throw new Error('no mechanism')
      try {
        slot.module.cryptoki.C_SignInit(session, mechanism.mechanism, key.handle)
        return mechanism
      } catch (error) {
        if (!answered(error, ...REFUSALS)) throw error
        const name = mechanismName(mechanism.mechanism.mechanism)
        if (others.length === 0) throw tokenError(error, `cannot sign by ${name}`, 'ERR_TOKEN_MECHANISM')
        this.#mechanisms = others
      }
    }
  }

  #confirmed(mechanism: SigningMechanism, raw: Uint8Array, data: Uint8Array): Uint8Array {
    const { publicKey, whose, minRsaBits } = this.#confirmation
    const signature = mechanism
      .readings(raw, data)
      .find((reading) => verifySignature(this.algorithm, publicKey, data, reading, { minRsaBits }))
    if (signature !== undefined) return signature
    const hint = 'are key and certificate those that belong together? sealkit pkcs11 objects shows both'
    const message = `what the token signed does not verify with ${whose}`
    throw new TokenError('ERR_TOKEN_SIGNATURE_WRONG', message, { hint })
  }
}

/** The same bytes, as pkcs11js takes them. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** The list of mechanisms was not true, or not for this key. */
const REFUSALS: readonly number[] = [
  CKR.MECHANISM_INVALID,
  CKR.MECHANISM_PARAM_INVALID,
  CKR.KEY_TYPE_INCONSISTENT,
  CKR.FUNCTION_NOT_SUPPORTED,
]
