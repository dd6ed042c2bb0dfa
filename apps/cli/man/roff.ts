/** Text as roff has it: no character of it is taken for an instruction. */
export function escaped(text: string): string {
  const plain = text
    .replaceAll('\\', '\\(rs')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    // Long lists of values may be broken there.
    .replaceAll('|', '|\\:')
    .replace(
      /[^\n -~]/gu,
      (each) => `\\[u${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
  return plain.startsWith('.') ? `\\&${plain}` : plain
}

/** A line of arguments for a macro: each argument quoted. */
export function macro(name: string, ...args: readonly string[]): string {
  return `.${name}${args.map((arg) => ` "${escaped(arg).replaceAll('"', '\\(dq')}"`).join('')}`
}

/** A name or option, and what it is about, in a list. */
export function tagged(tag: string, text: string): string[] {
  return ['.TP', macro('B', tag), escaped(text)]
}

/** A command line, as it is typed. Lines that are too long for a page are not filled. */
export function commandLine(text: string): string[] {
  return ['.PP', '.nf', '.RS 4', escaped(text), '.RE', '.fi']
}

/** The head of a page. */
export function head(title: string, summary: string, version: string): string[] {
  return [
    macro('TH', title.toUpperCase(), '1', '', `sealkit ${version}`, 'sealkit'),
    // Words are not divided, and lines have no wide gaps.
    '.nh',
    '.ad l',
    macro('SH', 'NAME'),
    `${escaped(title)} \\- ${escaped(summary)}`,
  ]
}
