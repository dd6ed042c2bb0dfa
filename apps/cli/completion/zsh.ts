import type { CompletedCommand, CompletedOption, Completion, CompletionModel } from './model.ts'

/** A script for zsh's own completion system, to be read or to lie in the fpath as `_sealkit`. */
export function zshCompletion({ words, commands }: CompletionModel): string {
  const groups = words.filter(({ second }) => second.length > 0)
  return `#compdef sealkit
# zsh completion of sealkit. To use it: put it as _sealkit into a folder of fpath,
# or, after compinit: source <(sealkit completion zsh)

_sealkit() {
  local -a found
  local start=2 command
  if [[ $words[2] == help ]] && ((CURRENT > 2)); then start=3; fi
  if ((CURRENT == start)); then
    found=(
${words.map(described).join('\n')}
    )
    _describe -t commands command found
    return
  fi
  command=$words[start]
  case $command in
${groups.map(({ name, second }) => groupCase(name, second)).join('\n')}
  esac
  if ((start == 3)); then return 1; fi
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

if [[ $funcstack[1] == _sealkit ]]; then
  _sealkit "$@"
else
  compdef _sealkit sealkit
fi
`
}

function groupCase(name: string, second: readonly Word[]): string {
  return `    ${name})
      if ((CURRENT == start + 1)); then
        found=(
${second.map(described).join('\n')}
        )
        _describe -t commands command found
        return
      fi
      command="$command $words[start + 1]"
      if ((start == 2)); then
        shift words
        ((CURRENT--))
      fi
      ;;`
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const specs = [...options.map(optionSpec), ...(operands === undefined ? [] : [`*:${action(operands)}`])]
  return `    '${name}')
      _arguments -S ${specs.map((spec) => `\\\n        ${quoted(spec)}`).join(' ')}
      ;;`
}

interface Word {
  readonly name: string
  readonly summary: string
}

function described({ name, summary }: Word): string {
  return `      ${quoted(`${name.replaceAll(':', '\\:')}:${summary}`)}`
}

function optionSpec({ name, value, multiple, summary }: CompletedOption): string {
  const explained = `[${summary.replaceAll(/[[\]\\:]/g, '\\$&')}]`
  const head = multiple ? '*' : ''
  if (value === undefined) return `${head}${name}${explained}`
  // The equals sign: the value may stand behind one, or be the next word.
  return `${head}${name}=${explained}:${action(value)}`
}

function action(value: Completion): string {
  if (typeof value === 'object') return `value:(${value.words.join(' ')})`
  if (value === 'file') return 'file:_files'
  return value === 'folder' ? 'folder:_files -/' : 'text: '
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
