import type { Pin } from '../token/pin.ts'
import { type Pkcs11Uri, readPinSource } from '../uri/index.ts'

/** Where the PIN comes from: what was given, else the file that the URI names, else the URI itself. */
export function pinOf(given: Pin | undefined, uri: Pkcs11Uri): Pin | undefined {
  const { pinSource, pinValue } = uri
  if (given !== undefined) return given
  if (pinSource !== undefined) return () => readPinSource(pinSource)
  return pinValue?.reveal()
}
