/** What stands in the fields of an MT599. */
export interface Mt599Fields {
  /** Transaction reference number; undefined where the text has no tags. */
  readonly 20: string | undefined
  /** Related reference. */
  readonly 21: string | undefined
  /** The lines of the narrative. */
  readonly 79: readonly string[]
}

/** The text of the message's body: tags where there is a field 20, lines ended by CrLf as SWIFT wants it. */
export function mt599Text({ 20: reference, 21: related, 79: narrative }: Mt599Fields): string {
  const [first = '', ...rest] = narrative
  const lines =
    reference === undefined
      ? narrative
      : [`:20:${reference}`, ...relatedLine(related), `:79:${first}`, ...rest]
  return lines.map((line) => `${line}\r\n`).join('')
}

function relatedLine(related: string | undefined): string[] {
  return related === undefined ? [] : [`:21:${related}`]
}
