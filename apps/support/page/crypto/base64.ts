import { decodeBase64, encodeBase64 } from '../../../../src/asn1/base64.ts'

export { decodeBase64 as fromBase64, encodeBase64 as toBase64 }

/** The base64 of a text's UTF-8. */
export function textToBase64(text: string): string {
  return encodeBase64(new TextEncoder().encode(text))
}
