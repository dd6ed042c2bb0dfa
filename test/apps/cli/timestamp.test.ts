/** `sign --timestamp`: what the authority answers decides the exit code. The authority is OpenSSL's, over HTTP. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { der } from '../../../src/asn1/index.ts'
import { openPki } from '../../interop/support/pki.ts'
import { openTsa, type Tsa } from '../../interop/support/tsa.ts'
import { describeWith } from '../../support/tools.ts'
import { SIGN, sealkit, workFolder } from './support/program.ts'

let cwd: string
const servers: Server[] = []
beforeAll(async () => {
  cwd = await workFolder()
})
afterAll(() => {
  for (const server of servers) server.close()
})

async function serve(tsa: Tsa, status = 200): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      response.writeHead(status, { 'content-type': 'application/timestamp-reply' })
      response.end(await tsa(Buffer.concat(chunks)))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa?key=secret-in-url`
}

const sign = (url: string) =>
  sealkit([...SIGN, '--in', 'token.txt', '--timestamp', url, '--out', 'stamped.sig', '--force'], { cwd })

describeWith('openssl', 'an authority that answers', () => {
  it('puts a timestamp into the signature, which verify reports', async () => {
    const url = await serve(openTsa(await openPki()))
    expect(await sign(url)).toMatchObject({ code: 0, stderr: '' })
    const check = ['verify', '--signature-only', '--signature', 'stamped.sig', '--content', 'token.txt']
    const { code, stdout } = await sealkit(check, { cwd })
    expect(stdout.toString()).toMatch(
      /^ {2}timestamp {5}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC by CN=tsa,.*: good, certificate not validated$/m,
    )
    expect(stdout.toString()).toMatch(/^ {16}ok {6}timestamp over this signature$/m)
    expect(code).toBe(0)
    const json = JSON.parse((await sealkit([...check, '--json'], { cwd })).stdout.toString())
    const [timestamp] = json.signers[0].timestamps
    expect(Object.keys(timestamp)).toEqual([
      'verdict',
      'reason',
      'reasonText',
      'detail',
      'time',
      'policy',
      'signer',
    ])
    expect(timestamp).toMatchObject({
      verdict: 'certificate-not-validated',
      time: expect.stringMatching(/Z$/),
    })
  })

  it('refuses the digest: 4', async () => {
    const { code, stderr } = await sign(await serve(openTsa(await openPki(), { digests: ['SHA-512'] })))
    expect(stderr).toMatch(/^sealkit: the timestamp authority refused: /)
    expect(code).toBe(4)
  })
})

describe('an authority', () => {
  it('that refuses: 4, and what it says cannot drive the terminal', async () => {
    const text = der.sequence([der.utf8String('\x1b[2Jgo away')])
    const response = der.sequence([der.sequence([der.integer(2), text])])
    const { code, stderr } = await sign(await serve(async () => response))
    expect(stderr).toBe('sealkit: the timestamp authority refused: \\u{1b}[2Jgo away\n')
    expect(code).toBe(4)
  })

  it('that is not there: 5, without its URL, which may hold a secret', async () => {
    const { code, stderr } = await sign('http://127.0.0.1:1/tsa?key=secret-in-url')
    expect(stderr).toMatch(/^sealkit: timestamp authority 127\.0\.0\.1:1: no connection\n/)
    expect(stderr).not.toMatch(/secret-in-url/)
    expect(code).toBe(5)
  })

  it('whose URL holds a password: 2', async () => {
    const { code, stderr } = await sign('http://user:secret-in-url@127.0.0.1:1/')
    expect(stderr).toMatch(/^sealkit: --timestamp takes no URL with a name or password in it\n/)
    expect(stderr).not.toMatch(/secret-in-url/)
    expect(code).toBe(2)
  })

  it('that answers nonsense: 6', async () => {
    const { code, stderr } = await sign(await serve(async () => Buffer.from('<html>maintenance</html>')))
    expect(stderr).toMatch(/^sealkit: the authority did not answer with a TimeStampResp/)
    expect(code).toBe(6)
  })
})
