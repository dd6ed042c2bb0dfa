import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { importPublicKey, nodeOptions, signatureAlgorithmFor } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { Certificate } from '../../src/x509/index.ts'

/** A self-signed certificate for a test's key. */
export function certify(
  key: KeyObject,
  { notAfter = Date.now() + 86_400_000, cn = 'Test' } = {},
): Certificate {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const algorithm = signatureAlgorithmFor(importPublicKey(spki))
  const name = der.sequence([der.set([der.sequence([der.oid('2.5.4.3'), der.utf8String(cn)])])])
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    der.integer(1),
    algorithm.der,
    name,
    der.sequence([der.time(new Date(Date.now() - 100 * 86_400_000)), der.time(new Date(notAfter))]),
    name,
    spki,
    der.explicit(
      3,
      der.sequence([
        der.sequence([der.oid('2.5.29.14'), der.octetString(der.octetString(spki.subarray(-20)))]),
      ]),
    ),
  ])
  const signature = sign(algorithm.hash?.node ?? null, tbs, { key, ...nodeOptions(algorithm) })
  return Certificate.parse(der.sequence([tbs, algorithm.der, der.bitString(signature)]))
}
