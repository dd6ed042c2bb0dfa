import { existsSync, realpathSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { TokenError } from '../../../src/errors.ts'
import type { Pkcs11Uri } from '../uri/index.ts'
import { KNOWN_MODULES, placesOf } from './known-modules.ts'
import { type P11KitModule, readP11Kit } from './p11-kit.ts'

/** A module that may be loaded. */
export interface ModuleCandidate {
  readonly path: string
  /** As module-name in a URI. */
  readonly name: string
  readonly vendor: string | undefined
  readonly source: 'option' | 'uri' | 'environment' | 'p11-kit' | 'known'
}

/** How modules are looked for. */
export interface FindModulesOptions {
  /** Path, or name as in a URI. Default: the environment variable SEALKIT_PKCS11_MODULE. */
  readonly module?: string | undefined
  /** Paths of the modules that may be loaded. */
  readonly allowedModules?: readonly string[] | undefined
  /** Its module-path and module-name. */
  readonly uri?: Pkcs11Uri | undefined
}

/** The machine, as a parameter for tests. */
export interface Machine {
  readonly platform: string
  readonly environment: Readonly<Record<string, string | undefined>>
  exists(path: string): boolean
  realpath(path: string): string
  p11Kit(): Promise<readonly P11KitModule[]>
}

const thisMachine: Machine = {
  platform: process.platform,
  environment: process.env,
  exists: existsSync,
  realpath: (path) => realpathSync(path),
  p11Kit: () => readP11Kit(existsSync),
}

/**
 * Finds the modules that may be loaded, and loads none. One that is named, by option, URI or environment variable, is
 * the only one; else those of p11-kit's configuration, then the vendors' in their usual places.
 *
 * @throws TokenError `ERR_TOKEN_MODULE_NOT_FOUND`, `ERR_TOKEN_MODULE_REFUSED`
 */
export async function findModules(
  options: FindModulesOptions = {},
  machine: Machine = thisMachine,
): Promise<ModuleCandidate[]> {
  const installed = await installedModules(machine)
  const named = namedModule(options, machine, installed)
  const found = named === undefined ? installed : [named]
  const allowed = options.allowedModules?.map((path) => realpathOr(machine, path))
  if (allowed === undefined) return found.length > 0 ? found : nothing()
  const permitted = found.filter(({ path }) => allowed.includes(realpathOr(machine, path)))
  if (permitted.length > 0) return permitted
  throw refused(found)
}

async function installedModules(machine: Machine): Promise<ModuleCandidate[]> {
  const kit = (await machine.p11Kit()).map(({ name, path }): ModuleCandidate => {
    return { path, name: nameOf(path) || name, vendor: undefined, source: 'p11-kit' }
  })
  const known = KNOWN_MODULES.flatMap((module) =>
    placesOf(module, machine.platform)
      .filter((path) => machine.exists(path))
      .map((path): ModuleCandidate => ({ path, name: module.name, vendor: module.vendor, source: 'known' })),
  )
  return withoutDoubles([...kit, ...known], machine)
}

/** The same file under two names is one module. */
function withoutDoubles(all: readonly ModuleCandidate[], machine: Machine): ModuleCandidate[] {
  const byPath = new Map<string, ModuleCandidate>()
  for (const each of all) {
    const path = realpathOr(machine, each.path)
    const before = byPath.get(path)
    byPath.set(path, before === undefined ? each : { ...before, vendor: before.vendor ?? each.vendor })
  }
  return [...byPath.values()]
}

function namedModule(
  { module, uri }: FindModulesOptions,
  machine: Machine,
  installed: readonly ModuleCandidate[],
): ModuleCandidate | undefined {
  const environment = machine.environment['SEALKIT_PKCS11_MODULE']
  if (module !== undefined) return byPathOrName(module, 'option', machine, installed)
  if (uri?.modulePath !== undefined) {
    // Relative to what? To a folder that whoever wrote the URI does not know.
    if (!isAbsolute(uri.modulePath)) throw notFound(uri.modulePath, 'module-path must be the whole path')
    return byPathOrName(uri.modulePath, 'uri', machine, installed)
  }
  if (uri?.moduleName !== undefined) return byName(uri.moduleName, 'uri', machine, installed)
  if (environment !== undefined && environment !== '') {
    return byPathOrName(environment, 'environment', machine, installed)
  }
  return undefined
}

function byPathOrName(
  given: string,
  source: ModuleCandidate['source'],
  machine: Machine,
  installed: readonly ModuleCandidate[],
): ModuleCandidate {
  // A bare name is never a file of the current folder: what lies there may be anyone's.
  if (!/[/\\]/.test(given)) return byName(given, source, machine, installed)
  if (!machine.exists(given)) throw notFound(given)
  return { path: given, name: nameOf(given), vendor: undefined, source }
}

function byName(
  name: string,
  source: ModuleCandidate['source'],
  machine: Machine,
  installed: readonly ModuleCandidate[],
): ModuleCandidate {
  const found = installed.find((each) => each.name === name || nameOf(each.path) === name)
  if (found !== undefined) return { ...found, source }
  const places = KNOWN_MODULES.filter((each) => each.name === name).flatMap((each) =>
    placesOf(each, machine.platform),
  )
  const names = installed.map((each) => each.name).join(', ') || 'none'
  throw notFound(
    name,
    places.length > 0 ? `it was looked for at ${places.join(', ')}` : `those found: ${names}`,
  )
}

/** The file's name without `lib` and without its ending. */
function nameOf(path: string): string {
  const [file = ''] = path.split(/[/\\]/).slice(-1)
  return file.replace(/^lib/, '').replace(/\.(so|dll|dylib)(\.\d+)*$/i, '')
}

function realpathOr(machine: Machine, path: string): string {
  try {
    return machine.realpath(path)
  } catch {
    return path
  }
}

const WAYS =
  'name it: --module FILE, module-path in the URI, or the environment variable SEALKIT_PKCS11_MODULE'

function nothing(): never {
  const hint = `install the software of the token’s vendor, or OpenSC; where it is in another place, ${WAYS}`
  throw new TokenError('ERR_TOKEN_MODULE_NOT_FOUND', 'no PKCS#11 module was found on this machine', { hint })
}

function notFound(name: string, why?: string): TokenError {
  const message = `the PKCS#11 module ${name} is not there${why === undefined ? '' : `: ${why}`}`
  return new TokenError('ERR_TOKEN_MODULE_NOT_FOUND', message, { hint: WAYS })
}

function refused(found: readonly ModuleCandidate[]): TokenError {
  const paths = found.map(({ path }) => path).join(', ') || 'none was found'
  const hint =
    'a module runs its own code here: add it to allowedModules (--allow-module) if it is to be trusted'
  return new TokenError('ERR_TOKEN_MODULE_REFUSED', `no module that may be loaded: ${paths}`, { hint })
}
