/** From a cold start to a token of Clearstream's simulator: the command line beside curl. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder } from '../keys.mjs'

const sealkit = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url))

export async function token() {
  const { files, url } = await simulator()
  const [user] = readFileSync(join(files, 'sealkit.toml'), 'utf8').match(/(?<=username = ")[^"]+/) ?? []
  const password = readFileSync(join(files, 'clearstream-password'), 'utf8').trim()
  const form = join(folder, 'form')
  const fields = { grant_type: 'password', scope: 'allow ocapi-playground-v1', username: user, password }
  writeFileSync(form, new URLSearchParams(fields).toString(), { mode: 0o600 })
  const curl = [
    ...['--silent', '--fail', '--noproxy', '*', '--data', `@${form}`, url],
    ...['--cert', join(files, `ocapi-${user}-ssl.pem`), '--cacert', join(files, 'ca.pem')],
  ]
  const config = ['--config', join(files, 'sealkit.toml'), '--profile', 'simulated-clearstream']
  return [
    missing('curl') ?? { name: 'curl', run: () => run('curl', curl) },
    {
      name: 'sealkit clearstream token',
      run: () => run(process.execPath, [sealkit, 'clearstream', 'token', '--no-store', ...config]),
    },
    { name: 'node, doing nothing', run: () => run(process.execPath, ['-e', '']) },
  ]
}

function missing(program) {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' })
  return error && { name: program, cannot: `${program} is not installed` }
}

async function run(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}

let started

function simulator() {
  started ??= start()
  return started
}

async function start() {
  const files = join(folder, 'simulator')
  const args = ['simulate', 'clearstream', '--out', files, '--json']
  const child = spawn(process.execPath, [sealkit, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  process.on('exit', () => child.kill())
  const [line] = await once(child.stdout, 'data')
  child.unref()
  child.stdout.unref()
  return { files, url: JSON.parse(String(line)).clearstream.token }
}
