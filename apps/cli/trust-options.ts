import { readCredentialFile } from '../../src/credentials/index.ts'
import { takeApart } from '../../src/credentials/input.ts'
import { withDefaults } from '../../src/credentials/limits.ts'
import { CredentialError, SealkitError } from '../../src/errors.ts'
import type { RevocationMode, RevocationOptions } from '../../src/path/index.ts'
import { type LoadedTrust, loadTrustStore } from '../../src/trust/index.ts'
import { type Certificate, CertificateRevocationList } from '../../src/x509/index.ts'
import type { Arguments } from './arguments.ts'
import { certificatesOf } from './certificates.ts'
import type { Context } from './command.ts'
import { usageError } from './errors.ts'
import type { Option, OptionGroup } from './options.ts'
import { PASSWORD_OPTIONS, passwordSource } from './secrets.ts'

/** Whom to trust. */
export const CA_OPTION: Option = {
  name: 'ca',
  value: 'BUNDLE',
  multiple: true,
  summary:
    "trusted authorities: a file (PEM, DER, .p7b, PKCS#12 truststore), a folder, system (the system's roots) or node (Node's own)",
}

const MODES = ['if-given', 'require', 'ignore'] as const satisfies readonly RevocationMode[]

/** How a path is validated: what all commands that do it have. */
export const PATH_OPTIONS: readonly Option[] = [
  {
    name: 'untrusted',
    value: 'FILE',
    multiple: true,
    summary: 'intermediate certificates to build paths with: PEM, DER or PKCS#7',
  },
  {
    name: 'time',
    value: 'TIME',
    summary: 'judge for this moment, not for now: 2026-01-31 (its beginning in UTC) or 2026-01-31T12:00:00Z',
  },
  { name: 'crl', value: 'FILE', multiple: true, summary: 'revocation lists: PEM or DER' },
  {
    name: 'revocation',
    value: MODES,
    summary:
      'if-given (default): what a list given is about must not be revoked; require: each certificate must be known to be good; ignore',
  },
]

/** Password of a truststore. */
export const TRUSTSTORE_PASSWORD: OptionGroup = {
  title: 'Password of a PKCS#12 truststore (asked for where none of these is given)',
  options: PASSWORD_OPTIONS.options,
}

/** Loads the authorities of `--ca`; notes go to standard error. */
export async function trustOf(args: Arguments, context: Context): Promise<LoadedTrust> {
  const password = passwordSource(args, context, { what: 'the truststore', stdinTaken: true })
  const trust = await loadTrustStore(args.all('ca'), { password, signal: context.signal })
  for (const note of trust.notes) context.output.say(`note: ${note}`, 'yellow')
  return trust
}

/** The certificates of `--untrusted`. */
export async function untrustedOf(args: Arguments, { signal }: Context): Promise<Certificate[]> {
  const files: Certificate[][] = []
  for (const file of args.all('untrusted')) files.push(await certificatesOf(file, signal))
  return files.flat()
}

/** A moment of `--time`. */
export function timeOf(args: Arguments): Date | undefined {
  const given = args.get('time')
  if (given === undefined) return undefined
  const form = /^\d{4}-\d\d-(\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.exec(given)
  const time = new Date(given)
  // Date takes February 30 for March 2.
  const day = new Date(`${given.slice(0, 10)}T00:00:00Z`).getUTCDate()
  if (form !== null && !Number.isNaN(+time) && day === Number(form[1])) return time
  throw usageError(
    '--time must be a date or a moment with its zone',
    'such as 2026-01-31, 2026-01-31T12:00:00Z or 2026-01-31T12:00:00+01:00',
  )
}

/** What `--revocation` and the files of `--crl` and `--ocsp` say. */
export async function revocationOf(
  args: Arguments,
  { signal }: Context,
  responses: readonly string[] = [],
): Promise<RevocationOptions> {
  const mode = (args.get('revocation') ?? 'if-given') as RevocationMode
  const lists = args.all('crl')
  if (mode === 'ignore' && lists.length + responses.length > 0) {
    throw usageError(
      '--revocation ignore, and revocation lists or responses were given',
      'leave one of them out',
    )
  }
  const crls: CertificateRevocationList[] = []
  for (const file of lists) crls.push(...(await listsIn(file, signal)))
  const ocspResponses: Uint8Array[] = []
  for (const file of responses) ocspResponses.push((await readCredentialFile(file, { signal })).bytes)
  return { mode, crls, ocspResponses }
}

/** Lists of large authorities. */
const LIST_LIMITS = { maxBytes: 64 * 1024 * 1024 }

async function listsIn(file: string, signal: AbortSignal): Promise<CertificateRevocationList[]> {
  const { bytes } = await readCredentialFile(file, { limits: LIST_LIMITS, signal })
  try {
    const lists = takeApart(bytes, 'revocation list', withDefaults(LIST_LIMITS))
      .filter(({ kind }) => kind === 'crl')
      .map((part) => CertificateRevocationList.parse(part.bytes))
    if (lists.length > 0) return lists
  } catch (cause) {
    if (!(cause instanceof SealkitError)) throw cause
    throw new CredentialError('ERR_CREDENTIAL_FORMAT', `${file}: ${cause.message}`, {
      cause,
      hint: cause.hint,
    })
  }
  const hint = 'a revocation list is DER, or PEM between -----BEGIN X509 CRL----- and -----END X509 CRL-----'
  throw new CredentialError('ERR_CREDENTIAL_FORMAT', `${file}: there is no revocation list in it`, { hint })
}
