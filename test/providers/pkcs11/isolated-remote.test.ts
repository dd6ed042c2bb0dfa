/**
 * A token that is far away, with its module in a thread or a process of its own: lost and found again as here. That
 * side is started from a file by Node itself, so the package is taken as it is built.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pkcs11Key, Pkcs11KeyOptions } from '../../../providers/pkcs11/index.ts'
import { build } from '../../../scripts/build.mjs'
import { verifySignature } from '../../../src/algorithms/index.ts'
import { cmsSigner } from '../../../src/signer/index.ts'
import { describeWith, root } from '../../support/tools.ts'
import { useJudges } from './support/judges.ts'
import { P11KitServer } from './support/p11-kit-server.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'
import { makeKey, type TokenKey } from './support/token-tool.ts'

const content = Buffer.from('the content')
const needs = ['pkcs11js', 'p11-kit', 'softhsm', 'opensc', 'openssl', 'bouncycastle'] as const
type Open = (options: Pkcs11KeyOptions) => Promise<Pkcs11Key>

describeWith(needs, 'a token that is far away, its module elsewhere', () => {
  const judges = useJudges()
  let openPkcs11Key: Open
  let key: TokenKey
  let server: P11KitServer

  beforeAll(async () => {
    await build()
    const built = pathToFileURL(join(root, 'dist/providers/pkcs11/index.js')).href
    openPkcs11Key = ((await import(built)) as { openPkcs11Key: Open }).openPkcs11Key
    const token = await openSoftHsm().addToken('far away')
    key = await makeKey(token, judges.pki, { label: 'key', id: '01', kind: 'RSA-2048' })
    server = new P11KitServer(token)
    await server.start()
  })
  afterAll(() => server?.kill())

  const openIn = (isolation: 'thread' | 'process') =>
    openPkcs11Key({ key: key.uri, module: server.module, pin: () => userPin, isolation, maxSessions: 8 })

  it('a process whose token does not answer any more: given up by a signal, and disposed of', async () => {
    const opened = await openIn('process')
    server.freeze()
    try {
      const signal = AbortSignal.timeout(300)
      await expect(opened.sign(content, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
      await opened[Symbol.asyncDispose]()
    } finally {
      server.thaw()
    }
  })

  describe.each(['thread', 'process'] as const)('%s', (isolation) => {
    const open = () => openIn(isolation)
    const isRight = ({ algorithm, certificate }: Pkcs11Key, data: Uint8Array, signature: Uint8Array) =>
      verifySignature(algorithm, certificate.publicKey, data, signature)

    it('accepted', async () => {
      await using signer = cmsSigner(await open())
      await judges.expectAccepted((await signer.signDetached(content)).der, content)
    })

    it('the server is killed while signatures are in flight, and is back at once', async () => {
      await using opened = await open()
      const all = Array.from({ length: 100 }, (_, index) => Buffer.from(`content ${index}`))
      const signing = Promise.allSettled(all.map((data) => opened.sign(data)))
      await opened.sign(content)
      await server.kill()
      await server.start()
      const answers = (await signing).map((result, index) => {
        if (result.status === 'rejected') return result.reason.code
        return isRight(opened, all[index] as Buffer, result.value) ? 'signed' : 'wrong'
      })
      expect(answers.filter((answer) => answer !== 'signed' && answer !== 'ERR_TOKEN_LOST')).toEqual([])
      expect(isRight(opened, content, await opened.sign(content))).toBe(true)
    })

    it('stays away, and comes back: told once each time', async () => {
      await using opened = await open()
      const told: string[] = []
      for (const event of ['lost', 'back'] as const)
        opened.on(event, ({ uri }) => void told.push(`${event} ${uri}`))
      await server.kill()
      for (let time = 0; time < 2; time++) {
        await expect(opened.sign(content)).rejects.toMatchObject({ code: 'ERR_TOKEN_LOST' })
      }
      await server.start()
      await opened.sign(content)
      await opened.sign(content)
      await new Promise((resolve) => setImmediate(resolve))
      expect(told).toEqual([`lost ${opened.uri}`, `back ${opened.uri}`])
    })
  })
})
