/** The files of the writing matrix: each profile, kind of key and kind of password, made by sealkit. */
import { createPrivateKey } from 'node:crypto'
import { type WritePkcs12Options, writePkcs12 } from '../../../src/credentials/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { type Found, found, type KeyType, passwords, type Sample } from './p12-reader.ts'
import type { Identity, Pki } from './pki.ts'

/** Few, for speed: the default is tried once with each reader. */
const ITERATIONS = 2000

export const asCertificate = ({ certificate }: Identity): Certificate => Certificate.parse(certificate)

/** A key with its certificate and chain to the root. */
export function keyEntry(pki: Pki, keyType: KeyType) {
  const leaf = pki.leaf(keyType)
  return {
    key: createPrivateKey(leaf.keyPem),
    certificate: asCertificate(leaf),
    chain: [pki.intermediate, pki.root].map(asCertificate),
    friendlyName: `Sealkit ${keyType}`,
  }
}

export async function writeSample(
  pki: Pki,
  { profile, keyType, passwordKind }: Sample,
  options: Partial<WritePkcs12Options> = { iterations: ITERATIONS },
): Promise<Uint8Array> {
  const password = passwords[passwordKind]
  return await writePkcs12({ keys: [keyEntry(pki, keyType)] }, { password, profile, ...options })
}

/** What a reader must find in a sample, where it gives out so many certificates. */
export function expected(pki: Pki, keyType: KeyType, certificates: number): Found {
  const { keyPem, certificate } = pki.leaf(keyType)
  const chain = [certificate, pki.intermediate.certificate, pki.root.certificate]
  return found(keyPem, chain.slice(0, certificates))
}
