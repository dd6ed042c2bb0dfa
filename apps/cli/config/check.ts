import { PIN_IN_URI } from '../../../src/config/file-safety.ts'
import { findConfigFile, type Profile, SecretReference, type Setting } from '../../../src/config/index.ts'
import { PLATFORMS, type Platform } from '../../../src/config/settings.ts'
import { ConfigError } from '../../../src/errors.ts'
import { type Examined, examine } from '../../clients/examine.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { loadFrom, PROFILE_OPTIONS, settingOptions } from './options.ts'

export const configCheckCommand: Command = {
  name: 'config check',
  summary: 'Explains which settings would be used and where each comes from, and what is missing.',
  usage: ['[--profile NAME] [--config FILE] [--json] [OPTION...]'],
  description: [
    'Files are looked at, secrets are tried and not shown. Nothing is connected to. It takes the settings as options too, so that the options of another command can be tried.',
  ],
  groups: [
    PROFILE_OPTIONS,
    {
      title: 'What is checked',
      options: [
        {
          name: 'platform',
          value: PLATFORMS,
          summary: 'where no profile says it. Default: SEALKIT_PLATFORM',
        },
        { name: 'run-commands', summary: 'run the commands that print secrets, too' },
      ],
    },
    { title: 'Output', options: [{ name: 'json', summary: 'the answer for programs' }] },
    settingOptions(),
  ],
  examples: [
    { title: 'What the default profile is', command: 'sealkit config check' },
    { title: 'Without a file', command: 'SEALKIT_LOGIN=me sealkit config check --platform moex' },
  ],
  exitCodes: {
    good: 'everything that is needed is there',
    usage: 'the command line is wrong',
    credential: 'something is missing, wrong, or cannot be read',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'the profile is named by --profile',
  run: runCheck,
}

/** What the command finds. */
interface Report {
  readonly profile: Profile
  readonly settings: readonly Examined[]
  readonly good: boolean
}

async function runCheck(args: Arguments, context: Context): Promise<ExitCodeValue> {
  try {
    const report = await check(args, context)
    if (args.has('json')) await context.output.json(forJson(report))
    else await context.output.data(`${textOf(report, context).join('\n')}\n`)
    return report.good ? ExitCode.good : ExitCode.credential
  } catch (error) {
    if (!(error instanceof ConfigError) || !args.has('json')) throw error
    const { code, message, hint } = error
    await context.output.json({
      good: false,
      ...(await place(args)),
      error: { code, message, hint: hint ?? null },
    })
    return ExitCode.credential
  }
}

async function check(args: Arguments, { signal }: Context): Promise<Report> {
  const profile = await loadFrom(args, args.get('platform') as Platform | undefined, settingOptions())
  const settings = await examine(profile, { runCommands: args.has('run-commands'), signal })
  const good = profile.missing.length === 0 && settings.every(({ problem }) => problem === undefined)
  return { profile, settings, good }
}

/** Where the configuration is, for an answer that says why it cannot be used. */
async function place(args: Arguments): Promise<{ file: string | null; searched: readonly string[] }> {
  try {
    const { path, searched } = await findConfigFile({ file: args.get('config') })
    return { file: path ?? null, searched }
  } catch {
    return { file: null, searched: [] }
  }
}

function forJson({ profile, settings, good }: Report): Record<string, unknown> {
  const { name, platform, file, missing, warnings } = profile
  return {
    good,
    file: file ?? null,
    profile: name ?? null,
    platform,
    settings: settings.map(({ setting, problem, note }) => ({
      name: setting.name,
      value: shownValue(setting),
      origin: setting.origin,
      hides: setting.hides,
      problem: problem ?? null,
      note: note ?? null,
    })),
    missing,
    warnings,
    error: null,
  }
}

/** A secret is shown as its reference, a PIN in a URI not at all. */
function shownValue({ value }: Setting): unknown {
  return typeof value === 'string' ? value.replace(PIN_IN_URI, '$1[redacted]') : value
}

function textOf({ profile, settings, good }: Report, { output }: Context): string[] {
  const { name, platform, file, missing, warnings } = profile
  const lines = [
    `File      ${file === undefined ? 'none' : printable(file)}`,
    `Profile   ${name === undefined ? 'none' : name}, for ${platform}`,
    '',
  ]
  const names = Math.max(...settings.map(({ setting }) => setting.name.length))
  for (const { setting, problem, note } of settings) {
    const { kind, place: where } = setting.origin
    const from = output.paint(`(${kind === 'default' ? 'default' : printable(where)})`, 'dim')
    lines.push(`${setting.name.padEnd(names)}  ${printable(inWords(setting))}  ${from}`)
    const indent = ' '.repeat(names + 2)
    for (const hidden of setting.hides) lines.push(`${indent}in place of ${printable(hidden.place)}`)
    if (problem !== undefined) lines.push(`${indent}${output.paint(printable(problem), 'red')}`)
    if (note !== undefined) lines.push(`${indent}${printable(note)}`)
  }
  if (missing.length > 0) {
    lines.push('', ...missing.map((group) => output.paint(`missing: ${group.join(' or ')}`, 'red')))
  }
  if (warnings.length > 0) {
    lines.push('', ...warnings.map((warning) => output.paint(`warning: ${printable(warning)}`, 'yellow')))
  }
  lines.push('', good ? output.paint('good', 'green') : output.paint('NOT GOOD', 'red'))
  return lines
}

function inWords(setting: Setting): string {
  const { value } = setting
  if (value instanceof SecretReference) return `secret: ${value.place}`
  return Array.isArray(value) ? value.join(', ') : String(shownValue(setting))
}
