import { type LockedKey, readEncryptedPrivateKeyInfo } from './encryption/encrypted-key.ts'
import { isTraditionallyEncrypted, readTraditional } from './encryption/traditional-key.ts'
import { damaged, reading, unsupported } from './errors.ts'
import type { Part } from './input.ts'
import { readEcParameters } from './key/ec-private-key.ts'
import type { PlainKey } from './key/plain-key.ts'
import { readPrivateKeyInfo, readRsaPrivateKey, readSec1 } from './key/private-key-info.ts'
import { describeKind, isPrivateKey } from './kinds.ts'
import type { Bounds } from './limits.ts'

/** Whether a part of an input is a private key, or says so. */
export function isKeyPart({ kind, label }: Part): boolean {
  return isPrivateKey(kind) || /PRIVATE KEY$/.test(label)
}

/** A key part for messages. */
export function keyPartName({ line }: Part): string {
  return line === undefined ? 'the private key' : `the private key in line ${line}`
}

/** How a key is encrypted; undefined where it is not. */
export function lockedKeyOf(part: Part, bounds: Bounds, what: string): LockedKey | undefined {
  if (isTraditionallyEncrypted(part)) return readTraditional(part, what)
  return part.kind === 'encrypted-pkcs8' ? readEncryptedPrivateKeyInfo(part.bytes, bounds, what) : undefined
}

/**
 * Reads a key that is not, or no more, encrypted: PKCS#8, PKCS#1 or SEC 1.
 *
 * @param parts all of the input: an `EC PARAMETERS` block names the curve of a key that does not
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT`, `ERR_CREDENTIAL_UNSUPPORTED`
 */
export function readPlainPart({ bytes, kind }: Part, parts: readonly Part[], what: string): PlainKey {
  switch (kind) {
    case 'pkcs8':
      return reading(what, () => readPrivateKeyInfo(bytes))
    case 'pkcs1':
      return reading(what, () => readRsaPrivateKey(bytes))
    case 'sec1':
      return reading(what, () => readSec1(bytes, curveBefore(parts)))
    case 'dsa':
    case 'openssh':
    case 'putty': {
      const { name, hint = '' } = describeKind(kind)
      throw unsupported(`${what} is ${name}, which is not supported`, hint)
    }
    case undefined:
      // Says where it is damaged.
      reading(what, () => readPrivateKeyInfo(bytes))
      throw damaged(`${what} is none of PKCS#8, PKCS#1 and SEC 1`)
    default:
      throw damaged(`${what} is not one: it holds ${describeKind(kind).name}`)
  }
}

function curveBefore(parts: readonly Part[]): string | undefined {
  const parameters = parts.find(({ kind }) => kind === 'ec-parameters')
  return parameters && readEcParameters(parameters.bytes)
}
