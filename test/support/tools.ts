/**
 * What a suite needs from outside: Debian's programs, the shared files, a folder that goes away. Where it is
 * missing the suite is skipped and its name says why; with CI=true a missing program fails it instead.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, it } from 'vitest'

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

interface Tool {
  /** Debian packages that bring it */
  readonly packages: readonly string[]
  /** What is missing; `undefined` when it is all there */
  missing(): string | undefined
}

const tools = {
  openssl: program(['openssl'], ['openssl']),
  java: program(['java', 'javac'], ['default-jre-headless', 'default-jdk-headless']),
  bouncycastle: {
    packages: ['default-jre-headless', 'default-jdk-headless', 'libbcpkix-java'],
    missing: () => missingProgram(['java', 'javac']) ?? bouncyCastleJars.find((jar) => !existsSync(jar)),
  },
  nss: program(['cmsutil', 'certutil', 'pk12util'], ['libnss3-tools']),
  gnutls: program(['certtool'], ['gnutls-bin']),
  'gost-engine': {
    packages: ['openssl', 'libengine-gost-openssl'],
    missing: () => {
      const { status } = spawnSync('openssl', ['engine', '-t', 'gost'], { stdio: 'ignore' })
      return status === 0 ? undefined : 'the gost engine of OpenSSL'
    },
  },
  pkits: {
    packages: ['python3-cryptography-vectors'],
    missing: () => {
      const folder = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data'
      return existsSync(folder) ? undefined : "NIST's PKITS"
    },
  },
  pkcs11js: {
    packages: ['g++', 'make', 'python3'],
    missing: () => {
      const native = join(root, 'node_modules/pkcs11js/build/Release/pkcs11.node')
      return existsSync(native) ? undefined : 'the native part of pkcs11js (npm rebuild pkcs11js)'
    },
  },
  softhsm: pkcs11Module('libsofthsm2.so', ['softhsm2-util'], ['softhsm2']),
  softokn: pkcs11Module('libsoftokn3.so', ['certutil'], ['libnss3', 'libnss3-tools']),
  'p11-kit': pkcs11Module('p11-kit-client.so', ['p11-kit'], ['p11-kit', 'p11-kit-modules']),
  opencryptoki: {
    packages: ['opencryptoki'],
    missing: () => {
      if (process.getuid?.() !== 0) return 'root, whom its daemon needs,'
      return pkcs11Module('libopencryptoki.so', ['pkcsslotd', 'pkcsconf'], []).missing()
    },
  },
  opensc: program(['pkcs11-tool'], ['opensc']),
  chromium: program(['chromium'], ['chromium']),
  curl: program(['curl'], ['curl']),
  nginx: program(['nginx'], ['nginx-light']),
  zsh: program(['zsh'], ['zsh']),
  fish: program(['fish'], ['fish']),
  groff: program(['groff'], ['groff']),
} satisfies Record<string, Tool>

export type ToolName = keyof typeof tools

/** The jars that Bouncy Castle's CMS needs on the class path. */
export const bouncyCastleJars: readonly string[] = ['bcpkix', 'bcprov', 'bcutil'].map(
  (name) => `/usr/share/java/${name}.jar`,
)

/** A module of PKCS#11 with its programs. */
function pkcs11Module(file: string, names: readonly string[], packages: readonly string[]): Tool {
  return {
    packages,
    missing: () => missingProgram(names) ?? (findModule(file) === undefined ? file : undefined),
  }
}

/** Where Debian puts a module of PKCS#11: below the machine's own folder of libraries. */
export function findModule(file: string): string | undefined {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch
  const folders = [
    `${machine}-linux-gnu/pkcs11`,
    `${machine}-linux-gnu`,
    `${machine}-linux-gnu/softhsm`,
    'softhsm',
  ]
  return folders.map((folder) => join('/usr/lib', folder, file)).find((path) => existsSync(path))
}

function program(names: readonly string[], packages: readonly string[]): Tool {
  return { packages, missing: () => missingProgram(names) }
}

function missingProgram(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.find((name) => !folders.some((folder) => isExecutable(join(folder, name))))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Why a tool cannot be used, with the command that installs it; `undefined` when it is there. */
function whyNot(name: ToolName): string | undefined {
  const missing = tools[name].missing()
  if (missing === undefined) return undefined
  return `${missing} is missing: sudo apt-get install -y ${tools[name].packages.join(' ')}`
}

type Suite = () => void | Promise<void>

/** `describe` for a suite that needs tools. Without them its body does not run. */
export function describeWith(need: ToolName | readonly ToolName[], title: string, suite: Suite): void {
  const reasons = [need].flat().map(whyNot)
  describeUnless(
    reasons.find((reason) => reason !== undefined),
    title,
    suite,
  )
}

/** `describe` for a suite that reads the files in `shared` where they lie beside the project; elsewhere a skip. */
export function describeShared(title: string, suite: Suite): void {
  if (existsSync(shared('vectors'))) describe(title, suite)
  else skipped('the folder ../shared is not beside the project', title)
}

/** `describe`; a skipped suite when there is a reason against it, and with CI=true a failing one. */
export function describeUnless(reason: string | undefined, title: string, suite: Suite): void {
  if (reason === undefined) describe(title, suite)
  else if (process.env['CI'] === 'true') describe(title, () => it('has what it needs', () => fail(reason)))
  else skipped(reason, title)
}

function skipped(reason: string, title: string): void {
  describe.skip(`${title} (skipped: ${reason})`, () => it('has what it needs', () => fail(reason)))
}

function fail(reason: string): never {
  throw new Error(reason)
}

/** The path of one of the files in the folder `shared` beside the project. */
export function shared(...path: readonly string[]): string {
  return join(root, '..', 'shared', ...path)
}

const folders = new Set<string>()

/** A new folder that only this user can enter (0700). It goes when the test file has run. */
export function tempDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealkit-test-'))
  folders.add(folder)
  return folder
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  folders.clear()
})
