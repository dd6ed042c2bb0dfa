import { addTimestamp } from '../src/cms/index.ts'
import { SignerError } from '../src/errors.ts'
import { type CmsSignerOptions, cmsSigner, type Signer } from '../src/signer/index.ts'
import { type OpenKeyOptions, openKey } from './open.ts'

/** Options of {@link openSigner}: how the key is opened, and what goes into each signature. */
export interface OpenSignerOptions extends OpenKeyOptions {
  /** What goes into each signature. For `validata:` a timestamp alone: the tool makes the rest. */
  cms?: CmsSignerOptions | undefined
}

/**
 * Opens a signer by the name of its key, of whatever kind: `validata:` runs Validata's command line, with every other
 * name the key signs and sealkit makes the message.
 *
 * @param uri name of a file, `file:///…`, `pkcs11:…`, `validata:…`
 * @throws SignerError `ERR_SIGNER_URI`, also for options that `validata:` cannot follow, and
 *   `ERR_SIGNER_PROVIDER_UNKNOWN`; ToolError, CredentialError, AlgorithmError, TypeError as the provider
 * @example
 * ```ts
 * import { openSigner } from 'sealkit/providers'
 * await using signer = await openSigner('key.pem', { certificate: 'cert.pem' })
 * const signature = await signer.signDetached('the passport token')
 * signature.base64()
 * ```
 */
export async function openSigner(uri: string, options: OpenSignerOptions = {}): Promise<Signer> {
  const { cms, ...keyOptions } = options
  if (typeof uri === 'string' && /^validata:/i.test(uri)) return await openByTool(uri, cms, keyOptions)
  return cmsSigner(await openKey(uri, keyOptions), cms)
}

/** The tool makes the whole signature; a timestamp is added behind it, as an attribute that is not signed. */
async function openByTool(
  key: string,
  { timestamp, ...cms }: CmsSignerOptions = {},
  { certificate, hash, pss, signal }: OpenKeyOptions,
): Promise<Signer> {
  const refused = Object.entries({ ...cms, hash, pss }).find(([, value]) => value !== undefined)
  if (refused !== undefined) {
    const hint = "what goes into the signature is Validata's affair; leave the option out"
    throw new SignerError('ERR_SIGNER_URI', `validata: the option ${refused[0]} cannot be followed`, { hint })
  }
  const { openValidataSigner } = await import('./validata/index.ts')
  const signer = await openValidataSigner({ key, certificate, signal })
  if (timestamp === undefined) return signer
  return {
    family: signer.family,
    async signDetached(content, call) {
      const signature = await signer.signDetached(content, call)
      return await addTimestamp(signature, { timestamp, signal: call?.signal })
    },
    [Symbol.asyncDispose]: () => signer[Symbol.asyncDispose](),
  }
}
