import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { ToolError } from '../../../src/errors.ts'
import type { ValidataFamily } from '../options.ts'
import { isNamed, KNOWN_TOOLS, knownFolders, type Machine } from './known-tools.ts'

/** What is looked for. */
export interface ToolWanted {
  /** A path or a name; undefined: any known one. */
  readonly tool: string | undefined
  readonly family: ValidataFamily | undefined
  /** There is a command before it: it need not be a program of this machine. */
  readonly prefixed: boolean
  readonly underWine: boolean
  /** It lies on another machine: its name is passed on as it is. */
  readonly remote: boolean
}

const here: Machine = { platform: process.platform, env: process.env }

/**
 * Finds the tool: where it is said to be, in Validata's folders, on PATH; never in the working directory.
 *
 * @returns its path, or where there is a prefix what it is to be given
 * @throws ToolError `ERR_TOOL_NOT_FOUND`
 */
export function findTool(wanted: ToolWanted, machine: Machine = here): string {
  const { tool } = wanted
  if (tool === undefined) {
    if (wanted.remote) throw notFound('the name of a tool on another machine is needed', 'tool=PATH says it')
    return findKnown(wanted, machine)
  }
  if (wanted.remote) return tool
  if (/[/\\]/.test(tool)) return fromPath(tool, wanted)
  const found = findNamed(tool, wanted, machine)
  if (found !== undefined) return found
  if (wanted.prefixed) return tool
  throw notFound(
    `there is no program ${tool} on PATH or in Validata's folders`,
    'give its whole path: tool=C:\\Program Files\\Validata\\zpki\\zpki1utl.exe',
  )
}

/**
 * A program on PATH, by its whole path: Windows would otherwise look into the working directory first.
 *
 * @throws ToolError `ERR_TOOL_NOT_FOUND`
 */
export function findProgram(name: string, machine: Machine = here): string {
  if (/[/\\]/.test(name)) {
    const path = resolve(name)
    if (isProgram(path)) return path
  } else {
    const names = machine.platform === 'win32' && !/\.exe$/i.test(name) ? [`${name}.exe`] : [name]
    for (const folder of pathFolders(machine)) {
      const found = names.map((each) => join(folder, each)).find(isProgram)
      if (found !== undefined) return found
    }
  }
  throw notFound(
    `there is no program ${name} to run the tool with`,
    'install it, or give its whole path as prefix',
  )
}

function findKnown(wanted: ToolWanted, machine: Machine): string {
  const names = KNOWN_TOOLS.filter(({ family }) => wanted.family === undefined || family === wanted.family)
  for (const { name } of names) {
    const found = findNamed(name, wanted, machine)
    if (found !== undefined) return found
  }
  const sought = names.map(({ name }) => name).join(', ')
  throw notFound(
    `none of Validata's tools is on PATH or in its folders (${sought})`,
    'install the command line utilities of the certificate library, or give the path: tool=PATH',
  )
}

function findNamed(name: string, wanted: ToolWanted, machine: Machine): string | undefined {
  for (const folder of [...knownFolders(machine, wanted.underWine), ...pathFolders(machine)]) {
    // The plain name first, then that of 64 bits, then that of 32.
    const files = namesIn(folder)
      .filter((file) => isNamed(file, name))
      .sort(byBits)
    const found = files.map((file) => join(folder, file)).find((path) => isTool(path, wanted))
    if (found !== undefined) return found
  }
  return undefined
}

function byBits(a: string, b: string): number {
  const rank = (name: string): number => (/64/.test(name) ? 1 : /(32|86)(\.exe)?$/i.test(name) ? 2 : 0)
  return rank(a) - rank(b)
}

function fromPath(tool: string, wanted: ToolWanted): string {
  const path = resolve(tool)
  if (isTool(path, wanted)) {
    if (process.platform === 'win32' && /\.(cmd|bat)$/i.test(path)) throw batchFile()
    return path
  }
  // C:\… under wine, or a path on another machine.
  if (wanted.prefixed) return tool
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw notFound(`there is no file ${tool}`, 'correct the path of the tool')
  if (!stats.isFile()) throw notFound(`${tool} is no program`, 'name the program itself, not its folder')
  throw notFound(
    `${tool} may not be executed`,
    'chmod +x makes it a program; for one of Windows give prefix=wine',
  )
}

function batchFile(): ToolError {
  const hint = 'name the .exe that it calls; arguments cannot be given to a batch file safely'
  return notFound('the tool is a batch file, which only a shell can run', hint)
}

function isTool(path: string, { prefixed }: ToolWanted): boolean {
  return prefixed ? isFile(path) : isProgram(path)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isFile(path)
  } catch {
    return false
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Empty and relative entries would be the working directory. */
function pathFolders({ env }: Machine): string[] {
  const path = env['PATH'] ?? env['Path'] ?? ''
  return path.split(delimiter).filter(isAbsolute)
}

function notFound(message: string, hint: string): ToolError {
  return new ToolError('ERR_TOOL_NOT_FOUND', message, { hint })
}
