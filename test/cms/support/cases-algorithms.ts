/** Algorithms, keys and certificates that are wrong. */
import { generateKeyPairSync } from 'node:crypto'
import {
  encodePssParameters,
  hashAlgorithm,
  parseSignatureAlgorithm,
  signatureAlgorithmFor,
} from '../../../src/algorithms/index.ts'
import { der } from '../../../src/asn1/index.ts'
import type { ReasonCode } from '../../../src/cms/index.ts'
import { CmsError } from '../../../src/errors.ts'
import type { Case } from './cases.ts'
import { forgeCertificate, forgeCertificateDer, spkiOf } from './certificates.ts'
import { forge } from './forge.ts'
import { identity } from './identities.ts'

const SHA224 = der.sequence([der.oid('2.16.840.1.101.3.4.2.4')])
const identifier = (oid: string, ...parameters: Uint8Array[]): Uint8Array =>
  der.sequence([der.oid(oid), ...parameters])
const pss = (hash: 'SHA-256', mgfHash: 'SHA-1'): Uint8Array => {
  const parameters = { hash: hashAlgorithm(hash), mgfHash: hashAlgorithm(mgfHash), saltLength: 32 }
  return identifier('1.2.840.113549.1.1.10', encodePssParameters(parameters))
}
const secp256k1 = () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey)
const sha512WithRsa = () => signatureAlgorithmFor(identity('rsa').certificate.publicKey, { hash: 'SHA-512' })
const emptyRsaKey = der.sequence([
  identifier('1.2.840.113549.1.1.1', der.null()),
  der.bitString(der.sequence([])),
])
const garbage = der.sequence([der.sequence([]), der.null()])

