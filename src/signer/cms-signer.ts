import { contentSigner, type SignerOptions, type TimestampSource } from '../cms/index.ts'
import { SignerError } from '../errors.ts'
import type { KeySigner } from './key-signer.ts'
import type { Signer } from './signer.ts'

/** Options of {@link cmsSigner}: what goes into each signature. */
export interface CmsSignerOptions extends SignerOptions {
  /** Gets an RFC 3161 timestamp over each signature: a URL, or a function from query to response. */
  timestamp?: TimestampSource | undefined
}

/**
 * Makes a {@link Signer} of a key. What does not change from one signature to the next is encoded once, here.
 * It can be shared by any number of callers at once; disposing it disposes the key.
 *
 * @param key any `KeySigner`
 * @throws CmsError `ERR_CMS_ATTRIBUTE` for attributes that cannot be written
 * @example
 * ```ts
 * import { cmsSigner } from 'sealkit'
 * import { openSoftwareKey } from 'sealkit/providers/software'
 * await using signer = cmsSigner(await openSoftwareKey({ key: 'key.pem', certificate: 'cert.pem' }))
 * const signature = await signer.signDetached('the passport token')
 * signature.base64()
 * ```
 */
export function cmsSigner(key: KeySigner, options: CmsSignerOptions = {}): Signer {
  const signContent = contentSigner({ ...options, signers: key, detached: true })
  let disposed = false
  return {
    family: key.algorithm.family,
    async signDetached(content, call) {
      if (disposed) throw new SignerError('ERR_SIGNER_DISPOSED', 'the signer has been disposed')
      return await signContent(content, call?.signal)
    },
    async [Symbol.asyncDispose]() {
      disposed = true
      await key[Symbol.asyncDispose]()
    },
  }
}
