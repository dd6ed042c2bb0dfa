// @ts-check
/** `npm ci`, when node_modules is not what package-lock.json asks for. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, root, run, say, seconds } from './process.mjs'

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockEntry */

/**
 * Whether node_modules holds what the lock file asks for. npm writes what it has installed, in the same form,
 * into a lock file of its own, as its last act: without it the installation was cut short.
 * @param {string} folder the one with package-lock.json
 */
export function isInstalled(folder) {
  const hidden = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(hidden)) return false
  const wanted = readEntries(join(folder, 'package-lock.json'))
  const present = readEntries(hidden)
  for (const [path, entry] of wanted) {
    const found = present.get(path)
    // Optional packages are those of other platforms.
    if (found === undefined ? !entry.optional : !isSame(entry, found)) return false
  }
  return [...present.keys()].every((path) => wanted.has(path))
}

/**
 * @param {string} file
 * @returns {Map<string, LockEntry>}
 */
function readEntries(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  return new Map(Object.entries(packages).filter(([path]) => path !== ''))
}

/**
 * @param {LockEntry} a
 * @param {LockEntry} b
 */
function isSame(a, b) {
  return a.version === b.version && a.integrity === b.integrity
}

/**
 * The environment without what an outer `npm start` has put in about itself and its project. Settings that
 * the user gave by the environment (proxy, cache, registry) stay.
 */
export function npmEnvironment() {
  const ofTheCaller = /^npm_(package_|lifecycle_|command$|config_local_prefix$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofTheCaller.test(name)))
}

/**
 * The npm that called us, else the one on the path.
 * @returns {[command: string, ...args: string[]]}
 */
export function npmCommand() {
  const caller = process.env['npm_execpath']
  if (caller?.endsWith('npm-cli.js') && existsSync(caller)) return [process.execPath, caller]
  return ['npm']
}

/** No package may run scripts of its own: nothing here needs a compiler, or a surprise. */
export async function installPackages() {
  if (isInstalled(root)) return
  const start = performance.now()
  say('installing packages (npm ci) ...')
  const [npm, ...args] = npmCommand()
  const flags = ['--ignore-scripts', '--prefer-offline', '--include=dev', '--include=optional']
  const { status, output } = await run(npm, [...args, 'ci', ...flags], {
    capture: true,
    env: npmEnvironment(),
  })
  if (status !== 0) {
    process.stderr.write(output)
    throw new Failure(`npm ci ended with ${status}: is the registry within reach?`)
  }
  say(`packages installed, ${seconds(start)}`)
}
