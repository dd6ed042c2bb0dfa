import type { Command } from './command.ts'

/** A command before it is loaded: the overview and wrong names need no more. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<Command>
}

/** The commands, in the order of the overview. A new one is a module and a line here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'sign',
    summary: 'sign content: a CMS signature out of a key, detached',
    load: async () => (await import('./sign.ts')).signCommand,
  },
  {
    name: 'verify',
    summary: 'verify a CMS signature, and say why it is not good',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
]

/**
 * Finds the command that the arguments begin with, of one word or two.
 *
 * @returns the command and the arguments after its name; undefined where there is none
 */
export function findCommand(args: readonly string[]): { entry: CommandEntry; rest: string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const entry = COMMANDS.find((command) => command.name === name)
    if (entry !== undefined) return { entry, rest: args.slice(words) }
  }
  return undefined
}
