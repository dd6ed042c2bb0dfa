import type { ProtectionLayer } from '../credentials/contents.ts'
import { reading } from '../credentials/errors.ts'
import type { Part } from '../credentials/input.ts'
import { isKeyPart, keyPartName, lockedKeyOf } from '../credentials/key-part.ts'
import type { Bounds } from '../credentials/limits.ts'
import { readCertificateBag } from '../credentials/pkcs7.ts'
import { Budget } from '../credentials/pkcs12/budget.ts'
import { readPfx } from '../credentials/pkcs12/pfx.ts'
import { Certificate } from '../x509/index.ts'
import { attempt } from './attempt.ts'
import { type Found, type FoundKey, nothingFound } from './found.ts'

/** What can be seen of a file without its password. */
export function lockedContents(parts: readonly Part[], bounds: Bounds): Found {
  const [first] = parts
  return first?.kind === 'pkcs12' ? lockedPkcs12(first.bytes, bounds) : lockedParts(parts, bounds)
}

function lockedPkcs12(bytes: Uint8Array, bounds: Bounds): Found {
  const { mac, safes } = readPfx(bytes, new Budget(bounds))
  const layers: ProtectionLayer[] = []
  const found = nothingFound(true)
  let plainKeys = false
  for (const safe of safes) {
    if (!('bags' in safe)) {
      layers.push(safe.lock.layer)
      continue
    }
    for (const bag of safe.bags) {
      const { friendlyName, trusted } = bag.attributes
      if (bag.kind === 'shroudedKey') {
        layers.push(bag.lock.layer)
        found.keys.push({ ...LOCKED_KEY, friendlyName })
      }
      if (bag.kind === 'key') {
        plainKeys = true
        found.keys.push({ ...LOCKED_KEY, friendlyName })
      }
      if (bag.kind === 'certificate') {
        const certificate = attempt(found.notes, () => Certificate.parse(bag.der))
        if (certificate !== undefined) found.certificates.push({ certificate, friendlyName, trusted })
      }
      if (bag.kind === 'crl') found.crls.push(bag.der)
      if (bag.kind === 'other') found.skipped.push({ what: bag.what, why: undefined })
    }
  }
  if (found.keys.length + found.certificates.length > 0) {
    found.notes.push(
      'What is shown lies open in the file, and the MAC has not been checked: it may have been changed.',
    )
  }
  return { ...found, protection: { mac: mac?.layer, encryption: distinct(layers), plainKeys } }
}

const LOCKED_KEY: FoundKey = {
  name: undefined,
  spki: undefined,
  certificate: undefined,
  friendlyName: undefined,
}

function lockedParts(parts: readonly Part[], bounds: Bounds): Found {
  const layers: ProtectionLayer[] = []
  const found = nothingFound(true)
  for (const part of parts) {
    const locked = isKeyPart(part) ? lockedKeyOf(part, bounds, keyPartName(part)) : undefined
    if (locked !== undefined) {
      layers.push(locked.lock.layer)
      found.keys.push(LOCKED_KEY)
    }
    for (const der of certificatesOf(part)) {
      const certificate = attempt(found.notes, () => Certificate.parse(der))
      if (certificate !== undefined)
        found.certificates.push({ certificate, friendlyName: undefined, trusted: false })
    }
    if (part.kind === 'crl') found.crls.push(new Uint8Array(part.bytes))
  }
  return { ...found, protection: { mac: undefined, encryption: distinct(layers), plainKeys: false } }
}

function certificatesOf({ kind, bytes }: Part): Uint8Array[] {
  if (kind === 'certificate') return [bytes]
  return kind === 'pkcs7' ? reading('PKCS#7', () => readCertificateBag(bytes)) : []
}

function distinct(layers: readonly ProtectionLayer[]): ProtectionLayer[] {
  return [...new Map(layers.map((layer) => [JSON.stringify(layer), layer])).values()]
}
