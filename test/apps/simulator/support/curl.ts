/** curl as a client of the simulators: somebody else's HTTP, TLS and CONNECT. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { tempDir } from '../../../support/tools.ts'

export interface CurlAnswer {
  /** curl's exit code: 0 where there was an answer. */
  readonly exit: number | null
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly stderr: string
}

const MARK = '\n=====status '

/** A curl that trusts an authority. */
export function curlFor(ca: string): (...args: string[]) => Promise<CurlAnswer> {
  const folder = tempDir()
  const file = join(folder, 'ca.pem')
  writeFileSync(file, ca)
  return async (...args) => {
    const options = ['-q', '-sS', '-i', '--cacert', file, '--max-time', '60', '--suppress-connect-headers']
    const env = { PATH: process.env['PATH'] }
    const child = spawn('curl', [...options, '-w', `${MARK}%{http_code}`, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, stderr, [exit]] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    const all = out.toString('utf8')
    const mark = all.lastIndexOf(MARK)
    const [head = '', ...rest] = all.slice(0, mark).split('\r\n\r\n')
    const lines = head.split('\r\n').slice(1)
    const headers = Object.fromEntries(
      lines.map((line) =>
        line
          .toLowerCase()
          .split(/: (.*)/s)
          .slice(0, 2),
      ),
    )
    return {
      exit,
      status: Number(all.slice(mark + MARK.length)),
      headers,
      body: rest.join('\r\n\r\n'),
      stderr,
    }
  }
}
