import { createRequire } from 'node:module'
import { type ReportedTool, testValidata, type ValidataReport } from '../../../providers/validata/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { checkOutFile, writeOutFile } from '../out-file.ts'
import { printable, printableJson } from '../printable.ts'
import { isToolUri } from '../sign-by-tool.ts'

export const validataTestCommand: Command = {
  name: 'validata test',
  summary:
    "Proves that Validata's command line signs on this machine: finds it, signs a text, judges the signature.",
  usage: ['[URI] [--cert FILE] [--json] [--out FILE]'],
  description: [
    'The text is one of sealkit, and nothing is sent anywhere. The report names no people, profiles, machines or folders: please send it where it says that something does not work, and also where all is well, since sealkit was written without a Validata program at hand.',
  ],
  operands: { names: ['URI'], min: 0, max: 1 },
  groups: [
    {
      title: 'The test',
      options: [{ name: 'cert', value: 'FILE', summary: 'the certificate that must have signed' }],
    },
    {
      title: 'Output',
      options: [
        { name: 'json', summary: 'the report for programs, with all that was found' },
        { name: 'out', value: 'FILE', summary: 'write the report there too' },
        { name: 'force', summary: 'replace FILE where it exists' },
      ],
    },
  ],
  examples: [
    {
      title: 'A profile of the certificate library',
      command: 'sealkit validata test "validata:profile=Ivanov"',
    },
    {
      title: 'RSA, with a program that was unpacked somewhere; a file to send',
      command: 'sealkit validata test "validata:profile=Ivanov;tool=C:\\moex\\rpki1utl.exe" --out report.txt',
    },
  ],
  exitCodes: {
    good: 'it signs, and the signatures verify',
    negative: 'it does not; the report says at which step',
    usage: 'the command line is wrong, or the output file exists',
    credential: 'the output cannot be written',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the settings as validata:profile=NAME;tool=PATH',
  run: runTest,
}

async function runTest(args: Arguments, { output, signal }: Context): Promise<ExitCodeValue> {
  const [key = 'validata:'] = args.operands
  if (!isToolUri(key)) throw usageError('the settings are a URI: validata:profile=NAME;tool=PATH')
  const file = args.get('out')
  const force = args.has('force')
  if (file !== undefined) checkOutFile(file, { force })
  const report = {
    sealkit: version(),
    ...(await testValidata({ key, certificate: args.get('cert'), signal })),
  }
  const text = args.has('json') ? `${printableJson(report)}\n` : textOf(report)
  if (file !== undefined) writeOutFile(file, text, { force })
  await output.data(text)
  return report.ok ? ExitCode.good : ExitCode.negative
}

function version(): string {
  return (createRequire(import.meta.url)('sealkit/package.json') as { version: string }).version
}

function textOf(report: ValidataReport & { sealkit: string }): string {
  const { system, tool, steps, signature } = report
  const lines = [
    `sealkit ${report.sealkit}: Validata ${report.ok ? 'WORKS on this machine' : 'does NOT work here'}`,
    '',
    `system: ${system.platform} ${system.release}, ${system.arch}, Node ${system.node}`,
    ...(tool === null ? [] : [`tool:   ${tool.path}, sha256 ${tool.sha256 ?? 'not known'}, ${tool.family}`]),
    ...(tool === null ? [] : [`run as: ${tool.commandLine.map((word) => JSON.stringify(word)).join(' ')}`]),
    '',
    ...steps.flatMap(({ step, ok, detail, hint, code, milliseconds }) => [
      `${ok ? 'ok    ' : 'FAILED'} ${step}, ${milliseconds} ms: ${detail}`,
      ...(code === undefined ? [] : [`       ${code}${hint === undefined ? '' : `: ${hint}`}`]),
    ]),
    ...(tool === null ? [] : wordsOf(tool)),
    ...(signature === null
      ? []
      : ['', ...Object.entries(signature).map(([name, value]) => `${name}: ${value ?? 'none'}`)]),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function wordsOf({ said, exitCode, help }: ReportedTool): string[] {
  const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return [
    ...(exitCode === null ? [] : ['', `exit code ${exitCode}`]),
    ...said.flatMap(({ where, encoding, text }) => [
      `${where} (${encoding}):`,
      ...lines(text)
        .slice(0, 40)
        .map((line) => `  ${line}`),
    ]),
    ...(help === null
      ? []
      : [
          '',
          'help:',
          ...lines(help)
            .slice(0, 80)
            .map((line) => `  ${line}`),
        ]),
  ]
}
