/** nginx as a terminator of mutual TLS in front of a server: a process of its own, with a configuration of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempDir } from '../../support/tools.ts'

export interface NginxOptions {
  /** The server's certificates and key, in PEM. */
  readonly cert: string
  readonly key: string
  /** Issues the clients' certificates, in PEM. */
  readonly clientCa: string
  readonly protocol: 'TLSv1.2' | 'TLSv1.3'
  /** Where requests go to, by http. */
  readonly upstream: string
  /** `optional` leaves the refusal to what is behind. */
  readonly verify?: 'on' | 'optional'
}

export interface Nginx extends AsyncDisposable {
  readonly url: string
  readonly folder: string
}

/** A port that was free a moment ago: nginx takes no 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts it, and waits until it listens. */
export async function startNginx({
  cert,
  key,
  clientCa,
  protocol,
  upstream,
  verify = 'on',
}: NginxOptions): Promise<Nginx> {
  const folder = tempDir()
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const port = await freePort()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => {
    mkdirSync(join(folder, name))
    return `${name}_temp_path ${join(folder, name)};`
  })
  const file = put(
    'nginx.conf',
    `
daemon off;
master_process off;
worker_processes 1;
pid ${join(folder, 'pid')};
error_log ${join(folder, 'error.log')} info;
events { worker_connections 256; }
http {
  access_log off;
  ${paths.join('\n  ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${put('cert.pem', cert)};
    ssl_certificate_key ${put('key.pem', key)};
    ssl_protocols ${protocol};
    ssl_client_certificate ${put('clients.pem', clientCa)};
    ssl_verify_client ${verify};
    location / {
      proxy_pass ${upstream};
      proxy_set_header X-Client-Subject $ssl_client_s_dn;
      proxy_set_header X-Client-Protocol $ssl_protocol;
    }
  }
}
`,
  )
  const child = spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const closed = once(child, 'close')
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`nginx has ended: ${said}`)
    await sleep(20)
  }
  return {
    url: `https://localhost:${port}`,
    folder,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await closed
    },
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
