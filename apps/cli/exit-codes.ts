/** What the program's exit code says. Stable: scripts branch on them. */
export const ExitCode = {
  good: 0,
  negative: 1,
  usage: 2,
  credential: 3,
  refused: 4,
  network: 5,
  server: 6,
  internal: 70,
  interrupted: 130,
} as const

/** One of {@link ExitCode}, or 128 + the number of the signal that ended the program. */
export type ExitCodeValue = number

/** Each code in a few words; a command's help says more about those it uses. */
export const EXIT_CODE_WORDS: Readonly<Record<keyof typeof ExitCode, string>> = {
  good: 'done, and the answer is good',
  negative: 'done, and the answer is negative',
  usage: 'the command line is wrong, or a file it names cannot be read',
  credential: 'a key, a certificate, a password or the configuration is missing or does not fit',
  refused: 'the server refused',
  network: 'the server cannot be reached',
  server: 'the server failed, or answered nonsense',
  internal: 'a fault in sealkit itself; please report it',
  interrupted: 'interrupted by Ctrl-C',
}

/** What any command may end with. */
const ANY_COMMAND: readonly (keyof typeof ExitCode)[] = ['usage', 'internal', 'interrupted']

/** The exit codes that a command can give, each with its meaning there, in the order of their numbers. */
export function exitCodesOf(
  own: Readonly<Partial<Record<keyof typeof ExitCode, string>>>,
): (readonly [code: number, words: string])[] {
  const names = Object.keys(ExitCode) as (keyof typeof ExitCode)[]
  return names
    .filter((name) => own[name] !== undefined || ANY_COMMAND.includes(name))
    .map((name) => [ExitCode[name], own[name] ?? EXIT_CODE_WORDS[name]] as const)
}
