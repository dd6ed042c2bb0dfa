import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { importPublicKey, nodeOptions, signatureAlgorithmFor } from '../../src/algorithms/index.ts'
import { contextTag, der, encode } from '../../src/asn1/index.ts'
import { Certificate, ExtensionOid } from '../../src/x509/index.ts'

/** A key and a self-signed certificate for demos and tests, and for nothing else. */
export interface ThrowAway {
  /** PKCS#8, not encrypted. */
  readonly keyPem: string
  readonly certificate: Certificate
}

const HOUR = 3_600_000

/**
 * Makes an RSA-2048 key and a self-signed certificate that holds for a day.
 *
 * @param commonName the subject; say in it that it is throw-away
 */
export async function makeThrowAway(commonName: string): Promise<ThrowAway> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return {
    keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificate: selfSigned(commonName, pair),
  }
}

function selfSigned(
  commonName: string,
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
): Certificate {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const algorithm = signatureAlgorithmFor(importPublicKey(spki))
  const attribute = der.sequence([der.oid('2.5.4.3'), der.utf8String(commonName)])
  const name = der.sequence([der.setOf([attribute])])
  const now = Date.now()
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    der.integer(randomBytes(16)),
    algorithm.der,
    name,
    der.sequence([der.time(new Date(now - HOUR)), der.time(new Date(now + 23 * HOUR))]),
    name,
    spki,
    der.explicit(3, der.sequence(extensions(spki))),
  ])
  const signature = sign(algorithm.hash?.node, tbs, { key: privateKey, ...nodeOptions(algorithm) })
  return Certificate.parse(der.sequence([tbs, algorithm.der, der.bitString(signature)]))
}

/** What a verifier wants of a signer: no CA, a key for signatures (RFC 5280 4.2.1). */
function extensions(spki: Uint8Array): Uint8Array[] {
  const extension = (oid: string, critical: boolean, value: Uint8Array): Uint8Array =>
    der.sequence([der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value)])
  const keyIdentifier = createHash('sha256').update(spki).digest().subarray(0, 20)
  return [
    extension(ExtensionOid.basicConstraints, true, der.sequence([])),
    // digitalSignature and nonRepudiation: the first two bits.
    extension(ExtensionOid.keyUsage, true, der.bitString(Uint8Array.of(0b1100_0000), 6)),
    extension(ExtensionOid.subjectKeyIdentifier, false, der.octetString(keyIdentifier)),
    extension(
      ExtensionOid.authorityKeyIdentifier,
      false,
      der.sequence([encode(contextTag(0, false), [keyIdentifier])]),
    ),
  ]
}
