import { readFileSync } from 'node:fs'

/** The table in docs/interop.md whose first column is headed `header`: first cell of a row -> the others. */
export function documented(header: string): Map<string, string[]> {
  const text = readFileSync(new URL('../../../docs/interop.md', import.meta.url), 'utf8')
  const at = text.indexOf(`\n| ${header} |`)
  if (at < 0) throw new Error(`no table of ${header} in docs/interop.md`)
  const lines =
    text
      .slice(at + 1)
      .split('\n\n', 1)[0]
      ?.split('\n') ?? []
  const cells = (line: string) => line.split('|').map((cell) => cell.trim())
  const rows = lines.slice(2).map((line) => cells(line).slice(1, -1))
  return new Map(rows.map(([first = '', ...others]) => [first, others]))
}
