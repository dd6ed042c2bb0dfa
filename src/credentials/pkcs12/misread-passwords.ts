import type { PasswordBytes } from '../encryption/passwords.ts'

/**
 * Further forms of a password, for files whose writer took its characters for octets or its octets for characters:
 * node-forge does the one with PBES2, and those who then give it UTF-8 get the other in the MAC. ASCII is right
 * either way.
 */
export function misread({ utf8, bmp }: PasswordBytes): PasswordBytes[] {
  if (utf8.every((octet) => octet < 0x80)) return []
  return [
    { utf8: hashedByForge(bmp), bmp },
    { utf8, bmp: octetsAsCharacters(utf8) },
  ]
}

/**
 * node-forge puts characters where its hash functions take octets. Those join four to a word by XOR, so the high half
 * of a UTF-16 unit lands in the octet before; that of a word's first unit is shifted out.
 */
function hashedByForge(bmp: Uint8Array): Uint8Array {
  // Without the final NUL.
  const units = Math.max(bmp.length / 2 - 1, 0)
  const octets = new Uint8Array(units)
  for (let i = 0; i < units; i++) {
    const next = i % 4 !== 3 && i + 1 < units ? (bmp[2 * i + 2] as number) : 0
    octets[i] = (bmp[2 * i + 1] as number) ^ next
  }
  return octets
}

/** BMPString with its final NUL. */
function octetsAsCharacters(utf8: Uint8Array): Uint8Array {
  const bmp = new Uint8Array(2 * utf8.length + 2)
  for (let i = 0; i < utf8.length; i++) bmp[2 * i + 1] = utf8[i] as number
  return bmp
}
