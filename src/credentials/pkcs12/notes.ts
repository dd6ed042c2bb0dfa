import type { Protection, ProtectionLayer } from '../contents.ts'

/** Sentences on how well a PKCS#12 file is protected. */
export function protectionNotes({ mac, encryption, plainKeys }: Protection): string[] {
  const notes: string[] = []
  if (mac === undefined) notes.push('The file has no MAC: nothing proves that it is unchanged.')
  else if (mac.weak) notes.push(`The MAC is weak: ${describe(mac)}. Write the file anew.`)
  for (const layer of encryption) {
    if (layer.weak) notes.push(`The encryption is weak: ${describe(layer)}. Write the file anew.`)
  }
  if (plainKeys) notes.push('A private key lies unencrypted in the file.')
  return notes
}

function describe({ algorithm, keyDerivation, iterations }: ProtectionLayer): string {
  const cost = keyDerivation === 'scrypt' ? `N = ${iterations}` : `${iterations} iterations`
  return `${algorithm} with a key from ${keyDerivation}, ${cost}`
}
