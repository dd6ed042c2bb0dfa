const STYLES = { bold: 1, dim: 2, red: 31, green: 32 } as const

/** Tells something on stderr, so that stdout is the signature alone. */
export function say(text: string, style?: keyof typeof STYLES): void {
  const coloured = style !== undefined && process.stderr.isTTY && process.stderr.hasColors()
  process.stderr.write(`${coloured ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text}\n`)
}

/** Begins a numbered step, with what came out of it. */
export function step(number: number, title: string, outcome: string): void {
  say('')
  say(`  ${number}  ${title}`, 'bold')
  say(`     ${outcome}`)
}
