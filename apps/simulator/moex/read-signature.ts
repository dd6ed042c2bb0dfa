import { CmsSignature } from '../../../src/cms/index.ts'
import type { MoexRefusal } from './refusals.ts'

/** Base64 with its padding and not one character more (RFC 4648 section 4). */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The field `signature`: a detached CMS in DER, in base64 without line ends; else why it is not taken. */
export function readSignature(field: string): Uint8Array | MoexRefusal {
  if (!BASE64.test(field)) return 'signature-encoding'
  const bytes = new Uint8Array(Buffer.from(field, 'base64'))
  try {
    const { signedData } = CmsSignature.from(bytes)
    return signedData.eContent === undefined ? bytes : 'signature-attached'
  } catch {
    return 'signature-form'
  }
}
