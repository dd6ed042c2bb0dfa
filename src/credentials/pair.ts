import { equalBytes } from '../asn1/index.ts'
import type { Certificate } from '../x509/index.ts'
import { orderChain } from './chain.ts'
import type { CertificateEntry, KeyEntry } from './contents.ts'
import { mostUsable } from './match.ts'
import { publicKeyIdentity } from './public-key-identity.ts'

/** A key as it is found, before its certificate is. */
export type LoneKey = Pick<KeyEntry, 'key' | 'friendlyName' | 'localKeyId'>

/**
 * Gives each key its certificate and chain. A certificate is a key's only where the public keys are the same; among
 * several the localKeyId decides, then what `pickCertificate` prefers. A key that has no name gets that of its
 * certificate.
 *
 * @param certificates all of the file
 * @param notes gets a sentence for each key whose localKeyId is that of another key's certificate
 */
export function pairKeys(
  keys: readonly LoneKey[],
  certificates: readonly CertificateEntry[],
  notes: string[],
): KeyEntry[] {
  const byPublicKey = new Map<string, CertificateEntry[]>()
  for (const entry of keys.length === 0 ? [] : certificates) {
    const identity = publicKeyIdentity(entry.certificate.subjectPublicKeyInfo)
    byPublicKey.set(identity, [...(byPublicKey.get(identity) ?? []), entry])
  }
  const pool = certificates.map(({ certificate }) => certificate)
  const chains = new Map<Certificate, readonly Certificate[]>()
  return keys.map((lone) => {
    const entry = entryOf(lone, certificates, byPublicKey, notes)
    const certificate = entry?.certificate
    const chain =
      (certificate && chains.get(certificate)) ?? (certificate ? orderChain(certificate, pool) : [])
    if (certificate !== undefined) chains.set(certificate, chain)
    return {
      key: lone.key,
      certificate,
      chain,
      friendlyName: lone.friendlyName ?? entry?.friendlyName,
      localKeyId: lone.localKeyId,
    }
  })
}

function entryOf(
  { key, localKeyId }: LoneKey,
  certificates: readonly CertificateEntry[],
  byPublicKey: ReadonlyMap<string, readonly CertificateEntry[]>,
  notes: string[],
): CertificateEntry | undefined {
  const named = certificates.filter((entry) => sameId(entry.localKeyId, localKeyId))
  const { subjectPublicKeyInfo: spki } = key
  if (spki === undefined) {
    if (named[0] !== undefined)
      notes.push(
        `The public key of a private key (${key.name}) is not known: its certificate is the one with its localKeyId.`,
      )
    return named[0]
  }
  const own = byPublicKey.get(publicKeyIdentity(spki)) ?? []
  const both = own.filter((entry) => named.includes(entry))
  if (named.length > 0 && both.length === 0)
    notes.push(
      `A private key (${key.name}) and a certificate have the same localKeyId, but do not belong together.`,
    )
  else if (own.length === 0 && certificates.length > 0)
    notes.push(`No certificate in the file is for a private key in it (${key.name}).`)
  const choice = both.length > 0 ? both : own
  const best = mostUsable(choice.map(({ certificate }) => certificate))
  return choice.find(({ certificate }) => certificate === best)
}

function sameId(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && equalBytes(a, b)
}
