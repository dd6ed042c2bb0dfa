import { CertificateRevocationList } from '../x509/index.ts'
import { attempt } from './attempt.ts'
import { inspectCertificate } from './certificate.ts'
import { drawChains } from './chains.ts'
import type { Found, FoundKey } from './found.ts'
import { type InspectedKey, type Inspection, skippedForJson } from './inspection.ts'
import { fingerprint, inspectPublicKey } from './public-key.ts'
import { inspectRevocationList } from './revocation-list.ts'

/** Describes all that was found. */
export async function summarise(form: Inspection['form'], found: Found, now: Date): Promise<Inspection> {
  const notes = [...found.notes]
  const { mac, encryption, plainKeys } = found.protection
  return {
    form,
    locked: found.locked,
    protection: { mac: mac ?? null, encryption, plainKeys },
    keys: await Promise.all(found.keys.map(inspectKey)),
    certificates: await Promise.all(found.certificates.map((each) => inspectCertificate(each, now))),
    chains: drawChains(
      found.certificates.map(({ certificate }) => certificate),
      found.keys.flatMap(({ spki }) => spki ?? []),
    ),
    requests: found.requests,
    revocationLists: await revocationLists(found.crls, now, notes),
    publicKeys: found.publicKeys,
    messages: found.messages,
    skipped: found.skipped.map(skippedForJson),
    notes: [...new Set(notes)],
  }
}

async function inspectKey({ name, spki, certificate, friendlyName }: FoundKey): Promise<InspectedKey> {
  const unknown = { type: null, bits: null, curve: null, spkiSha256: null }
  const shape = spki === undefined ? { name: name ?? 'locked', ...unknown } : await inspectPublicKey(spki)
  return {
    ...shape,
    name: name ?? shape.name,
    locked: name === undefined,
    friendlyName: friendlyName ?? null,
    certificateSha256: certificate === undefined ? null : await fingerprint('SHA-256', certificate),
  }
}

async function revocationLists(
  crls: readonly Uint8Array[],
  now: Date,
  notes: string[],
): Promise<Inspection['revocationLists']> {
  const lists = crls.flatMap((bytes) => attempt(notes, () => CertificateRevocationList.parse(bytes)) ?? [])
  return await Promise.all(lists.map((list) => inspectRevocationList(list, now)))
}
