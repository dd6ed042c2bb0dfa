import { openPkcs11Key, type Pkcs11Key } from '../../../providers/pkcs11/index.ts'
import { verify } from '../../../src/cms/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { cmsSigner } from '../../../src/signer/index.ts'
import type { Arguments } from '../arguments.ts'
import { utc } from '../certificates.ts'
import type { Command, Context } from '../command.ts'
import { wholeNumber } from '../cred/read.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { TOKEN_OPTIONS } from '../token-options.ts'
import { accessOf, EXIT_CODES, JSON_OUTPUT } from './options.ts'

export const pkcs11TestCommand: Command = {
  name: 'pkcs11 test',
  summary: 'Signs with a key in a token, verifies, and times it: a report for a support desk.',
  usage: ['URI [--count N] [--json] [OPTION...]'],
  description: ['The report holds names, times and versions, and no secret. It goes to standard output.'],
  operands: { names: ['URI'], min: 1, max: 1 },
  groups: [
    {
      title: 'The test',
      options: [
        { name: 'count', value: 'N', summary: 'signatures for the timing; default 10, at most 10000' },
        { name: 'sessions', value: 'N', summary: 'signatures at once; default 4, at most 64' },
        { name: 'cert', value: 'FILE', summary: 'the certificate, where the token does not hold it' },
      ],
    },
    JSON_OUTPUT,
    ...TOKEN_OPTIONS,
  ],
  examples: [
    { title: 'Does the card sign', command: 'sealkit pkcs11 test "pkcs11:token=Trader;object=signing"' },
  ],
  exitCodes: { ...EXIT_CODES, good: 'it signs, and the signatures verify', negative: 'it does not' },
  noArguments: 'name the key: pkcs11:token=LABEL;object=LABEL',
  run: runTest,
}

interface Report {
  readonly steps: {
    readonly step: string
    readonly ok: boolean
    readonly detail: string
    readonly ms: number
  }[]
  facts: Record<string, string>
}

async function runTest(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { uri, ...access } = accessOf(args, context)
  const count = wholeNumber('count', args.get('count') ?? '10', 1, 10_000)
  const maxSessions = wholeNumber('sessions', args.get('sessions') ?? '4', 1, 64)
  const report: Report = { steps: [], facts: machine() }
  const options = { ...access, key: uri, certificate: args.get('cert'), maxSessions, waitTimeout: 600_000 }
  const key = await step(
    report,
    'open',
    () => openPkcs11Key(options),
    () => 'token, key and certificate found',
  )
  if (key !== undefined) {
    await using opened = key
    report.facts = { ...report.facts, ...factsOf(opened) }
    await signing(report, opened, count)
  }
  const good = report.steps.every(({ ok }) => ok)
  if (args.has('json')) await context.output.json({ good, facts: report.facts, steps: report.steps })
  else await context.output.data(textOf(report, good, context))
  return good ? ExitCode.good : ExitCode.negative
}

const CONTENT = 'sealkit pkcs11 test'

async function signing(report: Report, key: Pkcs11Key, count: number): Promise<void> {
  const signer = cmsSigner(key)
  const signature = await step(
    report,
    'sign',
    () => signer.signDetached(CONTENT),
    () => 'one CMS signature',
  )
  if (signature === undefined) return
  await step(
    report,
    'verify',
    async () => {
      const { verdict, reason } = await verify(signature.der, { content: CONTENT })
      if (verdict === 'invalid') throw new Error(`the signature is not good: ${reason}`)
    },
    () => 'the signature verifies',
  )
  const start = performance.now()
  await step(
    report,
    'time',
    () => Promise.all(Array.from({ length: count }, () => key.sign(new TextEncoder().encode(CONTENT)))),
    () => `${count} signatures, ${((count * 1000) / (performance.now() - start)).toFixed(1)} a second`,
  )
}

/** Runs a step and notes how it went; a failure is part of the report. */
async function step<T>(
  { steps }: Report,
  name: string,
  work: () => Promise<T>,
  describe: () => string,
): Promise<T | undefined> {
  const start = performance.now()
  const took = (): number => Math.round(performance.now() - start)
  try {
    const result = await work()
    steps.push({ step: name, ok: true, detail: describe(), ms: took() })
    return result
  } catch (error) {
    if (!(error instanceof SealkitError) && !(error instanceof Error)) throw error
    const code = error instanceof SealkitError ? `${error.code}: ` : ''
    const hint = error instanceof SealkitError && error.hint !== undefined ? ` (${error.hint})` : ''
    steps.push({ step: name, ok: false, detail: `${code}${error.message}${hint}`, ms: took() })
    return undefined
  }
}

function machine(): Record<string, string> {
  return { date: utc(new Date()), node: process.version, platform: `${process.platform} ${process.arch}` }
}

function factsOf({ uri, module, algorithm, certificate, chain, token }: Pkcs11Key): Record<string, string> {
  return {
    module,
    token: `${token.label}, ${token.manufacturer}, ${token.model}, serial ${token.serial}`,
    key: uri,
    algorithm: `${algorithm.scheme}${algorithm.hash === undefined ? '' : ` with ${algorithm.hash.name}`}`,
    certificate: `${certificate.subject}, until ${utc(certificate.notAfter)}`,
    chain: chain.length === 1 ? '1 issuer found' : `${chain.length} issuers found`,
  }
}

function textOf({ facts, steps }: Report, good: boolean, { output }: Context): string {
  const verdict = good ? output.paint('the key signs', 'green') : output.paint('THE KEY DOES NOT SIGN', 'red')
  const lines = steps.map(({ step: name, ok, detail, ms }) => {
    const mark = ok ? output.paint('ok    ', 'green') : output.paint('FAILED', 'red')
    return `${mark} ${name.padEnd(7)} ${`${ms} ms`.padStart(9)}  ${printable(detail)}`
  })
  const known = Object.entries(facts).map(([name, value]) => `${name.padEnd(11)} ${printable(value)}`)
  return `${[verdict, ...known, ...lines].join('\n')}\n`
}
