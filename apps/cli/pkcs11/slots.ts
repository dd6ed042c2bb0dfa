import { type ListedModule, type ListedSlot, listModules } from '../../../providers/pkcs11/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { MODULE_OPTIONS, moduleChoice } from '../token-options.ts'
import { EXIT_CODES, JSON_OUTPUT } from './options.ts'

export const slotsCommand: Command = {
  name: 'pkcs11 slots',
  summary: 'Lists slots and tokens: their URIs, the state of the PIN, with --mechanisms what they can do.',
  usage: ['[--mechanisms] [--json] [OPTION...]'],
  description: ['No PIN is needed.'],
  groups: [
    {
      title: 'Output',
      options: [
        { name: 'mechanisms', summary: 'show the mechanisms of each token' },
        { name: 'empty', summary: 'show empty slots and tokens that were never set up, too' },
        ...JSON_OUTPUT.options,
      ],
    },
    MODULE_OPTIONS,
  ],
  examples: [{ title: 'Which tokens are there', command: 'sealkit pkcs11 slots' }],
  exitCodes: { ...EXIT_CODES, good: 'there is a token', negative: 'there is none' },
  noArguments: 'a module is named by --module',
  run: runSlots,
}

async function runSlots(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output } = context
  const modules = await listModules(moduleChoice(args))
  for (const { error } of modules) if (error instanceof Error) output.say(`note: ${error.message}`, 'yellow')
  const isShown = ({ token }: ListedSlot): boolean => token?.isInitialised === true || args.has('empty')
  const slots = modules.flatMap((module) => module.slots.filter(isShown).map((slot) => ({ module, slot })))
  if (args.has('json')) {
    await output.json({ slots: slots.map(({ module, slot }) => ({ module: module.path, ...slot })) })
  } else if (slots.length > 0) {
    const texts = slots.map(({ module, slot }) => textOf(module, slot, args.has('mechanisms'), context))
    await output.data(`${texts.join('\n')}\n`)
  }
  if (slots.some(({ slot }) => slot.token?.isInitialised === true)) return ExitCode.good
  output.say('there is no token: is it plugged in, and its software installed? sealkit pkcs11 modules')
  return ExitCode.negative
}

function textOf(
  { name }: ListedModule,
  { slotId, description, token }: ListedSlot,
  withMechanisms: boolean,
  { output }: Context,
): string {
  const slot = `slot ${slotId} of ${printable(name)}: ${printable(description)}`
  if (token === undefined) return `${output.paint('empty', 'dim')}\n  ${slot}`
  const { label, manufacturer, model, serial, uri, pin, isInitialised } = token
  const title = isInitialised ? output.paint(printable(label), 'bold') : output.paint('not set up', 'dim')
  const warning = pin === 'ok' || pin === 'not set' ? pin : output.paint(pin, 'red')
  const traits = [
    token.needsPin ? `PIN: ${warning}` : 'no PIN',
    ...(token.hasPinPad ? ['PIN pad'] : []),
    ...(token.isWriteProtected ? ['write protected'] : []),
  ]
  return [
    title,
    `  ${printable(`${manufacturer}, ${model}, serial ${serial}`)}`,
    `  ${slot}`,
    `  ${traits.join(', ')}`,
    `  ${printable(uri)}`,
    ...(withMechanisms ? [`  ${token.mechanisms.join(' ')}`] : []),
  ].join('\n')
}
