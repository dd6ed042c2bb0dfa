import { digest, type HashName } from '../../../src/algorithms/index.ts'
import { der, toHex } from '../../../src/asn1/index.ts'
import { CKM } from '../cryptoki/constants.ts'
import { asItIs, type SigningMechanism, type SigningNeeds, wholeData } from './mechanism.ts'

const HASHING: Partial<Record<HashName, number>> = {
  'SHA-256': CKM.ECDSA_SHA256,
  'SHA-384': CKM.ECDSA_SHA384,
  'SHA-512': CKM.ECDSA_SHA512,
}

/** Orders of the NIST curves have as many bits as their fields. */
const ORDER_BYTES = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const

/** ECDSA (FIPS 186-5 section 6.4): a hash that is longer than the order is cut, since not all tokens do it. */
export function ecdsa({ algorithm: { hash }, publicKey: { curve } }: SigningNeeds): SigningMechanism[] {
  if (hash === undefined || curve === undefined) return []
  const length = ORDER_BYTES[curve]
  const readings = (raw: Uint8Array): readonly Uint8Array[] => readingsOf(raw, length)
  const ways: SigningMechanism[] = [
    {
      mechanism: { mechanism: CKM.ECDSA },
      input: (data) => digest(hash, data).subarray(0, length),
      readings,
    },
  ]
  const hashing = HASHING[hash.name]
  if (hashing !== undefined) ways.push({ mechanism: { mechanism: hashing }, input: wholeData, readings })
  return ways
}

/**
 * The DER SEQUENCE of r and s (RFC 5480 appendix A) of r and s side by side, each with as many bytes as the order. Where
 * leading zeros were left out of one or both, there are several places where s may begin.
 */
function readingsOf(raw: Uint8Array, length: number): Uint8Array[] {
  const splits = new Set([raw.length / 2, length, raw.length - length])
  const found = [...splits]
    .filter(
      (at) => Number.isInteger(at) && at > 0 && at <= length && raw.length - at <= length && at < raw.length,
    )
    .map((at) => ecdsaSignature(raw.subarray(0, at), raw.subarray(at)))
  // Some modules write the DER themselves.
  return raw[0] === 0x30 ? [...found, raw] : found
}

function ecdsaSignature(r: Uint8Array, s: Uint8Array): Uint8Array {
  return der.sequence([unsigned(r), unsigned(s)])
}

function unsigned(bytes: Uint8Array): Uint8Array {
  return der.integer(BigInt(`0x${toHex(bytes)}`))
}

/** Ed25519 and Ed448 (RFC 8032), which hash by themselves. */
export function eddsa(): SigningMechanism[] {
  return [{ mechanism: { mechanism: CKM.EDDSA }, input: wholeData, readings: asItIs }]
}
