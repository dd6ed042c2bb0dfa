import { type ListedModule, listModules } from '../../../providers/pkcs11/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { MODULE_OPTIONS, moduleChoice } from '../token-options.ts'
import { EXIT_CODES, JSON_OUTPUT } from './options.ts'

export const modulesCommand: Command = {
  name: 'pkcs11 modules',
  summary:
    'Lists the PKCS#11 modules of this machine: those of p11-kit and of vendors in their usual places.',
  usage: ['[--json] [OPTION...]'],
  description: ['Each module is loaded and asked what it is. No PIN is needed.'],
  groups: [JSON_OUTPUT, MODULE_OPTIONS],
  examples: [{ title: 'What is there', command: 'sealkit pkcs11 modules' }],
  exitCodes: {
    ...EXIT_CODES,
    good: 'at least one module can be used',
    negative: 'modules were found, and none can be used',
  },
  noArguments: 'a module is named by --module',
  run: runModules,
}

async function runModules(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const modules = await listModules(moduleChoice(args))
  const { output } = context
  if (args.has('json')) await output.json({ modules: modules.map(forJson) })
  else await output.data(`${modules.map((module) => textOf(module, context)).join('\n')}\n`)
  return modules.some(({ library }) => library !== undefined) ? ExitCode.good : ExitCode.negative
}

function forJson({
  path,
  name,
  vendor,
  source,
  library,
  slots,
  error,
}: ListedModule): Record<string, unknown> {
  const tokens = slots.filter(({ token }) => token?.isInitialised === true).length
  return {
    path,
    name,
    vendor: vendor ?? null,
    source,
    library: library ?? null,
    tokens,
    error: messageOf(error),
  }
}

function textOf(
  { path, name, vendor, source, library, slots, error }: ListedModule,
  { output }: Context,
): string {
  const from = {
    option: 'option',
    uri: 'URI',
    environment: 'environment',
    'p11-kit': 'p11-kit',
    known: 'known place',
  }
  const title = output.paint(printable(name), 'bold')
  const head = `${title}${vendor === undefined ? '' : `, ${vendor}`} (${from[source]})\n  ${printable(path)}`
  if (library === undefined) return `${head}\n  ${output.paint(printable(messageOf(error) ?? ''), 'red')}`
  const tokens = slots.filter(({ token }) => token?.isInitialised === true).length
  const { description, manufacturer, version, cryptokiVersion } = library
  const is = printable(`${description} ${version}, ${manufacturer}, PKCS#11 ${cryptokiVersion}`)
  return `${head}\n  ${is}; ${slots.length} slots, ${tokens} tokens`
}

function messageOf(error: unknown): string | null {
  if (error === undefined) return null
  return error instanceof Error ? error.message : String(error)
}
