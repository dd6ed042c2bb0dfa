import { Certificate } from '../x509/index.ts'

// Parsing and importing cost more than verifying. Only public data is kept, and little of it.
const MAX_ENTRIES = 512
const MAX_BYTES = 8192
const known = new Map<string, Certificate>()

/** Parses a certificate, or gives the one that was parsed from the same bytes before, with its imported key. */
export function knownCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_BYTES) return Certificate.parse(der)
  const key = Buffer.from(der.buffer, der.byteOffset, der.length).toString('latin1')
  const found = known.get(key)
  if (found !== undefined) return found
  // A copy, so that the whole message is not kept with it.
  const certificate = Certificate.parse(Uint8Array.from(der))
  if (known.size >= MAX_ENTRIES) known.delete(known.keys().next().value as string)
  known.set(key, certificate)
  return certificate
}
