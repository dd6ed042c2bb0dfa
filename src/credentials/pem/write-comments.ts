import type { CheckedKey, NewCertificate } from '../new-contents.ts'

/** Longer than any name that helps; a line of a hostile one is not to fill the screen. */
const LONGEST = 512

/** What a certificate is, as explanatory text (RFC 7468 section 2) above its block. */
export function certificateComment({ certificate, friendlyName }: NewCertificate): string {
  const { subject, issuer, notAfter } = certificate
  return [
    ...nameLine(friendlyName),
    `Subject: ${asciiLine(`${subject}`)}\n`,
    `Issuer: ${asciiLine(`${issuer}`)}\n`,
    `Not after: ${notAfter.toISOString()}\n`,
  ].join('')
}

/** What a key is. */
export function keyComment({ key, friendlyName }: CheckedKey): string {
  return [...nameLine(friendlyName), `Private key: ${asciiLine(key.name)}\n`].join('')
}

function nameLine(name: string | undefined): string[] {
  return name === undefined || name === '' ? [] : [`Friendly name: ${asciiLine(name)}\n`]
}

/**
 * One line of printable ASCII that no reader of PEM can take for a mark: all else is escaped as \u{...}, and so are
 * hyphens that stand in a row.
 */
function asciiLine(text: string): string {
  const escaped = text
    .slice(0, LONGEST)
    .replace(
      /[^\x20-\x7e]|\\|-(?=-)|(?<=-)-/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    )
  return `${escaped}${text.length > LONGEST ? ' ...' : ''}`
}
