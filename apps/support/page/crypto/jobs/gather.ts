import {
  type CertificateEntry,
  type Credentials,
  type KeyEntry,
  readCredentials,
} from '../../../../../src/credentials/index.ts'
import { withoutDuplicates } from '../../../../../src/credentials/new-contents.ts'
import { pairKeys } from '../../../../../src/credentials/pair.ts'
import { JobError, problemOf } from './problem.ts'

/** A file that the user chose. */
export interface GivenFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** Where one was needed. */
  readonly password?: string | undefined
}

/** What files hold together. */
export interface Gathered extends Disposable {
  readonly keys: readonly KeyEntry[]
  readonly certificates: readonly CertificateEntry[]
}

/**
 * Opens files and puts together what they hold: each key with its certificate and chain, from whichever file.
 *
 * @throws JobError for a file that cannot be opened
 */
export async function gather(files: readonly GivenFile[]): Promise<Gathered> {
  const opened: Credentials[] = []
  const close = (): void => {
    for (const { key } of opened.flatMap(({ keys }) => keys)) key[Symbol.dispose]()
  }
  try {
    for (const file of files) opened.push(await openFile(file))
  } catch (error) {
    close()
    throw error
  }
  const all = opened.flatMap(({ certificates }) => certificates)
  const certificates = withoutDuplicates(all, ({ certificate }) => certificate)
  const lone = opened.flatMap(({ keys }) => keys)
  const [only] = opened
  // Of one file, its own pairing says more: it knows keys whose public side cannot be computed.
  const keys = opened.length === 1 && only !== undefined ? only.keys : pairKeys(lone, certificates, [])
  return { keys: distinctKeys(keys), certificates, [Symbol.dispose]: close }
}

/** @throws JobError */
async function openFile({ name, bytes, password }: GivenFile): Promise<Credentials> {
  try {
    return await readCredentials(bytes, { password, allowMissingMac: true })
  } catch (error) {
    throw new JobError(problemOf(error, name))
  }
}

/** The same key in two files is one key. */
function distinctKeys(keys: readonly KeyEntry[]): KeyEntry[] {
  const seen = new Set<string>()
  return keys.filter(({ key: { fingerprint } }) => {
    if (fingerprint === undefined) return true
    const isNew = !seen.has(fingerprint)
    seen.add(fingerprint)
    return isNew
  })
}
