/** Every file of the shared index as its `expect` says: keys and certificates equal, or the right error. */
import { describe, expect, it } from 'vitest'
import { describeShared } from '../../support/tools.ts'
import { documentedTable } from './support/documented.ts'
import { type SharedEntry, sharedEntries, sharedFile } from './support/entries.ts'
import { asForPeers, asJudged, choiceOf, otherwise, refusalOf } from './support/judged.ts'
import { distinct, type Outcome, outcomeOf, summary } from './support/outcome.ts'
import { writerTable } from './support/tables.ts'

const outcomes = new Map<string, Promise<Outcome>>()

/** Files without a MAC are allowed here; that they are refused otherwise is tested apart. */
function read(entry: SharedEntry): Promise<Outcome> {
  const outcome =
    outcomes.get(entry.file) ??
    outcomeOf(sharedFile(entry.file), { ...passwords(entry), allowMissingMac: true })
  outcomes.set(entry.file, outcome)
  return outcome
}

function passwords({ password, mac_password, key_password }: SharedEntry) {
  return { password: password ?? undefined, macPassword: mac_password, keyPassword: key_password }
}

const expected = (...expectations: string[]) => {
  return sharedEntries.filter((entry) => expectations.includes(entry.expect) && !(entry.file in otherwise))
}

const refused = (code: string) => expect.stringMatching(new RegExp(`^ERR_CREDENTIAL_${code}: `))

async function expectEqual(entry: SharedEntry): Promise<void> {
  expect(summary(await read(entry))).toEqual({ keys: distinct(entry.keys), certs: distinct(entry.certs) })
}

async function expectVerdict(entry: SharedEntry, verdict: string | undefined): Promise<void> {
  if (verdict?.startsWith('refused: ')) {
    expect(summary(await read(entry))).toEqual(refused(verdict.slice('refused: '.length)))
    return
  }
  await expectEqual(entry)
  const outcome = await read(entry)
  const notes = 'opened' in outcome ? outcome.opened.notes : []
  if (verdict === 'opens with a note') expect(notes).not.toEqual([])
  else expect(verdict).toBe('opens')
}

describeShared('PKCS#12 files of the field (shared/vectors/pkcs12)', () => {
  it.each(expected('ok', 'ok-legacy', 'special'))('$file opens: all keys, all certificates', expectEqual)

  it.each(expected('ok-legacy'))('$file: a note says that it is weak', async (entry) => {
    const outcome = await read(entry)
    const notes = 'opened' in outcome ? outcome.opened.notes : []
    expect(notes.join('\n')).toMatch(/weak/i)
  })

  it.each(expected('reject', 'unknown', 'java-only'))('$file is refused ($note)', async (entry) => {
    expect(summary(await read(entry))).toEqual(refused(refusalOf(entry.file)))
  })

  it.each(expected('unsupported-ok', 'lenient', 'no-crash', 'limit', 'warn'))(
    '$file ($note)',
    async (entry) => {
      await expectVerdict(entry, choiceOf(entry.file))
    },
  )

  it.each(expected('reject-or-detect'))('$file is no PKCS#12 by itself ($note)', async (entry) => {
    expect(summary(await read(entry))).toEqual(refused('FORMAT'))
  })

  it.each(sharedEntries.filter(({ file }) => file in otherwise))('$file, judged otherwise', async (entry) => {
    await expectVerdict(asJudged(entry), otherwise[entry.file]?.verdict)
  })

  describe('without a MAC', () => {
    const opened = expected('ok', 'ok-legacy', 'special', 'reject-if-mac-required')

    it('is a file that opens only where that is allowed, with a note', async () => {
      const without: string[] = []
      for (const entry of opened) {
        const outcome = await read(entry)
        if (!('opened' in outcome) || outcome.opened.protection.mac !== undefined) continue
        without.push(entry.file)
        expect(outcome.opened.notes.join('\n'), entry.file).toMatch(/MAC/)
        const strict = await outcomeOf(sharedFile(entry.file), passwords(entry))
        expect(summary(strict), entry.file).toEqual(refused('MAC_MISSING'))
      }
      expect(without).toEqual(
        expect.arrayContaining(['gen/openssl30/nomac.p12', 'malformed/mac-stripped.p12']),
      )
    })
  })

  it('every entry is judged', () => {
    const known = new Set(sharedEntries.map(({ file }) => file))
    expect(Object.keys(otherwise).filter((file) => !known.has(file))).toEqual([])
    const kinds = distinct(sharedEntries.map((entry) => entry.expect))
    expect(kinds).toEqual([
      ...['java-only', 'lenient', 'limit', 'no-crash', 'ok', 'ok-legacy', 'reject', 'reject-if-mac-required'],
      ...['reject-or-detect', 'special', 'unknown', 'unsupported-ok', 'warn'],
    ])
  })

  it('the table of writers in docs/pkcs12.md is what the files gave', async () => {
    const files = sharedEntries.filter((entry) => ['ok', 'ok-legacy', 'special'].includes(entry.expect))
    const results = []
    for (const entry of files) results.push({ entry: asForPeers(entry), outcome: await read(entry) })
    documentedTable('writer', writerTable(results))
  })
})
