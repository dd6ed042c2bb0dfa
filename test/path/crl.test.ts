/** Revocation lists: RFC 5280 6.3. */
import { describe, expect, it } from 'vitest'
import type { RevocationOptions } from '../../src/path/index.ts'
import { type Issued, issue, SERVER_AUTH, TIME, validate } from './support/issue.ts'
import { days, delta, list, onlyReasons, scope } from './support/revocation.ts'

const root = issue('CN=root', { ca: true })
const sub = issue('CN=sub', { ca: true, issuer: root })
const leaf = issue('CN=leaf', { issuer: sub, purposes: [SERVER_AUTH] })
const good = list(root)
const revoked = [leaf.certificate]

async function ask(revocation: RevocationOptions, untrusted: readonly Issued[] = [sub]): Promise<string> {
  const { problem, path } = await validate(leaf, [root], untrusted, { revocation })
  return problem?.reason ?? path.map((each) => each.revocation?.status ?? '-').join(' ')
}

describe('modes', () => {
  it.each([
    ['require', [], 'revocation-unknown'],
    ['if-given', [], 'not-checked not-checked -'],
    ['ignore', [], 'not-checked not-checked -'],
    ['require', [good, list(sub)], 'good good -'],
    ['if-given', [good, list(sub)], 'good good -'],
    ['require', [list(sub)], 'revocation-unknown'],
    ['if-given', [list(sub)], 'good not-checked -'],
    ['require', [good, list(sub, { revoked })], 'revoked'],
    ['if-given', [list(sub, { revoked })], 'revoked'],
    ['ignore', [list(sub, { revoked })], 'not-checked not-checked -'],
    ['if-given', [list(root, { revoked: [sub.certificate] })], 'revoked'],
  ] as const)('%s, %# : %s', async (mode, crls, expected) => {
    expect(await ask({ mode, crls })).toBe(expected)
  })
})

it('lists of version 1 count (RFC 5280 section 5)', async () => {
  expect(await ask({ mode: 'require', crls: [good, list(sub, { v1: true })] })).toBe('good good -')
  expect(await ask({ mode: 'require', crls: [good, list(sub, { v1: true, revoked })] })).toBe('revoked')
})

describe('lists that do not count', () => {
  const stranger = { certificate: sub.certificate, key: issue('CN=x').key }
  const unknown = { oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }
  it.each([
    ['of tomorrow', list(sub, { thisUpdate: days(1) })],
    ['of the past', list(sub, { nextUpdate: days(-1) })],
    ['without end', list(sub, { nextUpdate: null })],
    ['signed by another key', list(stranger)],
    ['with an unknown critical extension', list(sub, { extensions: [unknown] })],
    [
      'with an unknown critical entry extension',
      list(sub, { revoked: [root.certificate], entryExtensions: [unknown] }),
    ],
    ['for CAs', list(sub, { extensions: [scope(2)] })],
    ['for attribute certificates', list(sub, { extensions: [scope(5)] })],
    ['for one reason', list(sub, { extensions: [onlyReasons(6, 0x40)] })],
    ['a delta alone', list(sub, { extensions: [delta(1)], number: 2 })],
  ])('%s', async (_, crl) => {
    expect(await ask({ mode: 'require', crls: [good, crl] })).toBe('revocation-unknown')
  })

  it('of a CA whose key usage does not have cRLSign', async () => {
    const mute = issue('CN=sub', { ca: true, issuer: root, key: sub.key, keyUsage: ['keyCertSign'] })
    expect(await ask({ mode: 'require', crls: [good, list(sub)] }, [mute])).toBe('revocation-unknown')
  })

  it('both edges of a list belong to it', async () => {
    for (const time of [days(-3), days(4)]) {
      expect(await ask({ mode: 'require', crls: [list(root), list(sub)], time })).toBe('good good -')
    }
    for (const time of [new Date(+days(-3) - 1), new Date(+days(4) + 1000)]) {
      expect(await ask({ mode: 'require', crls: [list(root), list(sub)], time })).toBe('revocation-unknown')
    }
  })
})

describe('several lists', () => {
  it('users and CAs apart', async () => {
    const users = list(sub, { extensions: [scope(1)] })
    expect(await ask({ mode: 'require', crls: [good, users] })).toBe('good good -')
    expect(await ask({ mode: 'require', crls: [list(root, { extensions: [scope(1)] }), users] })).toBe(
      'revocation-unknown',
    )
  })

  it('of all reasons together', async () => {
    const some = list(sub, { extensions: [onlyReasons(6, 0x40)] })
    const rest = list(sub, { extensions: [onlyReasons(7, 0x3f, 0x80)] })
    expect(await ask({ mode: 'require', crls: [good, some, rest] })).toBe('good good -')
    const found = list(sub, { extensions: [onlyReasons(7, 0x3f, 0x80)], revoked })
    expect(await ask({ mode: 'require', crls: [good, some, found] })).toBe('revoked')
  })

  it('the newest counts, in any order', async () => {
    const older = list(sub, { revoked, reason: 6, thisUpdate: days(-5), number: 1 })
    const newer = list(sub, { thisUpdate: days(-2), number: 2 })
    for (const crls of [
      [good, older, newer],
      [newer, older, good],
    ]) {
      expect(await ask({ mode: 'require', crls })).toBe('good good -')
    }
  })

  it('a delta adds and takes away', async () => {
    const change = (wanted: Parameters<typeof list>[1]) =>
      list(sub, { thisUpdate: days(-1), number: 2, extensions: [delta(1)], ...wanted })
    expect(await ask({ mode: 'require', crls: [good, list(sub), change({ revoked })] })).toBe('revoked')
    const held = list(sub, { revoked, reason: 6 })
    expect(await ask({ mode: 'require', crls: [good, held] })).toBe('revoked')
    expect(await ask({ mode: 'require', crls: [good, held, change({ revoked, reason: 8 })] })).toBe(
      'good good -',
    )
    const ahead = list(sub, { revoked, thisUpdate: days(-1), number: 9, extensions: [delta(5)] })
    expect(await ask({ mode: 'require', crls: [good, list(sub), ahead] })).toBe('good good -')
  })
})

describe('after the moment of validation', () => {
  const later = days(30)
  const at = (wanted: Parameters<typeof list>[1]) =>
    list(sub, { thisUpdate: days(29), nextUpdate: days(31), ...wanted })
  const above = list(root, { thisUpdate: days(29), nextUpdate: days(31) })
  it.each([
    ['revoked before', { revoked, date: days(-1) }, 'revoked'],
    ['revoked then', { revoked, date: TIME }, 'revoked'],
    ['revoked after', { revoked, date: days(1) }, 'good good -'],
    ['not revoked', {}, 'good good -'],
  ])('%s', async (_, wanted, expected) => {
    expect(await ask({ mode: 'require', crls: [above, at(wanted)], time: later })).toBe(expected)
  })
})

it('the result says who, when and why, and until when it holds', async () => {
  const crls = [good, list(sub, { revoked, reason: 1 })]
  const { problem, path } = await validate(leaf, [root], [sub], { revocation: { mode: 'require', crls } })
  expect(problem?.certificate).toBe(leaf.certificate)
  expect(path[0]?.revocation).toMatchObject({
    status: 'revoked',
    by: 'crl',
    revocation: { date: days(-10), reason: 'keyCompromise' },
  })
  const revocation = { mode: 'require', crls: [good, list(sub, { nextUpdate: days(2) })] } as const
  expect((await validate(leaf, [root], [sub], { revocation })).validUntil).toEqual(days(2))
})
