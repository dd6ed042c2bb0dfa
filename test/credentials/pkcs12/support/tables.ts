/** The tables of docs/pkcs12.md, computed from what reading gave. */
import type { OwnEntry, SharedEntry } from './entries.ts'
import { distinct, type Outcome, summary } from './outcome.ts'

interface Result<E> {
  readonly entry: E
  readonly outcome: Outcome
}

/** The readers whose figures the shared index has, in the order of the table's columns. */
const readers: readonly (readonly [heading: string, reader: string])[] = [
  ['OpenSSL 3.0', 'openssl30'],
  ['3.0 -legacy', 'openssl30-legacy'],
  ['Java 17', 'java17'],
  ['Java 25', 'java25'],
  ['NSS 3.110', 'nss3110'],
  ['GnuTLS 3.8', 'certtool38'],
  ['pyca 50', 'py50'],
  ['Node 20', 'node20'],
  ['Node 26', 'node26'],
  ['forge', 'forge'],
  ['pkijs', 'pkijs'],
]

/** All keys and all certificates of the file, and nothing else. */
function isEqual({ entry, outcome }: Result<OwnEntry | SharedEntry>): boolean {
  const wanted = { keys: distinct(entry.keys), certs: distinct(entry.certs) }
  return JSON.stringify(summary(outcome)) === JSON.stringify(wanted)
}

/** One row for each class of the project's own files. */
export function classTable(results: readonly Result<OwnEntry>[]): string[][] {
  const rows = grouped(results, ({ entry }) => entry.class).map(([name, files]) => {
    const right = files.filter((result) => {
      const { entry, outcome } = result
      return entry.expect === 'ok' ? isEqual(result) : 'refused' in outcome && outcome.refused === entry.code
    })
    const codes = distinct(files.flatMap(({ outcome }) => ('refused' in outcome ? [outcome.refused] : [])))
    const verb = codes.length === 0 ? 'opened' : 'refused'
    const how = codes.map((code) => ` \`${code.replace('ERR_CREDENTIAL_', '')}\``).join(',')
    return [name, String(files.length), `${verb} ${right.length}${how === '' ? '' : `:${how}`}`]
  })
  return [['class of file', 'files', 'sealkit'], ...rows]
}

/** One row for each writer of the shared files: how many each reader opens with every key and certificate. */
export function writerTable(results: readonly Result<SharedEntry>[]): string[][] {
  const row = (name: string, files: readonly Result<SharedEntry>[]) => {
    const peers = readers.map(
      ([, reader]) => files.filter(({ entry }) => entry.reads?.[reader] === 'Y').length,
    )
    return [name, files.length, files.filter(isEqual).length, ...peers].map(String)
  }
  const groups = grouped(results, ({ entry }) => entry.writer)
  return [
    ['writer', 'files', 'sealkit', ...readers.map(([heading]) => heading)],
    ...groups.map(([name, files]) => row(name, files)),
    row('all', results),
  ]
}

function grouped<T>(items: readonly T[], nameOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item])
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}
