/** GOST keys in a fake token, as Rutoken and JaCarta hold them: real signatures, in the byte order that a test wants. */

import { digest, hashAlgorithm } from '../../../../src/algorithms/index.ts'
import { type DerReader, readDer } from '../../../../src/asn1/index.ts'
import { Certificate } from '../../../../src/x509/index.ts'
import { privateKeyIn } from '../../../interop/gost/support/credentials.ts'
import { gostIdentity, gostSet } from '../../../interop/gost/support/pki.ts'
import { CKA, type FakeObject, fakeCertificate, fakeKey, ulong } from './fake-token.ts'

export const CKM_GOST = {
  GOSTR3410: 0x1201,
  GOSTR3410_512: 0xd4321006,
  WITH_GOSTR3411_12_256: 0xd4321008,
  WITH_GOSTR3411_12_512: 0xd4321009,
}
const CKK = { 256: 0x30, 512: 0xd4321003 }
const CKA_GOST = { GOSTR3410_PARAMS: 0x250, GOSTR3411_PARAMS: 0x251 }

/** What tokens make of s and r, both big-endian. */
export const gostOrders: Readonly<Record<string, (s: Buffer, r: Buffer) => Buffer>> = {
  's, r': (s, r) => Buffer.concat([s, r]),
  'r, s': (s, r) => Buffer.concat([r, s]),
  'r, s little-endian': (s, r) => Buffer.concat([turned(r), turned(s)]),
  's, r little-endian': (s, r) => Buffer.concat([turned(s), turned(r)]),
}

function turned(bytes: Buffer): Buffer {
  return Buffer.from(bytes).reverse()
}

/** The leaf of a parameter set of vectors/gost/pki: private key, public key, certificate. */
export async function fakeGost(name: string, order: keyof typeof gostOrders): Promise<FakeObject[]> {
  const { bits } = gostSet(name)
  const { keyFile, certificate } = gostIdentity(name)
  const key = (await privateKeyIn(keyFile)).toGostKey()
  const hashing: readonly number[] = [CKM_GOST.WITH_GOSTR3411_12_256, CKM_GOST.WITH_GOSTR3411_12_512]
  const sign = (mechanism: number, data: Buffer): Buffer => {
    const hash = hashing.includes(mechanism) ? digest(hashAlgorithm(`Streebog-${bits}`), data) : data
    const signature = Buffer.from(key.sign(hash))
    const half = signature.length / 2
    return (gostOrders[order] as (s: Buffer, r: Buffer) => Buffer)(
      signature.subarray(0, half),
      signature.subarray(half),
    )
  }
  const { id, label, keyType } = { id: '01', label: 'key', keyType: CKK[bits] }
  const { params, point } = readPublicKey(Certificate.parse(certificate).subjectPublicKeyInfo)
  const own = fakeKey({ id, label, keyType, publicKeyInfo: new Uint8Array(0), sign })
  own.attributes.delete(CKA.PUBLIC_KEY_INFO)
  own.attributes.set(CKA_GOST.GOSTR3410_PARAMS, params)
  const publicKey = new Map([
    [CKA.CLASS, ulong(2)],
    [CKA.KEY_TYPE, ulong(keyType)],
    [CKA.LABEL, Buffer.from(label)],
    [CKA.ID, Buffer.from(id, 'hex')],
    [CKA.VALUE, point],
    [CKA_GOST.GOSTR3410_PARAMS, params],
  ])
  return [own, { attributes: publicKey }, fakeCertificate({ id, label, der: certificate })]
}

/** The OID of the parameter set in DER, and little-endian x and y: what CKA_GOSTR3410_PARAMS and CKA_VALUE hold. */
function readPublicKey(subjectPublicKeyInfo: Uint8Array): { params: Buffer; point: Buffer } {
  return readDer(subjectPublicKeyInfo, 'SubjectPublicKeyInfo', (r: DerReader) =>
    r.sequence('', (s) => {
      const params = s.sequence('algorithm', (algorithm) => {
        algorithm.oid('algorithm')
        return algorithm.sequence('parameters', (parameters) => {
          const set = Buffer.from(parameters.element('publicKeyParamSet').bytes)
          while (parameters.nextTag !== -1) parameters.element('digestParamSet')
          return set
        })
      })
      const bits = s.bitStringBytes('subjectPublicKey')
      return { params, point: Buffer.from(readDer(bits, 'point', (p: DerReader) => p.octetString(''))) }
    }),
  )
}
