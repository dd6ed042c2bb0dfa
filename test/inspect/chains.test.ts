/** The drawing of chains, the check of expiry, and text that is fit for a terminal. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  generateKey,
  issueTestCertificate,
  type PrivateKey,
  writePkcs12,
} from '../../src/credentials/index.ts'
import { checkExpiry, formatInspection, inspect } from '../../src/inspect/index.ts'
import type { Certificate } from '../../src/x509/index.ts'

const DAY = 86_400_000
const key = await generateKey('P-256')

async function issue(subject: string, issuer?: Certificate, ca = true): Promise<Certificate> {
  const days = 30
  if (issuer === undefined) return await issueTestCertificate({ key, subject, days, ca })
  return await issueTestCertificate({ key, subject, days, ca, issuer: { certificate: issuer, key } })
}

const chainsOf = async (...certificates: Certificate[]) =>
  (await inspect(certificates.map((each) => each.toPem()).join(''))).chains

describe('chains', async () => {
  const root = await issue('CN=root')
  const middle = await issue('CN=middle', root)
  const leaf = await issue('CN=leaf', middle, false)
  const second = await issue('CN=second', middle, false)

  it('is a tree, whatever the order', async () => {
    const tree = ['CN=root', '└─ CN=middle', '   ├─ CN=leaf', '   └─ CN=second']
    expect(await chainsOf(root, middle, leaf, second)).toEqual(tree)
    expect(await chainsOf(leaf, second, middle, root)).toEqual(tree)
  })

  it('one that stands twice is drawn once', async () => {
    expect(await chainsOf(root, root, middle)).toEqual(['CN=root', '└─ CN=middle'])
  })

  it('says which issuer is missing', async () => {
    expect(await chainsOf(leaf)).toEqual(['(not in the file) CN=middle', '└─ CN=leaf'])
  })

  it('several trees stand below each other', async () => {
    const other = await issue('CN=other')
    expect(await chainsOf(root, other, middle)).toEqual(['CN=root', '└─ CN=middle', 'CN=other'])
  })

  it('two that name each other end, and both are drawn', async () => {
    const a = await issue('CN=a', await issue('CN=b'))
    const b = await issue('CN=b', await issue('CN=a'))
    const drawn = await chainsOf(a, b)
    expect(drawn.join('\n')).toContain('CN=a')
    expect(drawn.join('\n')).toContain('CN=b')
  })
})

describe('checkExpiry', async () => {
  const certificate = await issueTestCertificate({ key, subject: 'CN=a', days: 50 })
  const at = (days: number) => ({ now: new Date(+certificate.notAfter + days * DAY) })

  it.each([
    [-31, 'ok', 31],
    [-30, 'expiring', 30],
    [-0.5, 'expiring', 0],
    [0, 'expiring', 0],
    [0.0001, 'expired', -1],
    [-60, 'not-yet-valid', 60],
  ])('%d days after its end: %s', (days, status, daysLeft) => {
    const { entries, good } = checkExpiry([certificate], at(days))
    expect(entries).toMatchObject([{ status, daysLeft }])
    expect(good).toBe(status === 'ok' || status === 'not-yet-valid')
  })

  it('sorts, and says where the window ends', async () => {
    const later = await issueTestCertificate({ key, subject: 'CN=b', days: 90 })
    const now = new Date()
    const { entries, until } = checkExpiry([later, certificate], { now, within: 60 })
    expect(entries.map(({ status }) => status)).toEqual(['expiring', 'ok'])
    expect(+until).toBe(+now + 60 * DAY)
    expect(checkExpiry([]).good).toBe(true)
  })

  it.each([[-1], [Number.NaN], ['30'], [36_501]])('within: %s is refused', (within) => {
    expect(() => checkExpiry([], { within: within as number })).toThrow(TypeError)
  })
})

describe('text for a terminal', () => {
  it('holds nothing that drives it, whatever stands in the file', async () => {
    const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })
    const run = fc.asyncProperty(text, async (name) => {
      const shown = formatInspection(await inspect(await withName(key, name), { password: 'p' }))
      for (const line of shown.split('\n')) expect(line).not.toMatch(unsafe)
    })
    await fc.assert(run, { numRuns: 30 })
  })

  it('is coloured where that is asked for, and the same text', async () => {
    const inspection = await inspect((await issue('CN=a')).der, { now: new Date(Date.now() + 365 * DAY) })
    const coloured = formatInspection(inspection, { colour: true })
    expect(coloured).toContain('\x1b[31mEXPIRED')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(formatInspection(inspection))
  })
})

async function withName(own: PrivateKey, friendlyName: string): Promise<Uint8Array> {
  const certificate = await issue('CN=a')
  return await writePkcs12(
    { keys: [{ key: own, certificate, friendlyName }] },
    { password: 'p', iterations: 1000 },
  )
}
