import type { CompletedCommand, CompletedOption, Completion, CompletionModel } from './model.ts'

/** A script for fish 3 and later. */
export function fishCompletion({ words, commands }: CompletionModel): string {
  const lines = [
    ...words.map((word) => choice('__sealkit_begins', word)),
    ...words.flatMap(({ name, second }) => second.map((word) => choice(`__sealkit_begins ${name}`, word))),
    ...commands.flatMap(commandLines),
  ]
  return `# fish completion of sealkit. To use it: sealkit completion fish | source
# or put it into ~/.config/fish/completions/sealkit.fish

# The words before the cursor are these and no others; those of a help come behind it.
function __sealkit_begins
    set -l given (commandline -opc)
    set -e given[1]
    if test (count $given) -gt 0; and test "$given[1]" = help
        set -e given[1]
    end
    test "$given" = "$argv"
end

# The command is this one.
function __sealkit_in
    set -l given (commandline -opc)
    set -e given[1]
    set -l last (count $argv)
    test (count $given) -ge $last; and test "$given[1..$last]" = "$argv"
end

complete -c sealkit -f
${lines.join('\n')}
`
}

interface Word {
  readonly name: string
  readonly summary: string
}

function choice(condition: string, { name, summary }: Word): string {
  return `complete -c sealkit -n ${quoted(condition)} -a ${quoted(name)} -d ${quoted(summary)}`
}

function commandLines({ name, options, operands }: CompletedCommand): string[] {
  const here = `complete -c sealkit -n ${quoted(`__sealkit_in ${name}`)}`
  return [
    ...options.map((option) => `${here} ${optionFlags(option)} -d ${quoted(option.summary)}`),
    ...(operands === undefined ? [] : operandFlags(operands).map((flags) => `${here} ${flags}`)),
  ]
}

function optionFlags({ name, value }: CompletedOption): string {
  const flag = name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`
  if (value === undefined) return flag
  if (typeof value === 'object') return `${flag} -x -a ${quoted(value.words.join(' '))}`
  if (value === 'file') return `${flag} -r -F`
  return value === 'folder' ? `${flag} -x -a '(__fish_complete_directories)'` : `${flag} -x`
}

function operandFlags(operands: Completion): string[] {
  if (typeof operands === 'object') return [`-a ${quoted(operands.words.join(' '))}`]
  if (operands === 'file') return ['-F']
  return []
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
}
