// @ts-check
/**
 * The native part of pkcs11js, built where tests and benchmarks need it. `npm ci` runs no package's scripts, and
 * who only uses or tries sealkit needs no compiler.
 */
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { npmCommand, npmEnvironment } from './install.mjs'
import { Failure, root, run, say, seconds } from './process.mjs'

const native = 'node_modules/pkcs11js/build/Release/pkcs11.node'

/**
 * Builds it when it is missing. Where that fails the suites that need it are skipped; with CI=true it is a failure.
 * @param {string} [folder] the one with node_modules
 */
export async function setUpPkcs11js(folder = root) {
  if (existsSync(join(folder, native))) return
  const start = performance.now()
  say('building pkcs11js (npm rebuild) ...')
  const [npm, ...args] = npmCommand()
  const rebuild = [
    'rebuild',
    'pkcs11js',
    '--ignore-scripts=false',
    '--foreground-scripts',
    '--prefix',
    folder,
  ]
  const { status, output } = await run(npm, [...args, ...rebuild], { capture: true, env: buildEnvironment() })
  if (status === 0 && existsSync(join(folder, native))) {
    say(`pkcs11js built, ${seconds(start)}`)
    return
  }
  const lacks = missingForBuild()
  if (lacks.length === 0) process.stderr.write(output)
  const why = lacks.length === 0 ? `npm rebuild ended with ${status}` : `it needs ${lacks.join(', ')}`
  if (process.env['CI'] === 'true') throw new Failure(`cannot build pkcs11js: ${why}`)
  say(`the suites with PKCS#11 tokens will be skipped: cannot build pkcs11js: ${why}`)
}

/** Where node's headers lie beside it, node-gyp takes them instead of fetching them. */
function buildEnvironment() {
  const env = npmEnvironment()
  const prefix = headersFolder()
  return prefix === undefined ? env : { npm_config_nodedir: prefix, ...env }
}

function headersFolder() {
  const prefix = dirname(dirname(process.execPath))
  return existsSync(join(prefix, 'include/node/node.h')) ? prefix : undefined
}

/** @returns {string[]} */
function missingForBuild() {
  const programs = ['g++', 'make', 'python3'].filter((name) => !isOnPath(name))
  const hasHeaders = headersFolder() !== undefined || npmEnvironment()['npm_config_nodedir'] !== undefined
  return hasHeaders || programs.length === 0 ? programs : [...programs, "node's headers"]
}

/** @param {string} name */
function isOnPath(name) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
