import type { Program } from '../command.ts'
import { EXIT_CODE_WORDS, exitCodesOf } from '../exit-codes.ts'
import { pageName } from './command-page.ts'
import { commandLine, escaped, head, macro, tagged } from './roff.ts'

/** Variables of the environment that every command looks at. */
const ENVIRONMENT: readonly (readonly [name: string, about: string])[] = [
  ['NO_COLOR', 'no colours on terminals'],
  ['SEALKIT_DEBUG', '1: an error comes with its stack trace'],
]

/** The manual page of the program: what there is. */
export function programPage({ commands, groups }: Program, version: string): string {
  const lines = [
    ...head('sealkit', 'CMS signatures, keys and certificates, access to financial APIs', version),
    macro('SH', 'SYNOPSIS'),
    macro('B', 'sealkit'),
    'COMMAND [OPTION...]',
    '.br',
    macro('B', 'sealkit help'),
    'COMMAND',
    macro('SH', 'DESCRIPTION'),
    escaped(
      'Data goes to standard output, everything said to standard error. Secrets are never taken from arguments: every user of a machine sees those.',
    ),
    macro('SH', 'COMMANDS'),
    ...commands.filter(({ name }) => !name.includes(' ')).flatMap(commandLines),
    ...Object.entries(groups).flatMap(([group, about]) => [
      macro('SS', `${group}: ${about}`),
      ...commands.filter(({ name }) => name.startsWith(`${group} `)).flatMap(commandLines),
    ]),
    macro('SH', 'ENVIRONMENT'),
    ...ENVIRONMENT.flatMap(([name, about]) => tagged(name, about)),
    macro('SH', 'EXIT STATUS'),
    ...exitCodesOf(EXIT_CODE_WORDS).flatMap(([code, words]) => tagged(String(code), words)),
    macro('SH', 'EXAMPLES'),
    '.PP',
    escaped('Sign a MOEX Passport token; the signature is one line of base64 on standard output:'),
    ...commandLine('sealkit sign --key key.pem --cert cert.pem --in token.txt'),
    macro('SH', 'SEE ALSO'),
    commands.map(({ name }) => `\\fB${escaped(pageName(name))}\\fR(1)`).join(',\n'),
  ]
  return `${lines.join('\n')}\n`
}

function commandLines({ name, summary }: { readonly name: string; readonly summary: string }): string[] {
  return tagged(`sealkit ${name}`, summary)
}
