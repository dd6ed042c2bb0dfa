/**
 * The module in a thread or a process of its own: the same interface, another place. The other side is a file of the
 * build, so what is tested here is the build.
 */
import { execFileSync } from 'node:child_process'
import { verify } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { issueTestCertificate } from '../../../src/credentials/index.ts'
import { describeUnless, describeWith, root } from '../../support/tools.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'

const build = join(root, 'dist/providers/pkcs11/index.js')
const isBuilt = existsSync(build)

describeWith(['pkcs11js', 'softhsm'], 'isolation', () => {
  describeUnless(isBuilt ? undefined : 'dist/ is not built', 'of the build', () => {
    let provider: typeof import('../../../providers/pkcs11/index.ts')
    let module: string
    let uri: string
    let certificate: Awaited<ReturnType<typeof issueTestCertificate>>

    beforeAll(async () => {
      provider = await import(build)
      const hsm = openSoftHsm()
      await hsm.addToken('isolated')
      module = hsm.module
      const access = { module, pin: () => userPin }
      const made = await provider.generateTokenKey({
        uri: 'pkcs11:token=isolated',
        label: 'signing',
        type: 'P-256',
        ...access,
      })
      uri = made.uri
      const key = await provider.openPkcs11RequestKey({ key: uri, ...access })
      certificate = await issueTestCertificate({ key, subject: 'CN=isolated', days: 1 })
      await key[Symbol.asyncDispose]()
    })

    const open = (isolation: 'thread' | 'process', more: object = {}) =>
      // Classes of the build and of the sources are not the same: certificates go in as PEM.
      provider.openPkcs11Key({
        key: uri,
        module,
        pin: () => userPin,
        certificate: certificate.toPem(),
        isolation,
        ...more,
      })
    const verifies = (data: Uint8Array, signature: Uint8Array): boolean => {
      const publicKey = certificate.publicKey.keyObject
      return publicKey !== undefined && nodeVerify(publicKey, data, signature)
    }

    describe.each(['thread', 'process'] as const)('in a %s', (isolation) => {
      it('signs, many at once, each over its own bytes', async () => {
        await using key = await open(isolation)
        const all = Array.from({ length: 40 }, (_, i) => Buffer.from(`content ${i}`))
        const signatures = await Promise.all(all.map((data) => key.sign(data)))
        for (const [i, signature] of signatures.entries())
          expect(verifies(all[i] as Buffer, signature)).toBe(true)
      })

      it('has the same properties as one that is not isolated', async () => {
        await using key = await open(isolation)
        expect(`${key}`).toBe(`ECDSA key of CN=isolated in ${uri}`)
        expect(key.module).toBe(module)
        expect(key.token.label).toBe('isolated')
        expect(key.algorithm.scheme).toBe('ECDSA')
        expect(JSON.stringify(key)).not.toContain(userPin)
      })

      it('asks for the PIN by the callback, once', async () => {
        const asked: unknown[] = []
        const pin = (request: unknown): string => {
          asked.push(request)
          return userPin
        }
        await using key = await open(isolation, { pin })
        await Promise.all([key.sign(Buffer.from('a')), key.sign(Buffer.from('b'))])
        expect(asked).toMatchObject([{ purpose: 'login', token: 'isolated' }])
      })

      it('gives the same errors', async () => {
        await expect(open(isolation, { key: 'pkcs11:token=isolated;object=none' })).rejects.toMatchObject({
          name: 'TokenError',
          code: 'ERR_TOKEN_KEY_NOT_FOUND',
          hint: expect.any(String),
        })
        await expect(open(isolation, { pin: undefined })).rejects.toMatchObject({
          code: 'ERR_TOKEN_PIN_REQUIRED',
        })
        const pin = (): never => {
          throw new RangeError('no PIN today')
        }
        await expect(open(isolation, { pin })).rejects.toThrow('no PIN today')
        await expect(open(isolation, { pin: () => '00000000' })).rejects.toMatchObject({
          code: 'ERR_TOKEN_PIN_WRONG',
          ckr: 'CKR_PIN_INCORRECT',
        })
      })

      it('ends a signature with its signal, and signs on', async () => {
        await using key = await open(isolation)
        const signal = AbortSignal.abort(new Error('enough'))
        await expect(key.sign(Buffer.from('a'), { signal })).rejects.toThrow('enough')
        const controller = new AbortController()
        const signing = key.sign(Buffer.from('a'), { signal: controller.signal })
        controller.abort(new Error('later'))
        await expect(signing).rejects.toThrow('later')
        expect(verifies(Buffer.from('b'), await key.sign(Buffer.from('b')))).toBe(true)
      })

      it('is disposed of once what is in flight is done, and signs no more', async () => {
        const key = await open(isolation)
        const signing = Promise.all(Array.from({ length: 10 }, () => key.sign(Buffer.from('a'))))
        await Promise.all([key[Symbol.asyncDispose](), key[Symbol.asyncDispose]()])
        expect((await signing).length).toBe(10)
        await expect(key.sign(Buffer.from('a'))).rejects.toMatchObject({ code: 'ERR_SIGNER_DISPOSED' })
      })
    })

    it('a process that ends while it signs is started again; every signature is made', async () => {
      await using key = await open('process')
      const news: string[] = []
      key.on('lost', () => news.push('lost'))
      key.on('back', () => news.push('back'))
      await key.sign(Buffer.from('a'))
      const signing = Promise.all(Array.from({ length: 30 }, () => key.sign(Buffer.from('a'))))
      killHosts()
      for (const signature of await signing) expect(verifies(Buffer.from('a'), signature)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect(news).toEqual(['lost', 'back'])
    })

    it('neither a thread nor a process keeps a program alive that has forgotten its key, nor outlives it', () => {
      const program = `
        import { openPkcs11Key } from ${JSON.stringify(build)}
        for (const isolation of ['thread', 'process']) {
          await openPkcs11Key({ key: ${JSON.stringify(uri)}, module: ${JSON.stringify(module)}, pin: () => '${userPin}',
            certificate: ${JSON.stringify(certificate.toPem())}, isolation })
        }
        console.log('end')`
      const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        timeout: 60_000,
      })
      expect(printed.toString()).toBe('end\n')
      expect(hostsOf(undefined)).toEqual([])
    })

    it('the PIN is in no argument and no variable of the process', async () => {
      await using key = await open('process')
      await key.sign(Buffer.from('a'))
      const hosts = hostsOf(process.pid)
      expect(hosts.length).toBe(1)
      for (const pid of hosts) {
        for (const file of ['cmdline', 'environ']) {
          expect(readFileSync(`/proc/${pid}/${file}`, 'latin1')).not.toContain(userPin)
        }
      }
    })

    it('takes no interface of a test’s, and no other word', async () => {
      await expect(open('process', { cryptoki: async () => undefined })).rejects.toThrow(TypeError)
      await expect(open('elsewhere' as 'thread')).rejects.toThrow(TypeError)
    })
  })
})

function nodeVerify(key: import('node:crypto').KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return verify('sha256', data, key, signature)
}

/** Processes that run the other side for a parent, or whose parent is gone. */
function hostsOf(parent: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('isolation/host.js')) return false
        const [, ppid] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
        return Number(ppid) === (parent ?? 1)
      } catch {
        return false
      }
    })
    .map(Number)
}

function killHosts(): void {
  for (const pid of hostsOf(process.pid)) process.kill(pid, 'SIGKILL')
}
