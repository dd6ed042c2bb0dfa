/** Name and value. */
export type Row = readonly [name: string, text: string]

/** A heading and what stands below it. */
export interface Section {
  readonly title: string
  readonly rows: readonly (Row | string)[]
}

const STYLES = { bold: 1, red: 31, green: 32, yellow: 33 } as const

/** Colours a text. */
export type Paint = (text: string, style: keyof typeof STYLES) => string

/** A {@link Paint} that colours, or leaves texts as they are. */
export function paintWith(colour: boolean): Paint {
  return colour ? (text, style) => `\x1b[${STYLES[style]}m${text}\x1b[0m` : (text) => text
}

/** The lines of a section. */
export function sectionLines({ title, rows }: Section): string[] {
  return [
    title,
    ...rows.map((row) => (typeof row === 'string' ? `  ${row}` : `  ${row[0].padEnd(13)}${row[1]}`)),
  ]
}

/** `1 certificate`, `3 certificates`; undefined for none. */
export function counted(count: number, what: string): string | undefined {
  if (count === 0) return undefined
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `250,000` */
export function spaced(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A time in UTC, to the second: certificates know no more. */
export function utc(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
}
