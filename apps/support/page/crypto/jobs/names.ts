import {
  type CredentialFileName,
  type CredentialPurpose,
  credentialFileName,
  parseCredentialFileName,
} from '../../../../../src/credentials/file-name.ts'

/** What files are called after a conversion. */
export interface Naming {
  /** Of the API consumer; empty: named after the file that was given. */
  readonly userId: string
  readonly purpose: CredentialPurpose
  /** Of the first file, without its ending. */
  readonly base: string
}

/** What the names of the given files say. */
export function namingOf(names: readonly string[]): Naming {
  const parsed = names.flatMap((name): CredentialFileName[] => {
    const parts = parseCredentialFileName(name)
    return parts === undefined ? [] : [parts]
  })
  // The CA certificates go along with the key that they are given with.
  const first = parsed.find(({ type }) => type !== 'cacert') ?? parsed[0]
  return { userId: first?.userId ?? '', purpose: first?.type ?? 'ssl', base: baseOf(names[0] ?? '') }
}

/**
 * @param extension `p12`, `pem`
 * @param number 1 for the first of several files, where there are several
 * @throws CredentialError for a user id that cannot stand in a file's name
 */
export function outputName(naming: Naming, extension: string, number?: number): string {
  const { userId, purpose, base } = naming
  if (userId !== '' && number === undefined) return credentialFileName({ userId, type: purpose, extension })
  const stem = userId === '' ? base : `ocapi-${userId}-${purpose}`
  return `${stem}${number === undefined ? '' : `-${number}`}.${extension}`
}

/** Fit for every file system. */
export function safeName(text: string): string {
  const safe = text
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return safe === '' ? 'credential' : safe
}

function baseOf(name: string): string {
  return safeName(name.replace(/( ?\(\d+\))?\.[a-z0-9]{1,8}$/i, ''))
}
