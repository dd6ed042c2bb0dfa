/** What a pkcs11: URI means (RFC 7512): padded texts, absent attributes. */
import { describe, expect, it } from 'vitest'
import { matchesLibrary, matchesSlot, matchesToken, trimmed } from '../../../../providers/pkcs11/uri/index.ts'

const token = { label: 'My token', manufacturer: 'Acme', model: 'M', serial: '01' }

describe('matching', () => {
  it('labels and serials are padded with blanks or NULs', () => {
    expect(trimmed('  a b  ')).toBe('  a b')
    expect(trimmed('a\0\0 ')).toBe('a')
    expect(trimmed('   ')).toBe('')
  })
  it('a token: every attribute must fit, case counts, absent ones do not', () => {
    expect(matchesToken({}, token)).toBe(true)
    expect(matchesToken({ token: 'My token', serial: '01' }, token)).toBe(true)
    expect(matchesToken({ token: 'My token', serial: '02' }, token)).toBe(false)
    expect(matchesToken({ token: 'my token' }, token)).toBe(false)
    expect(matchesToken({ serial: '' }, token)).toBe(false)
    expect(matchesToken({ serial: '1' }, token)).toBe(false)
    expect(matchesToken({ token: 'My token   ' }, token)).toBe(true)
  })
  it('a slot, 0 among them', () => {
    const slot = { slotId: 0, slotDescription: 'Reader', slotManufacturer: 'Acme' }
    expect(matchesSlot({ slotId: 0, slotDescription: 'Reader' }, slot)).toBe(true)
    expect(matchesSlot({ slotId: 1 }, slot)).toBe(false)
    expect(matchesSlot({ slotManufacturer: 'Other' }, slot)).toBe(false)
  })
  it('a library, by its major version alone too', () => {
    const library = {
      manufacturerID: 'Acme   ',
      libraryDescription: 'Lib\0\0',
      libraryVersion: { major: 2, minor: 6 },
    }
    expect(matchesLibrary({ libraryManufacturer: 'Acme', libraryDescription: 'Lib' }, library)).toBe(true)
    expect(matchesLibrary({ libraryVersion: '2.6' }, library)).toBe(true)
    expect(matchesLibrary({ libraryVersion: '2' }, library)).toBe(true)
    expect(matchesLibrary({ libraryVersion: '2.60' }, library)).toBe(false)
    expect(matchesLibrary({ libraryVersion: '26' }, library)).toBe(false)
  })
})
