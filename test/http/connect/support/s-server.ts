/** OpenSSL's own server, which is not Node and can speak what Node does not. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from '../../../support/tools.ts'
import type { Issued } from '../../support/authority.ts'

export interface OpensslServer extends AsyncDisposable {
  readonly port: number
}

/** @param more arguments; `{ca}` stands for the file with the authority of the clients, `{cert}` and `{key}` for the server's */
export async function startOpenssl(
  identity: Issued,
  more: readonly string[],
  clients = '',
): Promise<OpensslServer> {
  const folder = tempDir()
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const cert = file('cert.pem', identity.cert)
  const key = file('key.pem', identity.key)
  const own = ['-cert', cert, '-key', key]
  const ca = file('ca.pem', clients)
  const args = more.map((each) => each.replace('{ca}', ca).replace('{cert}', cert).replace('{key}', key))
  const command = ['s_server', '-accept', '127.0.0.1:0', '-www', ...own, ...args]
  const child = spawn('openssl', command, { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk
    if (/ACCEPT .*:\d+\n/.test(text)) break
  }
  child.stdout.resume()
  return {
    port: Number(/ACCEPT .*:(\d+)\n/.exec(text)?.[1]),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    },
  }
}
