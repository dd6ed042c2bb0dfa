/** What sealkit writes, opened by others: each profile, kind of key and kind of password. */
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WritePkcs12Options } from '../../src/credentials/index.ts'
import { describeWith } from '../support/tools.ts'
import { documented } from './support/documented.ts'
import { ForgeReader, NodeReader, PkijsReader } from './support/p12-libraries.ts'
import { GnuTlsReader, JavaReader, NssReader, OpenSslReader } from './support/p12-programs.ts'
import {
  keyTypes,
  type P12Reader,
  type PasswordKind,
  passwords,
  profiles,
  type Sample,
} from './support/p12-reader.ts'
import { expected, writeSample } from './support/p12-samples.ts'
import { openPki, type Pki } from './support/pki.ts'

const passwordKinds = Object.keys(passwords) as PasswordKind[]
const kinds = profiles.flatMap((profile) =>
  passwordKinds.map((passwordKind) => ({ profile, passwordKind, name: `${profile}, ${passwordKind}` })),
)
/** The profile java does not write files that Java does not open. */
const isWritten = ({ profile, passwordKind }: Omit<Sample, 'keyType'>): boolean =>
  profile !== 'java' || passwordKind !== 'UTF-8'

const iterations = 2000
const otherOptions: Readonly<Record<string, Partial<WritePkcs12Options>>> = {
  'encryption AES-192-CBC': { encryption: 'AES-192-CBC', iterations },
  'encryption AES-128-CBC': { encryption: 'AES-128-CBC', iterations },
  'prf SHA-1': { prf: 'SHA-1', iterations },
  'prf SHA-384': { prf: 'SHA-384', iterations },
  'prf SHA-512': { prf: 'SHA-512', iterations },
  'kdf scrypt': { kdf: 'scrypt', macIterations: iterations },
  'mac HMAC-SHA-384': { mac: 'HMAC-SHA-384', iterations },
  'mac HMAC-SHA-512': { mac: 'HMAC-SHA-512', iterations },
  'mac PBMAC1': { mac: 'PBMAC1', iterations },
}

describeWith(['openssl', 'java', 'nss', 'gnutls'], 'PKCS#12 files that sealkit writes', () => {
  let pki: Pki
  let java: JavaReader
  let readers: readonly P12Reader[] = []

  beforeAll(async () => {
    pki = await openPki()
    java = await JavaReader.open()
    const programs = [new OpenSslReader(), java, await NssReader.open(), new GnuTlsReader()]
    readers = [...programs, new NodeReader(), new ForgeReader(), new PkijsReader()]
  })
  afterAll(() => java?.[Symbol.asyncDispose]())

  /** Opens a file with every reader, and gives what is not as it was said. */
  async function surprises(file: Uint8Array, sample: Sample): Promise<object[]> {
    const outcomes = await Promise.all(
      readers.map(async (reader) => {
        const { sees = 3, name } = reader
        const result = await reader
          .open(file, passwords[sample.passwordKind])
          .catch((error: unknown) => error)
        const can = isDeepStrictEqual(result, expected(pki, sample.keyType, sees))
        return { ...sample, name, can, said: reader.cannot(sample) ?? 'it can', result }
      }),
    )
    return outcomes.filter(({ can, said }) => can !== (said === 'it can'))
  }

  it.each(kinds.filter(isWritten))(
    '$name: keys and certificates are equal, where a reader can',
    async (kind) => {
      const found: object[] = []
      for (const keyType of keyTypes) {
        const sample = { ...kind, keyType }
        found.push(...(await surprises(await writeSample(pki, sample), sample)))
      }
      expect(found).toEqual([])
    },
  )

  it.each(kinds.filter((kind) => !isWritten(kind)))('$name: is refused', async (kind) => {
    const writing = writeSample(pki, { ...kind, keyType: 'p256' })
    await expect(writing).rejects.toMatchObject({ code: 'ERR_CREDENTIAL_PASSWORD_UNSUITABLE' })
  })

  // The profile java has those of modern, and with so many node-forge takes its time.
  it.each(['modern', 'legacy'] as const)('%s: with its own number of iterations', async (profile) => {
    const sample = { profile, keyType: 'p256', passwordKind: 'ASCII' } as const
    expect(await surprises(await writeSample(pki, sample, {}), sample)).toEqual([])
  })

  it('with other algorithms are opened as docs/interop.md says', async () => {
    const measured = new Map<string, string[]>()
    const sample = { profile: 'modern', keyType: 'rsa2048', passwordKind: 'ASCII' } as const
    for (const [name, options] of Object.entries(otherOptions)) {
      const file = await writeSample(pki, sample, options)
      const cells = readers.map(async (reader) => {
        const result = await reader.open(file, passwords.ASCII).catch(() => undefined)
        return isDeepStrictEqual(result, expected(pki, 'rsa2048', reader.sees ?? 3)) ? 'yes' : 'no'
      })
      measured.set(name, await Promise.all(cells))
    }
    expect(measured).toEqual(documented('Option of writePkcs12'))
  })

  it('are opened as docs/interop.md says', () => {
    const rows = kinds.map((kind) => [kind.name, readers.map((reader) => cell(reader, kind))] as const)
    expect(documented('Profile, password')).toEqual(new Map(rows))
  })
})

function cell(reader: P12Reader, kind: Omit<Sample, 'keyType'>): string {
  if (!isWritten(kind)) return 'not written'
  const not = keyTypes.filter((keyType) => reader.cannot({ ...kind, keyType }) !== undefined)
  if (not.length === keyTypes.length) return 'no'
  return not.length === 0 ? 'yes' : `not ${not.join(', ')}`
}
