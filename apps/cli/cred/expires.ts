import { CredentialError } from '../../../src/errors.ts'
import { daysText } from '../../../src/inspect/format-certificate.ts'
import { checkExpiry, type ExpiryEntry } from '../../../src/inspect/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { Arguments } from '../arguments.ts'
import { utc } from '../certificates.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { IN_PASSWORD, READING } from './options.ts'
import { disposeOf, nameOf, readFile } from './read.ts'

export const expiresCommand: Command = {
  name: 'cred expires',
  summary: 'Says which certificates of files have expired or will soon; for monitoring.',
  usage: ['FILE... [--within 30d] [--json] [OPTION...]'],
  description: ['Every certificate of every file counts, issuers too. Those that end first are shown first.'],
  operands: { names: ['FILE'], min: 1, max: 1000 },
  groups: [
    {
      title: 'What to ask',
      options: [
        {
          name: 'within',
          value: 'TIME',
          summary:
            'days, weeks, months (30 days) or years (365 days) from now: 30d (default), 6w, 3m, 1y; 0d: those that have expired',
        },
      ],
    },
    { title: 'Output', options: [{ name: 'json', summary: 'the answer for programs' }] },
    IN_PASSWORD,
    { title: READING.title, options: READING.options.filter(({ name }) => name !== 'choose') },
  ],
  examples: [{ title: 'In a nightly job', command: 'sealkit cred expires --within 60d *.pem || echo renew' }],
  exitCodes: {
    good: 'nothing has expired or will within the time',
    negative: 'something has, or will',
    usage: 'the command line is wrong, or standard input cannot be read',
    credential: 'a file cannot be read, holds no certificate, or the password is wrong',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the files with the certificates',
  run: runExpires,
}

async function runExpires(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const within = daysOf(args.get('within') ?? '30d')
  const files: { file: string; certificates: readonly Certificate[] }[] = []
  for (const path of args.operands) {
    files.push({ file: nameOf(path), certificates: await certificatesOf(path, args, context) })
  }
  const { good, until, entries } = checkExpiry(
    files.flatMap(({ certificates }) => certificates),
    { within },
  )
  const named = entries.map((entry) => ({
    ...entry,
    file: files.find(({ certificates }) => certificates.includes(entry.certificate))?.file ?? '',
  }))
  if (args.has('json')) {
    await context.output.json({ good, within, until: until.toISOString(), certificates: named.map(forJson) })
  } else await context.output.data(`${named.map((entry) => lineOf(entry, context)).join('\n')}\n`)
  return good ? ExitCode.good : ExitCode.negative
}

async function certificatesOf(path: string, args: Arguments, context: Context): Promise<Certificate[]> {
  const file = await readFile(path, args, context)
  disposeOf([file])
  const certificates = file.credentials.certificates.map(({ certificate }) => certificate)
  if (certificates.length > 0) return certificates
  const hint = 'give the file with the certificate: a key alone does not expire'
  throw new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', `${nameOf(path)}: no certificate`, { hint })
}

const UNITS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 }

function daysOf(given: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([dwmy])$/.exec(given) ?? []
  const days = Number(count) * (UNITS[unit] ?? Number.NaN)
  if (days >= 0 && days <= 36_500) return days
  throw usageError('--within must be a number of days, weeks, months or years: 30d, 6w, 3m, 1y')
}

type NamedEntry = ExpiryEntry & { readonly file: string }

function forJson({ file, certificate, daysLeft, status }: NamedEntry): Record<string, unknown> {
  return { file, status, daysLeft, ...certificate.toJSON() }
}

const WORDS = {
  ok: ['ok', 'green'],
  expiring: ['EXPIRES', 'red'],
  expired: ['EXPIRED', 'red'],
  'not-yet-valid': ['not yet valid', 'yellow'],
} as const

function lineOf({ file, certificate, daysLeft, status }: NamedEntry, { output }: Context): string {
  const [word, style] = WORDS[status]
  const subject = printable(`${file}: ${certificate.subject}`)
  return `${output.paint(word.padEnd(8), style)} ${utc(certificate.notAfter)}  ${daysText(daysLeft).padStart(20)}  ${subject}`
}
