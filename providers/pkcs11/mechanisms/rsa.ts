import { digest, type HashName, type SignatureAlgorithm } from '../../../src/algorithms/index.ts'
import { der } from '../../../src/asn1/index.ts'
import { CKG, CKM } from '../cryptoki/constants.ts'
import { asItIs, type SigningMechanism, wholeData } from './mechanism.ts'

interface Numbers {
  /** CKM_* that hash and sign. */
  readonly pkcs1: number
  readonly pss: number
  /** CKM_* of the hash, for the parameters of PSS. */
  readonly hash: number
  readonly mgf: number
}

const NUMBERS: Partial<Record<HashName, Numbers>> = {
  'SHA-256': {
    pkcs1: CKM.SHA256_RSA_PKCS,
    pss: CKM.SHA256_RSA_PKCS_PSS,
    hash: CKM.SHA256,
    mgf: CKG.MGF1_SHA256,
  },
  'SHA-384': {
    pkcs1: CKM.SHA384_RSA_PKCS,
    pss: CKM.SHA384_RSA_PKCS_PSS,
    hash: CKM.SHA384,
    mgf: CKG.MGF1_SHA384,
  },
  'SHA-512': {
    pkcs1: CKM.SHA512_RSA_PKCS,
    pss: CKM.SHA512_RSA_PKCS_PSS,
    hash: CKM.SHA512,
    mgf: CKG.MGF1_SHA512,
  },
}

/** CK_RSA_PKCS_PSS_PARAMS, as pkcs11js tells its parameters apart. */
const PSS_PARAMETERS = 5

/** RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2): hashed here into a DigestInfo, else by the token. */
export function rsaPkcs1(algorithm: SignatureAlgorithm): SigningMechanism[] {
  const { hash } = algorithm
  const numbers = hash && NUMBERS[hash.name]
  if (hash === undefined || numbers === undefined) return []
  const { length } = hash
  const identifier = der.sequence([der.oid(hash.oid), der.null()])
  // All but the hash at its end is the same each time.
  const template = der.sequence([identifier, der.octetString(new Uint8Array(length))])
  const digestInfo = (data: Uint8Array): Uint8Array => {
    const info = new Uint8Array(template)
    info.set(digest(hash, data), info.length - length)
    return info
  }
  return [
    { mechanism: { mechanism: CKM.RSA_PKCS }, input: digestInfo, readings: asItIs },
    { mechanism: { mechanism: numbers.pkcs1 }, input: wholeData, readings: asItIs },
  ]
}

/** RSASSA-PSS (RFC 8017 section 8.1). */
export function rsaPss({ hash, pss }: SignatureAlgorithm): SigningMechanism[] {
  const numbers = hash && NUMBERS[hash.name]
  const mgf = pss && NUMBERS[pss.mgfHash.name]?.mgf
  if (hash === undefined || pss === undefined || numbers === undefined || mgf === undefined) return []
  const parameter = { type: PSS_PARAMETERS, hashAlg: numbers.hash, mgf, saltLen: pss.saltLength }
  return [
    {
      mechanism: { mechanism: CKM.RSA_PKCS_PSS, parameter },
      input: (data) => digest(hash, data),
      readings: asItIs,
    },
    { mechanism: { mechanism: numbers.pss, parameter }, input: wholeData, readings: asItIs },
  ]
}
