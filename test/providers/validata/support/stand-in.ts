/** The stand-in for Validata's programs, installed into a folder with keys and certificates. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeThrowAway } from '../../../../apps/demo/throw-away.ts'
import { readFolderName } from '../../../../providers/validata/run/folder-name.ts'
import { root, tempDir } from '../../../support/tools.ts'

const script = pathToFileURL(join(root, 'test/providers/validata/support/stand-in-tool.mjs')).href

/** What MOEX's token may look like. No error may show it. */
export const TOKEN = 'SAMPLE.Kq3vT9xWb2nR5yL8mZ1cF4hJ7dG0aSpEuOiQ'
export const PIN = '8642-secret-pin'

interface Identity {
  readonly key: string
  readonly certificate: string
  readonly md?: string
}

/** How the tool behaves; what `argument` is depends on the mode. */
export interface Behaviour {
  readonly mode?: string
  readonly argument?: unknown
}

/** One call of the stand-in, as it saw it. */
export interface Call {
  readonly arguments: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly pid: number
}

export class StandIn {
  readonly folder: string
  /** A private place for the folders of calls, so that other tests' are not seen. */
  readonly temporaryFolder: string
  readonly certificate: string
  readonly otherCertificate: string
  readonly #setup: Record<string, unknown>

  constructor(folder: string, temporaryFolder: string, setup: { profile: Identity; other: Identity }) {
    this.folder = folder
    this.temporaryFolder = temporaryFolder
    this.certificate = setup.profile.certificate
    this.otherCertificate = setup.other.certificate
    const names = ['default', 'Ivanov', 'Иванов И. И.', 'О\'Нил "Иван" 100%']
    const profiles = Object.fromEntries(names.map((name) => [name, setup.profile]))
    this.#setup = { profiles, other: setup.other, record: join(folder, 'calls') }
  }

  /** Puts the tool into the folder, or into one below it, under a name of Validata's. */
  install(name: string, below = ''): string {
    mkdirSync(join(this.folder, below), { recursive: true })
    const path = join(this.folder, below, name)
    writeFileSync(path, `#!${process.execPath}\nimport(${JSON.stringify(script)})\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** The environment that makes the tool behave so. */
  environment({ mode, argument }: Behaviour = {}): Record<string, string> {
    const file = join(this.folder, `setup-${mode ?? 'ok'}-${Math.random().toString(36).slice(2)}.json`)
    writeFileSync(file, JSON.stringify({ ...this.#setup, mode, argument }))
    return { STAND_IN: file, VALIDATA_PIN: PIN }
  }

  calls(): Call[] {
    const text = readFileSync(join(this.folder, 'calls'), 'utf8')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Call)
  }

  /** The private folders that are there now. */
  privateFolders(): string[] {
    return readdirSync(this.temporaryFolder).filter((name) => readFolderName(name) !== undefined)
  }
}

/** The stand-in with throw-away RSA keys. */
export async function rsaStandIn(): Promise<StandIn> {
  const folder = tempDir()
  const make = async (name: string): Promise<Identity> => {
    const { keyPem, certificate } = await makeThrowAway(name)
    const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
    writeFileSync(key, keyPem, { mode: 0o600 })
    writeFileSync(file, certificate.toPem())
    return { key, certificate: file }
  }
  return new StandIn(folder, tempDir(), {
    profile: await make('Signer of tokens'),
    other: await make('Another'),
  })
}

const engine = `openssl_conf = start
[start]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
`

/** The stand-in with the GOST keys of vectors/gost, and the environment that OpenSSL needs for them. */
export function gostStandIn(set: string): { standIn: StandIn; env: Record<string, string> } {
  const folder = tempDir()
  const identity = (name: string): Identity => ({
    key: join(root, 'vectors/gost/pki', `${name}.key`),
    certificate: join(root, 'vectors/gost/pki', `${name}.crt`),
    md: `md_gost12_${name.startsWith('512') ? 512 : 256}`,
  })
  const config = join(folder, 'openssl.cnf')
  writeFileSync(config, engine)
  const standIn = new StandIn(folder, tempDir(), { profile: identity(set), other: identity('256-b') })
  return { standIn, env: { OPENSSL_CONF: config } }
}
