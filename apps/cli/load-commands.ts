import type { Command, Program } from './command.ts'

/** A command with its line in the overview. */
export interface LoadedCommand {
  readonly command: Command
  readonly summary: string
}

/** Every command with all that its help knows, for what is made of the whole program. */
export async function loadCommands({ commands }: Program): Promise<LoadedCommand[]> {
  return await Promise.all(commands.map(async ({ summary, load }) => ({ summary, command: await load() })))
}
