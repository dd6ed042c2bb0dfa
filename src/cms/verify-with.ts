import {
  checkKeyFits,
  checkStrength,
  type PublicKey,
  type SignatureAlgorithm,
  verifySignature,
} from '../algorithms/index.ts'
import { der } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import { type Attribute, encodeAttribute } from './attributes.ts'
import { type Checks, Refusal } from './checks.ts'
import { namesCertificate, parseSigningCertificate } from './ess.ts'
import { CmsOid } from './oids.ts'
import type { SignedAttributeSet } from './signed-attributes.ts'
import type { SignerInfo } from './signed-data.ts'
import type { SignerContext } from './signer-context.ts'

/** Runs the checks that depend on the certificate: the signer's word on it, its key, the signature itself. */
export function verifyWith(
  certificate: Certificate,
  algorithm: SignatureAlgorithm | undefined,
  attributes: SignedAttributeSet | undefined,
  info: SignerInfo,
  context: SignerContext,
  checks: Checks,
): void {
  for (const oid of [CmsOid.signingCertificate, CmsOid.signingCertificateV2]) {
    checks.checkIf(attributes?.value(oid), 'signing-certificate', (value) => {
      const id = parseSigningCertificate(oid, value)
      // The first version knows SHA-1 alone, and still stands in timestamps.
      const mayBeWeak = oid === CmsOid.signingCertificate || context.allowWeakHashes === true
      if (id.hash.weak && !mayBeWeak) throw new Refusal('digest-algorithm-weak', id.hash.name)
      if (!namesCertificate(id, certificate)) throw new Refusal('signing-certificate-mismatch')
    })
  }
  if (algorithm === undefined) return
  const key = checks.check('signature-algorithm', () => {
    const publicKey = readKey(certificate)
    checkKeyFits(algorithm, publicKey)
    checkStrength(algorithm, publicKey, context)
    return publicKey
  })
  const refused = info.signedAttrs === undefined ? context.direct === undefined : attributes === undefined
  if (key === undefined || refused) return
  checks.check('signature', () => {
    context.effort.spend()
    const fits = (signed: Uint8Array): boolean =>
      verifySignature(algorithm, key, signed, info.signature, context)
    const { signedAttrs } = info
    const good =
      signedAttrs === undefined
        ? context.direct?.(info, algorithm, key)
        : // Out of DER order (lenient), it may be the order sent or the DER order that was signed.
          fits(signedAttrs.der) || (!signedAttrs.isDer && fits(inDerOrder(signedAttrs.attributes)))
    if (good !== true) throw new Refusal('signature-mismatch')
  })
}

function readKey(certificate: Certificate): PublicKey {
  try {
    return certificate.publicKey
  } catch (error) {
    if (error instanceof SealkitError) throw new Refusal('key-invalid', error.message)
    throw error
  }
}

/** SET OF the attributes as it should have been sent, the values of each sorted too. */
function inDerOrder(attributes: readonly Attribute[]): Uint8Array {
  return der.setOf(
    attributes.map(({ oid, values }) =>
      encodeAttribute(
        oid,
        values.map(({ bytes }) => bytes),
      ),
    ),
  )
}
