import type { CertificateEntry, Credentials, Protection, SkippedEntry } from '../credentials/contents.ts'
import { describeKind } from '../credentials/kinds.ts'
import type { InspectedMessage, InspectedPublicKey, InspectedRequest } from './inspection.ts'

/** What was found in a file, before it is described. */
export interface Found {
  readonly keys: FoundKey[]
  readonly certificates: Pick<CertificateEntry, 'certificate' | 'friendlyName' | 'trusted'>[]
  /** DER. */
  readonly crls: Uint8Array[]
  readonly requests: InspectedRequest[]
  readonly publicKeys: InspectedPublicKey[]
  readonly messages: InspectedMessage[]
  readonly protection: Protection
  readonly skipped: SkippedEntry[]
  readonly notes: string[]
  readonly locked: boolean
}

/** A private key: its public side, or that it is locked. */
export interface FoundKey {
  /** undefined where it is locked. */
  readonly name: string | undefined
  readonly spki: Uint8Array | undefined
  /** DER of its certificate. */
  readonly certificate: Uint8Array | undefined
  readonly friendlyName: string | undefined
}

/** Nothing yet. */
export function nothingFound(locked = false): Found {
  const protection: Protection = { mac: undefined, encryption: [], plainKeys: false }
  return {
    keys: [],
    certificates: [],
    crls: [],
    requests: [],
    publicKeys: [],
    messages: [],
    protection,
    skipped: [],
    notes: [],
    locked,
  }
}

/** What an opened file holds. */
export function foundIn({ keys, certificates, crls, protection, skipped, notes }: Credentials): Found {
  return {
    ...nothingFound(),
    keys: keys.map(({ key, certificate, friendlyName }) => ({
      name: key.name,
      spki: key.subjectPublicKeyInfo,
      certificate: certificate?.der,
      friendlyName,
    })),
    certificates: [...certificates],
    crls: [...crls],
    protection,
    skipped: skipped.filter(({ what }) => !SHOWN_OTHERWISE.has(what)),
    notes: [...notes],
  }
}

/** What `readCredentials` passes over and `inspect` shows. */
const SHOWN_OTHERWISE: ReadonlySet<string> = new Set(
  (['csr', 'public-key', 'rsa-public-key', 'cms'] as const).map((kind) => describeKind(kind).name),
)
