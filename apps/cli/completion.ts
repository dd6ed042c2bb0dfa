import type { Command } from './command.ts'
import { bashCompletion } from './completion/bash.ts'
import { fishCompletion } from './completion/fish.ts'
import { completionModel } from './completion/model.ts'
import { powershellCompletion } from './completion/powershell.ts'
import { zshCompletion } from './completion/zsh.ts'
import { usageError } from './errors.ts'
import { ExitCode } from './exit-codes.ts'
import { didYouMean } from './suggest.ts'

const SHELLS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
} as const

export const completionCommand: Command = {
  name: 'completion',
  summary: 'Prints a script that completes command lines of sealkit in a shell.',
  usage: [Object.keys(SHELLS).join('|')],
  description: ['Commands, options, their values and names of files are completed.'],
  groups: [],
  examples: [
    { title: 'bash, in ~/.bashrc', command: 'source <(sealkit completion bash)' },
    { title: 'zsh, in ~/.zshrc behind compinit', command: 'source <(sealkit completion zsh)' },
    { title: 'fish', command: 'sealkit completion fish > ~/.config/fish/completions/sealkit.fish' },
    {
      title: 'PowerShell, in $PROFILE',
      command: 'sealkit completion powershell | Out-String | Invoke-Expression',
    },
  ],
  exitCodes: { good: 'printed' },
  operands: { kind: 'argument', names: [Object.keys(SHELLS).join('|')], min: 1, max: 1 },
  noArguments: 'name one shell',
  async run({ operands: [shell = ''] }, { output }, program) {
    if (!Object.hasOwn(SHELLS, shell)) {
      const names = Object.keys(SHELLS)
      throw usageError(`the shell must be one of ${names.join(', ')}${didYouMean(shell, names)}`)
    }
    await output.data(SHELLS[shell as keyof typeof SHELLS](await completionModel(program)))
    return ExitCode.good
  },
}
