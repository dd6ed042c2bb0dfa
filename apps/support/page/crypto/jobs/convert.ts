import {
  type Pkcs12Profile,
  writePem,
  writePkcs12,
  writeTruststore,
} from '../../../../../src/credentials/index.ts'
import { type Gathered, type GivenFile, gather } from './gather.ts'
import { type Naming, outputName } from './names.ts'
import { JobError, problemOf } from './problem.ts'

/** What files become. */
export interface ConvertOptions {
  /** `certificates`: PEM without keys. */
  readonly target: 'p12' | 'pem' | 'certificates' | 'truststore'
  /** Of P12 files. */
  readonly profile: Pkcs12Profile
  /** Of the new file; empty: a PEM file whose key is not encrypted. */
  readonly password: string
  readonly naming: Naming
}

/** A file to be saved. */
export interface MadeFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly type: string
  /** It holds a private key that nothing protects. */
  readonly isOpen: boolean
}

/** @throws JobError for files that cannot be opened, or do not make what is wanted */
export async function convert(
  files: readonly GivenFile[],
  options: ConvertOptions,
): Promise<readonly MadeFile[]> {
  using gathered = await gather(files)
  try {
    switch (options.target) {
      case 'p12':
        return await toP12(gathered, options)
      case 'pem':
        return await toPem(gathered, options)
      case 'certificates':
        return await toCertificates(gathered, options)
      case 'truststore':
        return await toTruststore(gathered, options)
    }
  } catch (error) {
    throw new JobError(problemOf(error))
  }
}

async function toP12(
  { keys, certificates }: Gathered,
  { profile, password, naming }: ConvertOptions,
): Promise<MadeFile[]> {
  if (keys.length === 0) throw noKey()
  for (const { key, certificate } of keys) {
    if (certificate !== undefined) continue
    const hint = 'add the file with the certificate that was issued for this key'
    const message =
      certificates.length === 0
        ? `the private key (${key.name}) has no certificate`
        : `none of the certificates is that of the private key (${key.name})`
    throw new JobError({ code: 'ERR_CREDENTIAL_KEY_MISMATCH', message, hint })
  }
  const bytes = await writePkcs12({ keys, certificates }, { profile, password })
  return [{ name: outputName(naming, 'p12'), bytes, type: 'application/x-pkcs12', isOpen: false }]
}

/** A file for each key: of two keys in a PEM file programs take the first, and say nothing. */
async function toPem(
  { keys, certificates, ...rest }: Gathered,
  options: ConvertOptions,
): Promise<MadeFile[]> {
  const { password, naming } = options
  if (keys.length === 0) return await toCertificates({ keys, certificates, ...rest }, options)
  const used = keys.flatMap(({ certificate, chain }) => [certificate ?? [], chain].flat())
  const others = certificates.filter(({ certificate }) => !used.some((each) => each.equals(certificate)))
  const files: MadeFile[] = []
  for (const [i, entry] of keys.entries()) {
    const contents = { keys: [entry], certificates: keys.length === 1 ? others : [] }
    const text = await writePem(contents, password === '' ? {} : { password })
    const name = outputName(naming, 'pem', keys.length === 1 ? undefined : i + 1)
    files.push(pemFile(name, text, password === ''))
  }
  return files
}

async function toCertificates({ certificates }: Gathered, { naming }: ConvertOptions): Promise<MadeFile[]> {
  if (certificates.length === 0) throw noCertificate()
  const text = await writePem({ certificates }, { comments: true })
  // Beside the key's own file, which is called the same.
  const name = naming.userId === '' ? `${naming.base}-certificates.pem` : outputName(asCa(naming), 'pem')
  return [pemFile(name, text, false)]
}

async function toTruststore(
  { certificates }: Gathered,
  { password, naming }: ConvertOptions,
): Promise<MadeFile[]> {
  if (certificates.length === 0) throw noCertificate()
  const bytes = await writeTruststore(
    certificates.map(({ certificate }) => certificate),
    { password, aliases: certificates.map(({ friendlyName }) => friendlyName) },
  )
  const name = naming.userId === '' ? `${naming.base}-truststore.p12` : outputName(asCa(naming), 'p12')
  return [{ name, bytes, type: 'application/x-pkcs12', isOpen: false }]
}

function asCa(naming: Naming): Naming {
  return { ...naming, purpose: 'cacert' }
}

function pemFile(name: string, text: string, isOpen: boolean): MadeFile {
  return { name, bytes: new TextEncoder().encode(text), type: 'application/x-pem-file', isOpen }
}

function noKey(): JobError {
  const hint = 'add the file with the private key; certificates alone make a truststore'
  return new JobError({
    code: 'ERR_CREDENTIAL_NO_KEY',
    message: 'there is no private key in the files',
    hint,
  })
}

function noCertificate(): JobError {
  const message = 'there is no certificate in the files'
  const hint = 'add the file with the certificate'
  return new JobError({ code: 'ERR_CREDENTIAL_NO_CERTIFICATE', message, hint })
}
