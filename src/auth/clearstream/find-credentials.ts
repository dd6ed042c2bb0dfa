import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type CredentialPurpose, parseCredentialFileName } from '../../credentials/index.ts'
import { CredentialError } from '../../errors.ts'
import { printable } from '../../x509/printable.ts'

/** The files of one API consumer: {@link findClearstreamCredentials}. */
export interface ClearstreamCredentials {
  readonly username: string
  /** For mutual TLS: path of `ocapi-USERID-ssl.pem` or `.p12`. */
  readonly tls: string
  /** Path of `ocapi-USERID-signing.pem` or `.p12`. */
  readonly signing: string | undefined
  /** CA certificates of the servers: path of `ocapi-USERID-cacert.pem`, else of `server-cert-cacerts.pem`. */
  readonly ca: string | undefined
  /** Sentences for the user: a file that others can read. */
  readonly warnings: readonly string[]
}

/** Which files are taken, the first of these first. */
const EXTENSIONS: Readonly<Record<CredentialPurpose, readonly string[]>> = {
  ssl: ['pem', 'p12', 'pfx'],
  signing: ['pem', 'p12', 'pfx'],
  cacert: ['pem', 'crt', 'cer', 'p12'],
}

/** The name under which the guide has the CA certificates downloaded. */
const SERVER_CA = 'server-cert-cacerts.pem'

/** So many names stand in an error. */
const SHOWN = 10

/**
 * Finds an API consumer's files in a folder by the names that Xact gives them, `ocapi-${USERID}-${TYPE}.pem`, or `.p12`.
 * Where there are both, PEM is taken. They are not read.
 *
 * @param options `username` where the folder holds files of several
 * @throws CredentialError `ERR_CREDENTIAL_NOT_FOUND` where there is no file for mutual TLS, with what was seen;
 *   `ERR_CREDENTIAL_AMBIGUOUS` where there are several users, or several files of the same kind;
 *   `ERR_CREDENTIAL_UNREADABLE` where the folder cannot be read
 * @example
 * ```ts
 * import { findClearstreamCredentials } from 'sealkit/auth'
 * import { createTransport } from 'sealkit/http'
 * async function transportOf(folder: string) {
 *   const { tls, ca } = await findClearstreamCredentials(folder, { username: 'a000012345_00012345' })
 *   return createTransport({ ca: ca ?? 'system', credential: { certificate: tls } })
 * }
 * ```
 */
export async function findClearstreamCredentials(
  folder: string,
  options: { username?: string | undefined } = {},
): Promise<ClearstreamCredentials> {
  const names = (await namesIn(folder)).sort()
  const files = names.flatMap((name) => fileOf(name) ?? [])
  const username = options.username ?? onlyUser(files, folder, names)
  const pick = (type: CredentialPurpose) => pickFile(files, username, type, folder)
  const tls = pick('ssl')
  if (tls === undefined) throw notFound(folder, username, names)
  const signing = pick('signing')
  const ca = pick('cacert') ?? (names.includes(SERVER_CA) ? join(folder, SERVER_CA) : undefined)
  const secret = [tls, ...(signing === undefined ? [] : [signing])]
  const warnings = (await Promise.all(secret.map(openToOthers))).filter((each) => each !== undefined)
  return { username, tls, signing, ca, warnings }
}

interface File {
  readonly name: string
  readonly userId: string
  readonly type: CredentialPurpose
  readonly extension: string
}

function fileOf(name: string): File | undefined {
  const parts = parseCredentialFileName(name)
  return parts !== undefined && EXTENSIONS[parts.type].includes(parts.extension)
    ? { name, ...parts }
    : undefined
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name)
  } catch (cause) {
    const system = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (system === 'ENOENT') {
      const hint = 'check the name; a relative one starts in the folder the program was started in'
      throw new CredentialError('ERR_CREDENTIAL_NOT_FOUND', `${folder}: there is no such folder`, {
        hint,
        cause,
      })
    }
    const hint = 'name a folder that you may read, with the files of the API consumer in it'
    throw new CredentialError('ERR_CREDENTIAL_UNREADABLE', `${folder}: it cannot be read (${system})`, {
      hint,
      cause,
    })
  }
}

function onlyUser(files: readonly File[], folder: string, names: readonly string[]): string {
  const users = [...new Set(files.filter(({ type }) => type === 'ssl').map(({ userId }) => userId))]
  const [user] = users
  if (user === undefined) throw notFound(folder, undefined, names)
  if (users.length === 1) return user
  throw new CredentialError(
    'ERR_CREDENTIAL_AMBIGUOUS',
    `${folder} holds credentials of several users: ${shown(users)}`,
    { hint: 'say which by the user name' },
  )
}

/** Two files of a kind, as a browser saves `(1)`, can hold certificates of different years: that is not guessed. */
function pickFile(
  files: readonly File[],
  username: string,
  type: CredentialPurpose,
  folder: string,
): string | undefined {
  const fits = files.filter((file) => file.type === type && file.userId === username)
  for (const extension of EXTENSIONS[type]) {
    const [file, ...others] = fits.filter((each) => each.extension === extension)
    if (file === undefined) continue
    if (others.length === 0) return join(folder, file.name)
    const all = shown([file, ...others].map(({ name }) => name))
    throw new CredentialError('ERR_CREDENTIAL_AMBIGUOUS', `${folder} holds several of a kind: ${all}`, {
      hint: 'keep the newest and move the others elsewhere, or name the file itself',
    })
  }
  return undefined
}

async function openToOthers(path: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined
  const status = await stat(path).catch(() => undefined)
  if (status === undefined || (status.mode & 0o077) === 0) return undefined
  const mode = (status.mode & 0o777).toString(8).padStart(4, '0')
  return `${path} holds a private key and can be read by others (mode ${mode}): chmod 600 ${path}`
}

function notFound(folder: string, username: string | undefined, names: readonly string[]): CredentialError {
  const wanted = `ocapi-${username === undefined ? 'USERID' : printable(username)}-ssl.pem`
  const seen = names.length === 0 ? 'it is empty' : `it holds ${shown(names)}`
  return new CredentialError('ERR_CREDENTIAL_NOT_FOUND', `${folder} holds no ${wanted} or .p12: ${seen}`, {
    hint: 'put the two files there that Xact gives out when an API consumer is created, under their own names',
  })
}

function shown(names: readonly string[]): string {
  const first = names.slice(0, SHOWN).map((name) => printable(name))
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return `${first.join(', ')}${more}`
}
