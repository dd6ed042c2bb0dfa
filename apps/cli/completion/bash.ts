import type { CompletedCommand, Completion, CompletionModel } from './model.ts'

/** A script for bash 3.2 and later, which needs no other package. */
export function bashCompletion({ words, commands }: CompletionModel): string {
  const groups = words.filter(({ second }) => second.length > 0)
  return `# bash completion of sealkit. To use it: source <(sealkit completion bash)

_sealkit_reply() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done
}

_sealkit() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local option='' command='' options='' words='' kind='' operands='' start=1
  COMPREPLY=()
  # bash makes three words of --option=value.
  if [[ $cur == '=' ]]; then
    option=$prev cur=''
  elif [[ $prev == '=' ]]; then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $prev == -* ]]; then
    option=$prev
  fi
  if [[ \${COMP_WORDS[1]} == help ]] && ((COMP_CWORD > 1)); then start=2; fi
  if ((COMP_CWORD == start)); then
    _sealkit_reply < <(compgen -W '${words.map(({ name }) => name).join(' ')}' -- "$cur")
    return
  fi
  command=\${COMP_WORDS[start]}
  case $command in
${groups.map(({ name, second }) => groupCase(name, second)).join('\n')}
  esac
  if ((start == 2)); then return; fi
  case $command in
${commands.map(commandCase).join('\n')}
  esac
  if [[ -z $kind && $cur != -* ]]; then kind=$operands; fi
  case $kind in
    file)
      compopt -o filenames 2> /dev/null
      _sealkit_reply < <(compgen -f -- "$cur")
      ;;
    folder)
      compopt -o filenames 2> /dev/null
      _sealkit_reply < <(compgen -d -- "$cur")
      ;;
    words) _sealkit_reply < <(compgen -W "$words" -- "$cur") ;;
    text) ;;
    *) _sealkit_reply < <(compgen -W "$options" -- "$cur") ;;
  esac
}

complete -F _sealkit sealkit
`
}

function groupCase(name: string, second: readonly { readonly name: string }[]): string {
  return `    ${name})
      if ((COMP_CWORD == start + 1)); then
        _sealkit_reply < <(compgen -W '${second.map((each) => each.name).join(' ')}' -- "$cur")
        return
      fi
      command="$command \${COMP_WORDS[start + 1]}"
      ;;`
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const withValue = options.filter(({ value }) => value !== undefined)
  const cases = withValue.map(({ name: option, value }) => `        ${option}) ${kindOf(value)} ;;`)
  return `    '${name}')
      options='${options.map((option) => option.name).join(' ')}'
      case $option in
${[...cases, '        *) ;;'].join('\n')}
      esac
${operandLines(operands)}      ;;`
}

function operandLines(operands: Completion | undefined): string {
  if (operands === undefined) return ''
  if (typeof operands === 'string') return `      operands=${operands}\n`
  return `      operands=words words=\${words:-'${operands.words.join(' ')}'}\n`
}

function kindOf(value: Completion | undefined): string {
  if (typeof value === 'object') return `kind=words words='${value.words.join(' ')}'`
  return `kind=${value}`
}