export const ALGORITHM_CASES = {
  'certificate-not-found': [
    { name: 'no certificates', message: () => forge({}, { certificates: [] }), failed: ['certificate'] },
    {
      name: "another's certificate",
      message: () => forge({}, { certificates: [identity('other').certificate.der] }),
      failed: ['certificate'],
    },
    {
      name: 'same serial number of another issuer',
      message: () =>
        forge(
          {},
          {
            certificates: [forgeCertificate('rsa', { issuer: identity('root').certificate.subject.der }).der],
          },
        ),
      failed: ['certificate'],
    },
    {
      name: 'key identifier that no certificate has',
      message: () => forge({ sid: Uint8Array.of(0x80, 2, 1, 2), version: 3 }),
      failed: ['certificate'],
    },
    {
      name: 'an attribute certificate where the certificate should be',
      message: () => {
        const attributeCertificate = Uint8Array.from(identity('rsa').certificate.der)
        attributeCertificate[0] = 0xa2
        return forge({}, { certificates: [attributeCertificate], version: 4 })
      },
      failed: ['certificate'],
    },
  ],
  'certificate-malformed': [
    {
      name: 'no certificate at all',
      message: () => forge({}, { certificates: [garbage] }),
      failed: ['certificate'],
    },
    {
      name: 'with a key that is none',
      message: () => forge({}, { certificates: [forgeCertificateDer('rsa', { spki: garbage })] }),
      failed: ['certificate'],
    },
  ],
  'certificate-not-trusted': [
    {
      name: 'the function says no',
      message: () => forge(),
      options: () => ({ trust: () => ({ trusted: false, detail: 'unknown issuer' }) }),
      failed: ['trust'],
    },
    {
      name: 'the function throws an error of ours',
      message: () => forge(),
      options: () => ({
        trust: () => {
          throw new CmsError('ERR_CMS_NOT_VALID', 'no path')
        },
      }),
      failed: ['trust'],
    },
  ],
  'digest-algorithm-unknown': [
    { name: 'SHA-224', message: () => forge({ digestAlgorithm: SHA224 }), failed: ['digest-algorithm'] },
    {
      name: 'SHA-256 with parameters',
      message: () => forge({ digestAlgorithm: identifier('2.16.840.1.101.3.4.2.1', der.integer(1)) }),
      failed: ['digest-algorithm'],
    },
    {
      name: 'an OID that is SHA-256 in 32 bits',
      message: () => forge({ digestAlgorithm: identifier(`2.16.840.1.101.3.4.2.${2n ** 32n + 1n}`) }),
      failed: ['digest-algorithm'],
    },
    {
      name: 'empty',
      message: () => forge({ digestAlgorithm: der.sequence([]) }),
      failed: ['digest-algorithm'],
    },
  ],
  'digest-algorithm-weak': (['SHA-1', 'MD5'] as const).map((hash) => ({
    name: hash,
    message: () => forge({ hash }),
    failed: ['digest-algorithm'],
  })),
  'signature-algorithm-unknown': [
    {
      name: 'an OID of nobody',
      message: () => forge({ signatureAlgorithm: identifier('1.2.3') }),
      failed: ['signature-algorithm'],
    },
    {
      name: 'ECDSA with SHA-224',
      message: () => forge({ signatureAlgorithm: identifier('1.2.840.10045.4.3.1') }),
      failed: ['signature-algorithm'],
    },
  ],
  'signature-algorithm-weak': [
    {
      name: 'RSASSA-PSS with SHA-256, but MGF1 with SHA-1',
      message: () => forge({ signatureAlgorithm: pss('SHA-256', 'SHA-1') }),
      failed: ['signature-algorithm'],
    },
  ],
  'signature-algorithm-parameters': [
    {
      name: 'RSASSA-PSS without parameters',
      message: () => forge({ signatureAlgorithm: identifier('1.2.840.113549.1.1.10') }),
      failed: ['signature-algorithm'],
    },
    {
      name: 'rsaEncryption with an INTEGER',
      message: () => forge({ signatureAlgorithm: identifier('1.2.840.113549.1.1.1', der.integer(0)) }),
      failed: ['signature-algorithm'],
    },
    {
      name: 'Ed25519 with NULL',
      message: () =>
        forge({ ...identity('ed25519'), signatureAlgorithm: identifier('1.3.101.112', der.null()) }),
      failed: ['signature-algorithm'],
    },
    {
      name: 'empty',
      message: () => forge({ signatureAlgorithm: der.sequence([]) }),
      failed: ['signature-algorithm'],
    },
  ],
  'algorithm-mismatch': [
    {
      name: 'SHA-256 and RSA with SHA-512',
      message: () => {
        const algorithm = sha512WithRsa()
        return forge({ algorithm, hash: 'SHA-256', signatureAlgorithm: algorithm.der })
      },
      failed: ['signature-algorithm'],
    },
    {
      name: 'SHA-512 and ECDSA with SHA-256',
      message: () => forge({ ...identity('p256'), hash: 'SHA-512' }),
      failed: ['signature-algorithm'],
    },
  ],
  'key-mismatch': [
    {
      name: 'ECDSA and an RSA key',
      message: () => forge({ signatureAlgorithm: identifier('1.2.840.10045.4.3.2') }),
      failed: ['signature-algorithm'],
    },
    {
      name: 'RSA PKCS#1 v1.5 and a key for PSS alone',
      message: () =>
        forge({
          ...identity('rsapss'),
          signatureAlgorithm: identifier('1.2.840.113549.1.1.1', der.null()),
        }),
      failed: ['signature-algorithm'],
    },
    {
      name: 'Ed448 and an Ed25519 key',
      message: () =>
        forge({
          ...identity('ed25519'),
          signatureAlgorithm: parseSignatureAlgorithm(identifier('1.3.101.113')).der,
        }),
      failed: ['signature-algorithm'],
    },
  ],
  'key-weak': [
    { name: 'RSA with 1024 bits', message: () => forge(identity('weak')), failed: ['signature-algorithm'] },
    {
      name: 'RSA with 2048 bits where more are asked for',
      message: () => forge(),
      options: () => ({ minRsaBits: 3072 }),
      failed: ['signature-algorithm'],
    },
  ],
  'key-invalid': [
    {
      name: 'a curve that is not supported',
      message: () => forge({}, { certificates: [forgeCertificate('rsa', { spki: secp256k1() }).der] }),
      failed: ['signature-algorithm'],
    },
    {
      name: 'an RSA key without its numbers',
      message: () => forge({}, { certificates: [forgeCertificate('rsa', { spki: emptyRsaKey }).der] }),
      failed: ['signature-algorithm'],
    },
  ],
} satisfies Partial<Record<ReasonCode, Case[]>>
