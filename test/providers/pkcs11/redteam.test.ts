/** Attacks on the provider that once went through. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeUnless, describeWith, root } from '../../support/tools.ts'
import { FakeCryptoki, openFake } from './support/fake-cryptoki.ts'
import { fakeRsa, fakeToken } from './support/fake-token.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'

const data = Buffer.from('to be signed')

/** A fake that notes logins in sessions from before its last start: of real modules those numbers come again. */
class Watched extends FakeCryptoki {
  stale = 0
  isLost = false
  readonly #open = new Set<string>()

  override C_Initialize(options: { flags: number }): void {
    this.isLost = false
    super.C_Initialize(options)
  }
  override C_Finalize(): void {
    this.#open.clear()
    super.C_Finalize()
  }
  override C_OpenSession(slot: Buffer): Buffer {
    const session = super.C_OpenSession(slot)
    this.#open.add(session.toString('hex'))
    return session
  }
  override C_CloseSession(session: Buffer): void {
    if (!this.#open.has(session.toString('hex'))) this.stale++
    super.C_CloseSession(session)
  }
  override C_Login(session: Buffer, user: number, pin: string): void {
    if (!this.#open.has(session.toString('hex'))) this.stale++
    super.C_Login(session, user, pin)
  }
}

describe('a PIN that is asked for', () => {
  it('goes into no session from before the module was started anew', async () => {
    const [first, second] = [await fakeRsa({ label: 'first' }), await fakeRsa({ label: 'second' })]
    const fake = new Watched(
      fakeToken({ label: 'one', pin: '11111111', objects: [...first.objects] }),
      fakeToken({ label: 'two', pin: '22222222', objects: [...second.objects] }),
    )
    fake.script = (call) =>
      fake.isLost && !/C_(Initialize|Finalize)/.test(call) ? 'CKR_DEVICE_ERROR' : undefined
    await using one = await openFake(fake, { key: 'pkcs11:token=one', pin: () => '11111111' })
    const pin = async (): Promise<string> => {
      fake.isLost = fake.pins.length === 1
      expect(await one.sign(data)).toHaveLength(256)
      return '22222222'
    }
    await using two = await openFake(fake, { key: 'pkcs11:token=two', pin })
    expect(await two.sign(data)).toHaveLength(256)
    expect(fake.stale).toBe(0)
  })

  it('does not hold up who has stopped waiting', async () => {
    const fake = new FakeCryptoki(fakeToken({ objects: [...(await fakeRsa()).objects] }))
    const controller = new AbortController()
    const pin = (): Promise<string> => {
      setImmediate(() => controller.abort(new Error('enough')))
      return new Promise(() => {})
    }
    await expect(openFake(fake, { pin, signal: controller.signal })).rejects.toThrow('enough')
    expect(fake.openSessions).toBe(0)
    expect(fake.initialized).toBeUndefined()
  })
})

it('a label does not drive the terminal or the log that an error goes to', async () => {
  const label = '\u001b[31mred\r\n\u202eder'
  const fake = new FakeCryptoki(fakeToken({ label, objects: [...(await fakeRsa()).objects] }))
  const failures = [{ pin: () => '00000000' }, { pin: undefined }, { key: 'pkcs11:object=none' }]
  for (const options of failures) {
    const error = await openFake(fake, options).then(String, (reason: Error) => reason.message)
    expect(error).toContain(String.raw`\u{1b}[31mred\u{d}\u{a}\u{202e}der`)
    expect(error).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  }
})

const build = join(root, 'dist/providers/pkcs11/index.js')

describeWith(['pkcs11js', 'softhsm'], 'a module in a process of its own', () => {
  describeUnless(existsSync(build) ? undefined : 'dist/ is not built', 'of the build', () => {
    let provider: typeof import('../../../providers/pkcs11/index.ts')
    let credentials: typeof import('../../../src/credentials/index.ts')
    let module: string
    const pin = (): string => userPin

    beforeAll(async () => {
      provider = await import(build)
      credentials = await import(join(root, 'dist/src/credentials/index.js'))
      const hsm = openSoftHsm()
      for (const label of ['swapped', 'counted', 'valued']) await hsm.addToken(label)
      module = hsm.module
    })

    /** A key called `signing` with a certificate in the token. */
    async function makeKey(token: string, id: number): Promise<string> {
      const { uri } = await provider.generateTokenKey({
        uri: `pkcs11:token=${token}`,
        label: 'signing',
        id: Uint8Array.of(id),
        type: 'P-256',
        module,
        pin,
      })
      await using key = await provider.openPkcs11RequestKey({ key: uri, module, pin })
      const certificate = await credentials.issueTestCertificate({ key, subject: `CN=key ${id}`, days: 1 })
      await provider.importCertificates({ uri, certificates: [certificate], module, pin })
      return uri
    }

    it('signs with no other key after it was started again', async () => {
      const old = await makeKey('swapped', 1)
      const key = 'pkcs11:token=swapped;object=signing'
      await using opened = await provider.openPkcs11Key({ key, module, pin, isolation: 'process' })
      await opened.sign(data)
      await provider.deleteObjects({ uri: old.replace(/;type=.*/, ''), module, pin, confirm: () => true })
      await makeKey('swapped', 2)
      endHosts()
      await expect(opened.sign(data)).rejects.toMatchObject({ code: 'ERR_TOKEN_KEY_NOT_FOUND' })
    })

    it('wrong PINs are counted by who starts it', async () => {
      await makeKey('counted', 1)
      const codes: string[] = []
      for (let time = 0; time < 4; time++) {
        const opening = provider.openPkcs11Key({
          key: 'pkcs11:token=counted;object=signing',
          module,
          pin: () => '99999999',
          isolation: 'process',
        })
        codes.push(await opening.then(String, (error: { code: string }) => error.code))
      }
      const [wrong, refused] = ['ERR_TOKEN_PIN_WRONG', 'ERR_TOKEN_PIN_FINAL_TRY']
      expect(codes).toEqual([wrong, wrong, refused, refused])
    })

    it('does not outlive a program that was killed, even while its module hangs', async () => {
      const watch = join(root, 'dist/providers/pkcs11/isolation/watch-parent.js')
      const stuck = `new (require('node:worker_threads').Worker)(${JSON.stringify(watch)}, { workerData: process.ppid })
        .on('online', () => { console.log('stuck'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) })`
      const program = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stuck)}], { stdio: 'inherit' })`
      const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(parent.stdout, 'data')
      // Both hold the pipe: it ends when both have.
      const over = once(parent.stdout.resume(), 'end')
      parent.kill('SIGKILL')
      expect(await over).toEqual([])
    })

    it('the PIN in a URI is used once, as without isolation', async () => {
      await makeKey('valued', 1)
      const key = `pkcs11:token=valued;object=signing?pin-value=${userPin}`
      await using opened = await provider.openPkcs11Key({ key, module, isolation: 'process' })
      await opened.sign(data)
      endHosts()
      await expect(opened.sign(data)).rejects.toMatchObject({ code: 'ERR_TOKEN_PIN_REQUIRED' })
    })
  })
})

/** As a crash of the module does. */
function endHosts(): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('isolation/host.js')) continue
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
      if (Number(parent) === process.pid) process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}
