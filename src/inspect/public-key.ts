import { readPublicKeyShape } from '../algorithms/index.ts'
import { publicKeyName } from '../algorithms/key-name.ts'
import { describeOid } from '../algorithms/known-names.ts'
import { readDer, toHex } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import type { InspectedPublicKey } from './inspection.ts'

/** What a SubjectPublicKeyInfo holds; kinds that sealkit does not use are named as far as they can be. */
export async function inspectPublicKey(spki: Uint8Array): Promise<InspectedPublicKey> {
  const spkiSha256 = await fingerprint('SHA-256', spki)
  try {
    const shape = readPublicKeyShape(spki)
    const { type, bits, curve, parameterSet } = shape
    return { name: publicKeyName(shape), type, bits, curve: curve ?? parameterSet?.name ?? null, spkiSha256 }
  } catch (error) {
    if (!(error instanceof SealkitError)) throw error
    return { name: algorithmName(spki), type: null, bits: null, curve: null, spkiSha256 }
  }
}

/** Fingerprint in lower-case hexadecimal, in a browser too. */
export async function fingerprint(hash: 'SHA-256' | 'SHA-1', bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest(hash, new Uint8Array(bytes))))
}

/** Name of an AlgorithmIdentifier's OID, or what is wrong with it. */
export function oidName(algorithmIdentifier: Uint8Array): string {
  return orUnknown(() =>
    readDer(algorithmIdentifier, '', (r) =>
      r.sequence('', (s) => {
        const oid = s.oid('algorithm')
        while (!s.done) s.element('parameters')
        return describeOid(oid)
      }),
    ),
  )
}

function algorithmName(spki: Uint8Array): string {
  return orUnknown(() =>
    readDer(spki, '', (r) =>
      r.sequence('', (s) => {
        const { bytes } = s.element('algorithm')
        s.element('subjectPublicKey')
        return oidName(bytes)
      }),
    ),
  )
}

function orUnknown(read: () => string): string {
  try {
    return read()
  } catch (error) {
    if (error instanceof SealkitError) return 'unknown'
    throw error
  }
}
