import type { CompletedCommand, CompletedOption, CompletionModel } from './model.ts'

/** A script for PowerShell 5.1 and later. */
export function powershellCompletion({ words, commands }: CompletionModel): string {
  const groups = words.filter(({ second }) => second.length > 0)
  return `# PowerShell completion of sealkit. To use it: sealkit completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName sealkit -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $first = @(
${words.map((word) => `        ${pair(word)}`).join('\n')}
    )
    $second = @{
${groups.map(({ name, second }) => `        ${quoted(name)} = @(\n${second.map((word) => `            ${pair(word)}`).join('\n')}\n        )`).join('\n')}
    }
    # Of each option: what it does, and the words that it takes; $null where it takes none, empty where it takes others.
    $options = @{
${commands.map(commandEntry).join('\n')}
    }
    $operands = @{
${commands.flatMap(operandEntry).join('\n')}
    }

    $given = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $help = $given.Count -gt 0 -and $given[0] -eq 'help'
    if ($help) { $given = @($given | Select-Object -Skip 1) }
    $choices = @()
    if ($given.Count -eq 0) {
        $choices = $first
    } elseif ($given.Count -eq 1 -and $second.ContainsKey($given[0])) {
        $choices = $second[$given[0]]
    } elseif (-not $help) {
        $command = $given[0]
        if ($second.ContainsKey($command)) { $command = $given[0] + ' ' + $given[1] }
        if (-not $options.ContainsKey($command)) { return }
        $own = $options[$command]
        $last = $given[-1]
        $option = $own | Where-Object { $_[0] -ceq $last } | Select-Object -First 1
        if ($null -ne $option -and $null -ne $option[2]) {
            # Without words of its own PowerShell offers files.
            $choices = @($option[2] | ForEach-Object { , @($_, $_) })
        } elseif ($wordToComplete.StartsWith('-') -or -not $operands.ContainsKey($command)) {
            $choices = $own
        } else {
            $choices = @($operands[$command] | ForEach-Object { , @($_, $_) })
        }
    }
    $choices | Where-Object { $_[0].StartsWith($wordToComplete) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
    }
}
`
}

interface Word {
  readonly name: string
  readonly summary: string
}

function pair({ name, summary }: Word): string {
  return `, @(${quoted(name)}, ${quoted(summary)})`
}

function commandEntry({ name, options }: CompletedCommand): string {
  const entries = options.map((option) => `            ${optionEntry(option)}`)
  return `        ${quoted(name)} = @(\n${entries.join('\n')}\n        )`
}

function optionEntry({ name, value, summary }: CompletedOption): string {
  const words = value === undefined ? '$null' : list(typeof value === 'object' ? value.words : [])
  return `, @(${quoted(name)}, ${quoted(summary)}, ${words})`
}

function operandEntry({ name, operands }: CompletedCommand): string[] {
  if (operands === undefined) return []
  return [`        ${quoted(name)} = ${list(typeof operands === 'object' ? operands.words : [])}`]
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(', ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
