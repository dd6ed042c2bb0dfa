/** Friendly names with all kinds of characters, as readers give them out. */
import { beforeAll, expect, it } from 'vitest'
import { writePkcs12 } from '../../src/credentials/index.ts'
import { describeWith } from '../support/tools.ts'
import { documented } from './support/documented.ts'
import { forgeNames } from './support/p12-libraries.ts'
import { gnuTlsNames, JavaReader, nssNames, opensslNames } from './support/p12-programs.ts'
import { keyEntry } from './support/p12-samples.ts'
import { openPki, type Pki } from './support/pki.ts'

const password = 'changeit'
const names = {
  ASCII: 'sealkit key',
  'Latin-1': 'Schlüssel',
  BMP: 'ключ 鍵',
  'beyond the BMP': '🔑 \u{20000}',
}

describeWith(['openssl', 'java', 'nss', 'gnutls'], 'friendly names', () => {
  let pki: Pki
  beforeAll(async () => {
    pki = await openPki()
  })

  it('are given out as docs/interop.md says', async () => {
    await using java = await JavaReader.open()
    const measured = new Map<string, string[]>()
    for (const [kind, friendlyName] of Object.entries(names)) {
      const keys = [{ ...keyEntry(pki, 'rsa2048'), friendlyName }]
      const file = await writePkcs12({ keys }, { password, iterations: 2000 })
      const given = [
        await opensslNames(file, password),
        (await java.entries(file, password)).map(({ alias }) => alias),
        await nssNames(file, password),
        await gnuTlsNames(file, password),
        forgeNames(file, password),
      ]
      measured.set(
        kind,
        given.map((each) => (each.some((name) => sameAlias(name, friendlyName)) ? 'yes' : 'garbled')),
      )
    }
    expect(measured).toEqual(documented('Friendly name'))
  })
})

/** Java's aliases are in lower case. */
function sameAlias(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
