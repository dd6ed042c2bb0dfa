import type { Program } from '../command.ts'
import { loadCommands } from '../load-commands.ts'
import { commandPage, pageName } from './command-page.ts'
import { programPage } from './program-page.ts'

/** Every manual page by its name, `sealkit` and one for each command: as roff. */
export async function manPages(program: Program, version: string): Promise<Map<string, string>> {
  const all = new Map([['sealkit', programPage(program, version)]])
  for (const { command, summary } of await loadCommands(program)) {
    all.set(pageName(command.name), commandPage(command, summary, version))
  }
  return all
}
