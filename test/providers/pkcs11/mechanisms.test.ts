/** What a token is given to sign, where no module here would tell: SoftHSM2 and NSS cut a long hash themselves. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { signingMechanisms } from '../../../providers/pkcs11/mechanisms/choose.ts'
import { importPublicKey, signatureAlgorithmFor } from '../../../src/algorithms/index.ts'

const CKM_ECDSA = 0x1041

it.each([
  ['P-256', 'SHA-512', 32],
  ['P-256', 'SHA-256', 32],
  ['P-384', 'SHA-512', 48],
  ['P-521', 'SHA-512', 64],
] as const)('CKM_ECDSA on %s with %s is given the first %i bytes of the hash', (namedCurve, hash, length) => {
  const { publicKey: pair } = generateKeyPairSync('ec', { namedCurve })
  const publicKey = importPublicKey(pair.export({ format: 'der', type: 'spki' }))
  const algorithm = signatureAlgorithmFor(publicKey, { hash })
  const [way] = signingMechanisms([CKM_ECDSA], { algorithm, publicKey })
  const data = Buffer.from('the content')
  const whole = createHash(hash.replace('-', '').toLowerCase()).update(data).digest()
  expect(Buffer.from(way?.input(data) ?? [])).toEqual(whole.subarray(0, length))
})
