import { keyFingerprint, type PrivateKey } from '../../../src/credentials/index.ts'

/** SHA-256 of the public key's SubjectPublicKeyInfo, where it is known. */
export function keySha256({
  subjectPublicKeyInfo: spki,
}: Pick<PrivateKey, 'subjectPublicKeyInfo'>): string | undefined {
  return spki === undefined ? undefined : keyFingerprint(spki)
}

/** `1 certificate`, `3 certificates`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
