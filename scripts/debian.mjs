// @ts-check
/** Installs the Debian packages that the tests need and this machine lacks. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { debianPackages } from './debian-packages.mjs'
import { Failure, run, say, seconds } from './process.mjs'

/**
 * @param {readonly string[]} wanted
 * @returns {string[]} those that dpkg does not have
 */
function missingPackages(wanted) {
  const format = '$' + '{Package} $' + '{db:Status-Status}\n'
  const { stdout } = spawnSync('/usr/bin/dpkg-query', ['-W', '-f', format, ...wanted], { encoding: 'utf8' })
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')))
  return wanted.filter((name) => !installed.has(`${name} installed`))
}

/**
 * As root they are installed; else the command is told, and the suites that need them are skipped. With
 * CI=true a missing package is a failure: a run that proves less than it says is worse than none.
 */
export async function setUpDebianPackages() {
  const wanted = debianPackages.filter(({ now }) => now).map(({ name }) => name)
  const isCi = process.env['CI'] === 'true'
  if (!existsSync('/usr/bin/dpkg-query') || !existsSync('/usr/bin/apt-get')) {
    if (!isCi) return
    throw new Failure(`CI needs a Debian machine, for ${wanted.join(', ')}`)
  }
  const missing = missingPackages(wanted)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0) {
    if (isCi) throw new Failure(`Debian packages are missing: sudo ${command}`)
    say(`some suites will be skipped; to run them too: sudo ${command}`)
    return
  }
  if (await install(missing)) return
  if (isCi) throw new Failure(`cannot install the Debian packages that the tests need: ${missing.join(', ')}`)
  say(`some suites will be skipped: ${missing.join(', ')} could not be installed`)
}

/** @param {readonly string[]} names */
async function install(names) {
  const start = performance.now()
  say(`installing Debian packages: ${names.join(' ')} ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  /** @param {string[]} args */
  const aptGet = (args) => run('/usr/bin/apt-get', [...wait, ...args], { capture: true, env })
  const installation = ['install', '-y', '--no-install-recommends', ...names]
  let result = await aptGet(installation)
  if (result.status !== 0) {
    // Most often the package lists are missing or old.
    const update = await aptGet(['update'])
    result = update.status === 0 ? await aptGet(installation) : update
  }
  if (result.status === 0) say(`Debian packages installed, ${seconds(start)}`)
  else process.stderr.write(result.output)
  return result.status === 0
}
