/** Validata's signer: what it costs beyond the child process. The stand-in copies an answer that lies ready. */
import { spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cmsSigner } from 'sealkit'
import { openValidataSigner } from 'sealkit/providers/validata'
import { folder, identity } from '../keys.mjs'
import { token } from '../token.mjs'

/** Seconds beyond the child process. */
const TARGET = { within: 0.005, is: '<= 5 ms' }

export async function sign() {
  if (process.platform === 'win32') return [{ name: 'sealkit', cannot: 'the stand-in is a script for sh' }]
  const { key } = await identity('RSA-2048')
  const [answer, tool, data] = ['answer.p7d', 'stand-in', 'token'].map((name) => join(folder, name))
  writeFileSync(answer, (await cmsSigner(key).signDetached(token)).der)
  writeFileSync(tool, `#!/bin/sh\nexec cp '${answer}' "$2"\n`)
  chmodSync(tool, 0o755)
  writeFileSync(data, token)
  const signer = await openValidataSigner({ tool, family: 'RSA', arguments: ['{data}', '{out}'] })
  const alone = () => run(tool, [data, join(folder, 'token.p7d')])
  const whole = () => signer.signDetached(token)
  return [
    { name: 'the child process alone', run: alone },
    { name: 'sealkit', run: whole },
    {
      name: 'sealkit, beyond the child process',
      sample: async () => ({ seconds: (await timed(whole)) - (await timed(alone)) }),
      target: TARGET,
    },
  ]
}

/** Started as sealkit starts it. */
function run(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    child.stdout.resume()
    child.stderr.resume()
    child.on('error', reject)
    child.on('close', resolve)
  })
}

async function timed(work) {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
