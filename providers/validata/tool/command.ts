import { posix, win32 } from 'node:path'
import { SignerError } from '../../../src/errors.ts'
import type { CheckedSettings } from '../options.ts'
import { findProgram, findTool } from './find-tool.ts'

/** How the tool is run. */
export interface ToolCommand {
  /** What is started: the tool, or the first word of the prefix. */
  readonly file: string
  /** Its arguments before those of the signature. */
  readonly before: readonly string[]
  /** The tool as it was found. */
  readonly tool: string
  /** Its name, for people. */
  readonly name: string
  /** The arguments as they are passed on. */
  passed(args: readonly string[]): readonly string[]
  /** A path of this machine as the tool sees it. */
  seen(path: string): string
}

const WINE = /^wine(64)?(\.exe)?$/i
const REMOTE = /^(ssh|plink)(\.exe)?$/i

/**
 * Finds what is to be started.
 *
 * @throws ToolError `ERR_TOOL_NOT_FOUND`
 */
export function toolCommand(settings: CheckedSettings, temporaryFolder: string): ToolCommand {
  const [first, ...rest] = settings.prefix
  const base = first === undefined ? '' : win32.basename(first)
  const remote = REMOTE.test(base)
  const underWine = WINE.test(base)
  const { tool: wanted, family } = settings
  const tool = findTool({ tool: wanted, family, prefixed: first !== undefined, underWine, remote })
  const passed = (args: readonly string[]): readonly string[] => (remote ? args.map(forRemoteShell) : args)
  return {
    file: first === undefined ? tool : findProgram(first),
    before: first === undefined ? [] : [...rest, ...passed([tool])],
    tool,
    name: win32.basename(tool),
    passed,
    seen: (path) => seenPath(path, temporaryFolder, settings.temporaryFolderSeenAs, underWine),
  }
}

/** Wine has the root of the file system as drive Z. */
function seenPath(path: string, folder: string, seenAs: string | undefined, underWine: boolean): string {
  if (seenAs !== undefined) {
    const windows = seenAs.includes('\\') || /^[A-Za-z]:/.test(seenAs)
    const names = path
      .slice(folder.length)
      .split(/[/\\]/)
      .filter((name) => name !== '')
    return (windows ? win32 : posix).join(seenAs, ...names)
  }
  return underWine ? `Z:${path.replaceAll('/', '\\')}` : path
}

/**
 * ssh hands its arguments to a shell on the other side, cmd.exe or one of POSIX. Double quotes mean the same to
 * both, as long as none of these characters is between them.
 */
function forRemoteShell(argument: string): string {
  if (/^[\w./:=@,+-]+$/.test(argument)) return argument
  if (!/["$`%!^\r\n]|\\$/.test(argument)) return `"${argument}"`
  const hint = 'choose another name, or run the tool by a script on the other machine'
  const message = 'validata: an argument has a character that the shell behind ssh might take as its own'
  throw new SignerError('ERR_SIGNER_URI', message, { hint })
}
