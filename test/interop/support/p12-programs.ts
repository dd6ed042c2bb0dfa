/** Programs that open PKCS#12 files. Passwords go by files, never by arguments. */

import { readdirSync } from 'node:fs'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Oid } from '../../../src/algorithms/oids.ts'
import { der } from '../../../src/asn1/index.ts'
import { cachedFolder } from './cache.ts'
import { JavaTool } from './java-tool.ts'
import {
  type Found,
  found,
  type P12Reader,
  pemBlocks,
  pemBytes,
  publicKeyId,
  type Sample,
} from './p12-reader.ts'
import { mustRun, withFolder } from './run.ts'

export class OpenSslReader implements P12Reader {
  readonly name = 'OpenSSL'

  cannot(): string | undefined {
    return undefined
  }

  async open(file: Uint8Array, password: string): Promise<Found> {
    return await withFolder(async (folder) => {
      const [path, secret] = [
        await folder.put('file.p12', file),
        await folder.put('password', `${password}\n`),
      ]
      const { stdout } = await mustRun('openssl', [
        ...['pkcs12', '-in', path, '-noenc', '-passin', `file:${secret}`],
      ])
      const text = stdout.toString()
      const [key, ...others] = pemBlocks(text, /PRIVATE KEY/)
      if (others.length > 0) throw new Error('two keys')
      return found(key, pemBlocks(text, /^CERTIFICATE$/).map(pemBytes))
    })
  }
}

/** Takes the key out by using it: a certificate request that it signed. */
export class NssReader implements P12Reader {
  readonly name = 'NSS'
  readonly #database: string

  private constructor(database: string) {
    this.#database = database
  }

  static async open(): Promise<NssReader> {
    const folder = await cachedFolder('nss-empty', ['1'], async (draft) => {
      await mustRun('certutil', ['-N', '--empty-password', '-d', `sql:${draft}`])
    })
    return new NssReader(folder)
  }

  cannot({ keyType }: Sample): string | undefined {
    if (keyType === 'ed25519' || keyType === 'ed448') return 'NSS 3.87 has no EdDSA'
    return undefined
  }

  async open(file: Uint8Array, password: string): Promise<Found> {
    return await withFolder(async (folder) => {
      const [path, secret] = [
        await folder.put('file.p12', file),
        await folder.put('password', `${password}\n`),
      ]
      const [empty, out] = [await folder.put('empty', '\n'), folder.at('request')]
      const database = folder.at('database')
      await cp(this.#database, database, { recursive: true })
      const nss = ['-d', `sql:${database}`]
      await mustRun('pk12util', ['-i', path, '-w', secret, '-k', empty, ...nss])
      // Writes each certificate to a file of its own.
      await mustRun('pk12util', ['-l', path, '-w', secret, '-r', ...nss], { cwd: folder.path })
      const names = (await readdir(folder.path)).filter((name) => /^file\d+\.der$/.test(name))
      const certificates = await Promise.all(names.map((name) => readFile(folder.at(name))))
      const keys = (await mustRun('certutil', ['-K', '-f', empty, ...nss])).stdout.toString()
      const id = /^< 0> +\S+ +([0-9a-f]{40}) /m.exec(keys)?.[1]
      if (id === undefined) throw new Error(`no key: ${keys}`)
      const request = ['-R', '-k', id, '-s', 'CN=request', '-Z', 'SHA256', '-o', out, '-f', empty]
      await mustRun('certutil', [...request, ...nss])
      const check = ['req', '-in', out, '-inform', 'DER', '-verify', '-noout', '-pubkey']
      const [publicKey = ''] = pemBlocks((await mustRun('openssl', check)).stdout.toString(), /PUBLIC KEY/)
      return { ...found(undefined, certificates), key: publicKeyId(publicKey) }
    })
  }
}

export class GnuTlsReader implements P12Reader {
  readonly name = 'GnuTLS'

  cannot(): string | undefined {
    return undefined
  }

