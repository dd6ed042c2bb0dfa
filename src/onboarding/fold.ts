/** Where a line may be broken: at a single blank, and not so that the next line begins with `:` or `-`. */
const BREAK = /(?<=[^ ]) (?=[^ :-])/

/** A part of a line that is not broken, and where it begins. */
export interface Word {
  readonly text: string
  readonly at: number
}

/** The parts of a line that stay together. */
export function wordsOf(line: string): Word[] {
  let at = 0
  return line.split(BREAK).map((text) => {
    const word = { text, at }
    at += text.length + 1
    return word
  })
}

/** Folds a line at blanks. A word that is longer stands in a line of its own, for the check to find. */
export function fold(line: string, lineLength: number): string[] {
  const lines: string[] = []
  for (const { text } of wordsOf(line)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + text.length <= lineLength)
      lines[lines.length - 1] = `${last} ${text}`
    else lines.push(text)
  }
  return lines
}
