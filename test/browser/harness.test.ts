/** The browser's stand-in in the tests: that it is one, and that nothing which goes wrong there stays unseen. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../support/tools.ts'
import { openBareNode } from './support/bare-node.ts'
import { type BundleFile, bundle } from './support/bundle.ts'
import { openChromium } from './support/chromium.ts'

let files: readonly BundleFile[]
beforeAll(async () => {
  files = await bundle()
})

describeWith('chromium', 'openChromium', () => {
  it('is a browser with WebCrypto', async () => {
    const host = await openChromium(files)
    expect(await host.run('platform')).toEqual({ node: [], webCrypto: true })
    await host.close()
    expect(host.complaints).toEqual([])
  })

  it("tells what a job throws, what the console says, and each request that is not the page's own", async () => {
    const requests: (string | undefined)[] = []
    const elsewhere = createServer(({ url }, response) => {
      requests.push(url)
      response.end()
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const host = await openChromium(files)
    const error = { name: 'RangeError', message: 'refused', code: 'ERR_OF_A_JOB' }
    await expect(host.run('misbehave', `http://127.0.0.1:${port}/`)).rejects.toMatchObject(error)
    await host.close()
    elsewhere.close()
    expect(requests).toEqual([])
    for (const seen of [
      'a message of the console',
      'a promise that nobody awaits',
      'asked for GET /not-there',
      `Connecting to 'http://127.0.0.1:${port}/' violates the following Content Security Policy`,
    ]) {
      expect(host.complaints).toContainEqual(expect.stringContaining(seen))
    }
  })

  it('fails where the page cannot load', async () => {
    const broken = files.map((file) => (file.name === 'page.js' ? { ...file, code: 'not a program' } : file))
    const host = await openChromium(broken)
    await expect(host.run('platform')).rejects.toThrow('SyntaxError')
    await host.close()
  })
})

describe('openBareNode', () => {
  it('has nothing of Node', async () => {
    const host = await openBareNode(files)
    expect(await host.run('platform')).toEqual({ node: [], webCrypto: true })
    await host.close()
    expect(host.complaints).toEqual([])
  })

  it('fails where the bundle cannot load', async () => {
    const broken = files.map((file) =>
      file.name === 'answer.js' ? { ...file, code: 'Buffer.alloc(1)' } : file,
    )
    const host = await openBareNode(broken)
    await expect(host.run('platform')).rejects.toThrow('Buffer is not defined')
    await host.close()
  })
})
