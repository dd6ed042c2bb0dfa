import type { Pkcs11Uri } from './uri.ts'

/** Texts of a token, without padding. */
export interface TokenTexts {
  readonly label: string
  readonly manufacturer: string
  readonly model: string
  readonly serial: string
}

/** Whether a URI means a token: every attribute that it has must fit (RFC 7512 section 2.4). */
export function matchesToken(uri: Pkcs11Uri, token: TokenTexts): boolean {
  return (
    fits(uri.token, token.label) &&
    fits(uri.manufacturer, token.manufacturer) &&
    fits(uri.model, token.model) &&
    fits(uri.serial, token.serial)
  )
}

/** Whether a URI means a slot. */
export function matchesSlot(
  uri: Pkcs11Uri,
  slot: { readonly slotId: number; readonly slotDescription: string; readonly slotManufacturer: string },
): boolean {
  return (
    (uri.slotId === undefined || uri.slotId === slot.slotId) &&
    fits(uri.slotDescription, slot.slotDescription) &&
    fits(uri.slotManufacturer, slot.slotManufacturer)
  )
}

/** Whether a URI means a module, by what CK_INFO says. */
export function matchesLibrary(
  uri: Pkcs11Uri,
  library: {
    readonly manufacturerID: string
    readonly libraryDescription: string
    readonly libraryVersion: { readonly major: number; readonly minor: number }
  },
): boolean {
  const { major, minor } = library.libraryVersion
  return (
    fits(uri.libraryManufacturer, trimmed(library.manufacturerID)) &&
    fits(uri.libraryDescription, trimmed(library.libraryDescription)) &&
    (uri.libraryVersion === undefined || [`${major}`, `${major}.${minor}`].includes(uri.libraryVersion))
  )
}

/** Texts of PKCS#11 are padded with blanks, by some modules with NULs. */
export function trimmed(text: string): string {
  return text.replace(/[\0 ]+$/, '')
}

function fits(wanted: string | undefined, text: string): boolean {
  return wanted === undefined || trimmed(wanted) === text
}
