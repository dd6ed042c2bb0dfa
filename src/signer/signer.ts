import type { KeyFamily } from '../algorithms/index.ts'
import type { CmsSignature, Content } from '../cms/index.ts'
import type { SignCallOptions } from './key-signer.ts'

/**
 * Makes a whole detached CMS signature: what auth clients take. `cmsSigner` makes one of a key; a program that
 * signs by itself, such as a vendor's command line, implements it directly.
 */
export interface Signer extends AsyncDisposable {
  /** Family of the key; MOEX's `algorithm` field follows from it. */
  readonly family: KeyFamily
  /**
   * Signs content, detached.
   *
   * @param content bytes, a string (its UTF-8 bytes, no line end added) or a stream
   */
  signDetached(content: Content, options?: SignCallOptions): Promise<CmsSignature>
}
