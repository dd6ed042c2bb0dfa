/** The project's own PKCS#12 files (vectors/make-pkcs12.sh): every class of file, and every kind of error. */
import { describe, expect, it } from 'vitest'
import type { Credentials } from '../../../src/credentials/contents.ts'
import { documentedTable } from './support/documented.ts'
import { type OwnEntry, ownEntries, ownFile } from './support/entries.ts'
import { distinct, type Outcome, outcomeOf, summary } from './support/outcome.ts'
import { classTable } from './support/tables.ts'

const outcomes = new Map<OwnEntry, Promise<Outcome>>()

function read(entry: OwnEntry): Promise<Outcome> {
  const { password, macPassword, keyPassword, noMac } = entry
  const options = { password: password ?? undefined, macPassword, keyPassword, allowMissingMac: noMac }
  const outcome = outcomes.get(entry) ?? outcomeOf(ownFile(entry.file), options)
  outcomes.set(entry, outcome)
  return outcome
}

async function opened(entry: OwnEntry): Promise<Credentials> {
  const outcome = await read(entry)
  if ('refused' in outcome) throw new Error(`${outcome.refused}: ${outcome.message}`)
  return outcome.opened
}

const good = ownEntries.filter((entry) => entry.expect === 'ok')
const refused = ownEntries.filter((entry) => entry.expect === 'refuse')

describe.each(good)('$file ($class)', (entry) => {
  it('gives every key and certificate', async () => {
    expect(summary(await read(entry))).toEqual({ keys: distinct(entry.keys), certs: distinct(entry.certs) })
  })

  it('says what protects it', async () => {
    const { form, protection, notes } = await opened(entry)
    expect(form).toBe('PKCS#12')
    expect(protection.mac === undefined).toBe(entry.noMac === true)
    expect(protection.plainKeys).toBe(entry.plain === true)
    const layers = [protection.mac, ...protection.encryption].filter((layer) => layer !== undefined)
    expect(layers.some(({ weak }) => weak)).toBe(entry.weak === true)
    if (entry.weak) expect(notes.join('\n')).toMatch(/weak/i)
    if (entry.noMac) expect(notes.join('\n')).toMatch(/MAC|integrity/)
  })
})

describe('each key', () => {
  const withKeys = good.filter(
    ({ keys, certs, mismatch }) => keys.length > 0 && certs.length > 0 && !mismatch,
  )

  it.each(withKeys)('of $file has its certificate, and the chain in order', async (entry) => {
    for (const { key, certificate, chain } of (await opened(entry)).keys) {
      expect(certificate?.subjectPublicKeyInfo).toEqual(key.subjectPublicKeyInfo)
      const subjects = [certificate, ...chain].map((each) => each?.subject.toString())
      const issuers = [certificate, ...chain].map((each) => each?.issuer.toString())
      expect(issuers.slice(0, -1)).toEqual(subjects.slice(1))
      const authorities = entry.certs.length - entry.keys.length
      expect(chain.length).toBe(/no-ids/.test(entry.file) ? 2 : Math.max(authorities, 0))
    }
  })

  it('is not paired with the certificate of another key, whatever localKeyId says', async () => {
    const entry = good.find(({ mismatch }) => mismatch)
    if (entry === undefined) throw new Error('no such file')
    const { keys, certificates, notes } = await opened(entry)
    expect(keys.map(({ certificate }) => certificate)).toEqual([undefined])
    expect(certificates.length).toBe(1)
    expect(notes.join('\n')).toMatch(/not belong|another key|do not match/i)
  })
})

describe('besides keys and certificates', () => {
  const having = (name: keyof OwnEntry) => good.filter((entry) => entry[name] !== undefined)

  it.each(having('friendlyName'))('$file: the friendly name, as it is', async (entry) => {
    expect((await opened(entry)).keys[0]?.friendlyName).toBe(entry.friendlyName)
  })

  it.each(having('crls'))('$file: the CRL', async (entry) => {
    expect((await opened(entry)).crls.length).toBe(entry.crls)
  })

  it.each(having('skipped'))('$file: what was passed over', async (entry) => {
    expect((await opened(entry)).skipped.length).toBe(entry.skipped)
  })

  it.each(having('trusted'))("$file: Java's trusted entries", async (entry) => {
    const { certificates } = await opened(entry)
    expect(certificates.filter(({ trusted }) => trusted).length).toBe(entry.trusted)
  })
})

describe('a file without a MAC', () => {
  const files = good.filter(({ noMac }) => noMac)

  it.each(files)('$file is refused unless it is allowed', async ({ file, password }) => {
    const outcome = await outcomeOf(ownFile(file), { password: password ?? undefined })
    expect(outcome).toMatchObject({ refused: 'ERR_CREDENTIAL_MAC_MISSING' })
  })
})

describe('refused', () => {
  it.each(refused)('$file: $code', async (entry) => {
    expect(summary(await read(entry))).toMatch(new RegExp(`^${entry.code}: `))
  })
})

it('the table of classes in docs/pkcs12.md is what the files gave', async () => {
  const results = await Promise.all(ownEntries.map(async (entry) => ({ entry, outcome: await read(entry) })))
  documentedTable('class of file', classTable(results))
})
