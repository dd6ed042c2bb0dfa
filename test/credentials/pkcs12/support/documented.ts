/**
 * The generated tables in docs/pkcs12.md. A table that differs from what was computed fails its test; with
 * SEALKIT_WRITE_TABLES=1 it is written instead:
 *   SEALKIT_WRITE_TABLES=1 npx vitest run test/credentials/pkcs12
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../../support/tools.ts'

const guide = join(root, 'docs', 'pkcs12.md')

/** Compares the table whose first column is headed `header`, or writes it. */
export function documentedTable(header: string, rows: readonly (readonly string[])[]): void {
  const text = readFileSync(guide, 'utf8')
  const start = text.indexOf(`\n| ${header} |`) + 1
  if (start === 0) throw new Error(`docs/pkcs12.md has no table of ${header}`)
  const end = text.indexOf('\n\n', start)
  const table = rows.map((cells) => `| ${cells.join(' | ')} |`)
  const rule = `|${rows[0]?.map(() => '---|').join('')}`
  const computed = [table[0], rule, ...table.slice(1)].join('\n')
  if (process.env['SEALKIT_WRITE_TABLES'] === '1') {
    writeFileSync(guide, text.slice(0, start) + computed + text.slice(end))
  } else {
    expect(text.slice(start, end)).toBe(computed)
  }
}