  async open(file: Uint8Array, password: string): Promise<Found> {
    return await withFolder(async (folder) => {
      const path = await folder.put('file.p12', file)
      const template = ['--template', await folder.put('template', `password = "${password}"\n`)]
      const empty = password === '' ? ['--empty-password'] : []
      const options = [...template, ...empty]
      const bags = await mustRun('certtool', ['--p12-info', '--inder', '--infile', path, ...options])
      const text = bags.stdout.toString()
      const [encrypted = ''] = pemBlocks(text, /^ENCRYPTED PRIVATE KEY$/)
      const key = ['--key-info', '--pkcs8', '--infile', await folder.put('key', encrypted)]
      const opened = (await mustRun('certtool', [...key, ...options])).stdout.toString()
      return found(plainKey(opened), pemBlocks(text, /^CERTIFICATE$/).map(pemBytes))
    })
  }
}

/**
 * What certtool prints of an EC key lacks the curve (RFC 5915 parameters), which its text says. With an empty
 * password it prints other keys encrypted anew.
 */
function plainKey(text: string): string | Uint8Array | undefined {
  const [key] = pemBlocks(text, /^((RSA|EC|ENCRYPTED) )?PRIVATE KEY$/)
  if (key === undefined || !key.includes('BEGIN EC')) return key
  const curve = CURVES.get(/^curve:\s*(\w+)/m.exec(text)?.[1] ?? '')
  if (curve === undefined) throw new Error('no curve')
  const algorithm = der.sequence([der.oid(Oid.ecPublicKey), der.oid(curve)])
  return der.sequence([der.integer(0), algorithm, der.octetString(pemBytes(key))])
}

const CURVES = new Map([
  ['SECP256R1', Oid.secp256r1],
  ['SECP384R1', Oid.secp384r1],
  ['SECP521R1', Oid.secp521r1],
])

/** An entry of a Java key store. */
export interface JavaEntry {
  readonly alias: string
  /** Base64 */
  readonly key: string | null
  /** Base64 */
  readonly certificates: readonly string[]
}

/** Java's KeyStore; keytool is made of it. */
export class JavaReader implements P12Reader {
  readonly name = 'Java'
  readonly #tool: JavaTool

  private constructor(tool: JavaTool) {
    this.#tool = tool
  }

  static async open(): Promise<JavaReader> {
    const folder = fileURLToPath(new URL('.', import.meta.url))
    const own = readdirSync(join(folder, 'keystore-tool')).map((name) => join(folder, 'keystore-tool', name))
    const common = ['Json.java', 'Request.java'].map((name) => join(folder, 'cms-tool', name))
    const program = { name: 'keystore-tool', main: 'KeyStoreTool', sources: [...own, ...common], jars: [] }
    return new JavaReader(await JavaTool.start(program))
  }

  cannot({ passwordKind }: Sample): string | undefined {
    if (passwordKind === 'UTF-8') return 'Java 17 wants a password of ASCII: "Password is not ASCII"'
    return undefined
  }

  async entries(file: Uint8Array, password: string): Promise<readonly JavaEntry[]> {
    const fields = [
      ['file', file],
      ['password', password],
    ] as const
    return (await this.#tool.request('entries', fields)) as JavaEntry[]
  }

  async open(file: Uint8Array, password: string): Promise<Found> {
    const [entry, ...others] = await this.entries(file, password)
    if (entry === undefined || others.length > 0) throw new Error(`${others.length + 1} entries, or none`)
    const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))
    return found(entry.key === null ? undefined : bytes(entry.key), entry.certificates.map(bytes))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tool[Symbol.asyncDispose]()
  }
}

/** Runs a program on a file and its password, each a file, and gives the names that it prints. */
async function namesBy(
  file: Uint8Array,
  password: string,
  command: string,
  args: (path: string, secret: string) => readonly string[],
  line: RegExp,
): Promise<string[]> {
  return await withFolder(async (folder) => {
    const secret = await folder.put('password', `${password}\n`)
    const path = await folder.put('file.p12', file)
    await folder.put('template', `password = "${password}"\n`)
    // A locale of UTF-8: the names are to be compared.
    const { stdout } = await mustRun(command, args(path, secret), {
      cwd: folder.path,
      env: { LC_ALL: 'C.UTF-8' },
    })
    return Array.from(stdout.toString().matchAll(line), ([, name = '']) => name)
  })
}

export function opensslNames(file: Uint8Array, password: string): Promise<string[]> {
  const args = (path: string, secret: string) => [
    'pkcs12',
    '-in',
    path,
    '-noenc',
    '-passin',
    `file:${secret}`,
  ]
  return namesBy(file, password, 'openssl', args, /friendlyName: (.*)/g)
}

export function nssNames(file: Uint8Array, password: string): Promise<string[]> {
  return namesBy(
    file,
    password,
    'pk12util',
    (path, secret) => ['-l', path, '-w', secret],
    /Friendly Name: (.*)/g,
  )
}

export function gnuTlsNames(file: Uint8Array, password: string): Promise<string[]> {
  const args = (path: string) => ['--p12-info', '--inder', '--infile', path, '--template', 'template']
  return namesBy(file, password, 'certtool', args, /Friendly name: (.*)/g)
}
