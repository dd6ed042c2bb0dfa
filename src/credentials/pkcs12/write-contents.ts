import type { Certificate } from '../../x509/index.ts'
import type { PrivateKey } from '../key/private-key.ts'
import {
  type CheckedKey,
  mustBeCertificate,
  mustBeCrl,
  type NewCertificate,
  withoutDuplicates,
} from '../new-contents.ts'
import type { BagLabels } from './write-bags.ts'
import { FriendlyNames, givenName, nameOf } from './write-names.ts'

/** What goes into a file, named and in its order. */
export interface NewBags {
  readonly keys: readonly { readonly key: PrivateKey; readonly labels: BagLabels }[]
  readonly certificates: readonly { readonly certificate: Certificate; readonly labels: BagLabels }[]
  readonly crls: readonly Uint8Array[]
}

/** The bags of a file: behind each key's certificate its chain, then the other certificates, each one once. */
export async function bagsOf(
  entries: readonly CheckedKey[],
  others: readonly NewCertificate[],
  crls: readonly Uint8Array[],
): Promise<NewBags> {
  for (const { certificate } of others) mustBeCertificate(certificate)
  crls.forEach(mustBeCrl)
  const names = new FriendlyNames()
  const labelled: LabelledKey[] = []
  for (const { key, certificate, friendlyName } of entries) {
    const labels: BagLabels = {
      friendlyName: names.take(givenName(friendlyName) ?? nameOf(certificate, 'key')),
      localKeyId: certificate && (await sha1(certificate.der)),
    }
    labelled.push({ key, certificate, labels })
  }
  const certificates: NewCertificate[] = entries
    .flatMap(({ certificate, chain }) => [certificate ?? [], chain].flat())
    .map((certificate) => others.find((other) => other.certificate.equals(certificate)) ?? { certificate })
  return {
    keys: labelled,
    certificates: withoutDuplicates([...certificates, ...others], ({ certificate }) => certificate).map(
      (entry) => ({ certificate: entry.certificate, labels: labelsOf(entry, labelled, names) }),
    ),
    crls,
  }
}

interface LabelledKey {
  readonly key: PrivateKey
  readonly certificate: Certificate | undefined
  readonly labels: BagLabels
}

/** A key's certificate has the key's labels; another one a name only where it was given one, or Java needs it. */
function labelsOf(
  { certificate, friendlyName, trusted = false }: NewCertificate,
  keys: readonly LabelledKey[],
  names: FriendlyNames,
): BagLabels {
  const own = keys.find((key) => key.certificate?.equals(certificate))
  if (own !== undefined) return own.labels
  const name = givenName(friendlyName) ?? (trusted ? nameOf(certificate, 'certificate') : undefined)
  return { friendlyName: name === undefined ? undefined : names.take(name), trusted }
}

/** localKeyId as OpenSSL makes it: any value would do that key and certificate have in common. */
async function sha1(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-1', new Uint8Array(bytes)))
}
