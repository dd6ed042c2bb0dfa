import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readCredentialFile } from '../credentials/index.ts'
import { recognise } from '../credentials/recognise.ts'
import { PathError, SealkitError } from '../errors.ts'
import { type Bundle, type ReadBundleOptions, readBundle } from './bundle.ts'

/** More files than that are no folder of certificates. */
const MAX_FILES = 10_000

/**
 * The certificates of all files in a folder, whatever their names: those that OpenSSL's rehash makes, links among them,
 * are files like others. What is no certificate is in the notes; folders in it are not entered.
 */
export async function readFolder(folder: string, options: ReadBundleOptions): Promise<Bundle> {
  const entries = await readdir(folder, { withFileTypes: true })
  if (entries.length > MAX_FILES) {
    const hint = 'name the files'
    throw new PathError('ERR_PATH_TRUST_STORE', `${folder} has more than ${MAX_FILES} files`, { hint })
  }
  const bundles: Bundle[] = []
  for (const name of entries.map((entry) => entry.name).sort()) {
    bundles.push(await readEntry(join(folder, name), name, options))
  }
  return {
    certificates: bundles.flatMap(({ certificates }) => certificates),
    notes: bundles.flatMap(({ notes }) => notes),
  }
}

async function readEntry(path: string, name: string, options: ReadBundleOptions): Promise<Bundle> {
  try {
    const { bytes } = await readCredentialFile(path, { limits: options.limits })
    if (recognise(bytes) === 'pkcs12') {
      return { certificates: [], notes: [`${name}: a PKCS#12 file is not opened here: name it by itself`] }
    }
    const { certificates, notes } = await readBundle(bytes, options)
    return { certificates, notes: notes.map((note) => `${name}: ${note}`) }
  } catch (error) {
    // What is deeper, a link to nowhere, a file of somebody else.
    if (!(error instanceof SealkitError)) throw error
    const why = error.message.startsWith(path)
      ? error.message.slice(path.length).replace(/^:? /, '')
      : error.message
    return { certificates: [], notes: [`${name}: ${why}`] }
  }
}
