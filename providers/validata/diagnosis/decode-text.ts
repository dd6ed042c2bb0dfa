/** How a text was found to be encoded. */
export type TextEncoding = 'UTF-8' | 'UTF-16' | 'CP866' | 'CP1251' | 'Latin-1'

/**
 * Decodes what a tool prints: UTF-16 by its byte order mark, UTF-8 where it is that, else CP866 (Windows' consoles)
 * or CP1251 (Windows' windows), whichever reads more like Russian.
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    const label = bytes[0] === 0xff ? 'utf-16le' : 'utf-16be'
    return { text: new TextDecoder(label).decode(bytes), encoding: 'UTF-16' }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' }
  } catch {
    return decodeCyrillic(bytes)
  }
}

function decodeCyrillic(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  try {
    const oem = new TextDecoder('ibm866').decode(bytes)
    const ansi = new TextDecoder('windows-1251').decode(bytes)
    return plausibility(oem) >= plausibility(ansi)
      ? { text: oem, encoding: 'CP866' }
      : { text: ansi, encoding: 'CP1251' }
  } catch {
    // A Node built without these tables.
    return { text: Buffer.from(bytes).toString('latin1'), encoding: 'Latin-1' }
  }
}

/** From the most common letter to the rarest. */
const LETTERS = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё'

/** Russian words are in small letters, perhaps after one capital, and made of common letters rather than of rare. */
function plausibility(text: string): number {
  let score = 0
  for (const [word] of text.matchAll(/[^\p{ASCII}]+/gu)) {
    score += /^[А-ЯЁ]?[а-яё]+$|^[А-ЯЁ]+$/.test(word) ? word.length : -word.length
    for (const letter of word.toLowerCase()) {
      const rank = LETTERS.indexOf(letter)
      if (rank >= 0) score += 1 - rank / LETTERS.length
      else if (!'№«»–—'.includes(letter)) score -= 2
    }
  }
  return score
}
