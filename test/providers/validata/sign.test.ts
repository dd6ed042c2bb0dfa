/** Signing by a real child process that takes Validata's options. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { openValidataSigner, type ValidataOptions } from '../../../providers/validata/index.ts'
import { CmsSignature, verify } from '../../../src/cms/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { type Behaviour, gostStandIn, rsaStandIn, type StandIn, TOKEN } from './support/stand-in.ts'

describeWith('openssl', 'RSA by a stand-in for rpki1utl', () => {
  let standIn: StandIn
  let tool: string
  beforeAll(async () => {
    standIn = await rsaStandIn()
    tool = standIn.install('rpki1utl')
  })

  const open = (behaviour: Behaviour = {}, more: ValidataOptions = {}) =>
    openValidataSigner({
      tool,
      profile: 'Ivanov',
      temporaryFolder: standIn.temporaryFolder,
      ...more,
      environment: { ...standIn.environment(behaviour), ...more.environment },
    })

  const expectGood = async (signature: CmsSignature, content: string | Uint8Array = TOKEN) => {
    const certificates = [Certificate.fromPem(readFileSync(standIn.certificate, 'utf8'))]
    const result = await verify(signature, { content, certificates })
    expect(result).toMatchObject({ verdict: 'certificate-not-validated', detached: true })
    expect(standIn.privateFolders()).toEqual([])
  }

  it('gives a signature that verifies, in one line of base64', async () => {
    await using signer = await open()
    expect(signer.family).toBe('RSA')
    const signature = await signer.signDetached(TOKEN)
    await expectGood(signature)
    expect(signature.base64()).toMatch(/^[A-Za-z0-9+/]+=*$/)
  })

  it('passes the options on in the words of MOEX’s guide', async () => {
    const log = expect.stringMatching(/log\.txt$/)
    const [data, out] = [expect.stringMatching(/token$/), expect.stringMatching(/token\.p7d$/)]
    await using signer = await open()
    await signer.signDetached(TOKEN)
    expect(standIn.calls().at(-1)?.arguments).toEqual([
      ...[
        '-profile',
        'Ivanov',
        '-sign',
        '-detached',
        '-data',
        data,
        '-out',
        out,
        '-sendcert',
        '-silent',
        log,
      ],
    ])
    const cwd = tempDir()
    await using other = await open(
      {},
      {
        profile: undefined,
        registry: true,
        algorithm: '1.2.643.7.1.1.3.2',
        silent: false,
        extraArguments: ['-minimal'],
        sendCertificate: false,
        certificate: standIn.certificate,
        workingDirectory: cwd,
        environment: { EXTRA: 'yes' },
      },
    )
    await expectGood(await other.signDetached(TOKEN))
    const call = standIn.calls().at(-1)
    expect(call?.arguments).toEqual([
      ...['-registry', '-sign', '-detached', '-data', data, '-out', out],
      ...['-algorithm', '1.2.643.7.1.1.3.2', '-minimal'],
    ])
    expect(call).toMatchObject({ cwd, env: { EXTRA: 'yes' } })
  })

  it.each(['Иванов И. И.', 'О\'Нил "Иван" 100%'])('takes the profile %s', async (profile) => {
    await using signer = await open({}, { profile })
    await expectGood(await signer.signDetached(TOKEN))
    expect(standIn.calls().at(-1)?.arguments.slice(0, 2)).toEqual(['-profile', profile])
  })

  it('fills a template of arguments for other tools', async () => {
    const template = [
      '-sign',
      '-detached',
      '-data',
      '{data}',
      '-out',
      '{out}',
      '-sendcert',
      '-profile',
      '{profile}',
    ]
    await using signer = await open({}, { arguments: template })
    await expectGood(await signer.signDetached(TOKEN))
    expect(standIn.calls().at(-1)?.arguments.slice(-2)).toEqual(['-profile', 'Ivanov'])
  })

  it('signs bytes, strings and streams exactly', async () => {
    await using signer = await open()
    const bytes = Uint8Array.of(0xff, 0, 0x0d, 0x0a, 0x1a)
    await expectGood(await signer.signDetached(bytes), bytes)
    await expectGood(await signer.signDetached('строка\r\n'), 'строка\r\n')
    await expectGood(
      await signer.signDetached(Readable.from([bytes, Buffer.from('x')])),
      Buffer.concat([bytes, Buffer.from('x')]),
    )
    await expectGood(await signer.signDetached(''), '')
  })

  it('signs the bytes of the call, whatever becomes of them while it waits', async () => {
    await using signer = await open()
    const bytes = new TextEncoder().encode(TOKEN)
    const [first, second] = [signer.signDetached(bytes), signer.signDetached(bytes)]
    bytes.fill(0)
    const signatures = await Promise.all([first, second])
    for (const signature of signatures) await expectGood(signature)
  })

  it.each(['pem', 'base64', 'ber', 'no-attributes', 'key-identifier', 'flood', 'leaves-child'])(
    'takes what a tool that does %s gives',
    async (mode) => {
      await using signer = await open({ mode })
      const signature = await signer.signDetached(TOKEN)
      await expectGoodOrBare(signature, mode)
      // Definite lengths throughout, and nothing around it.
      expect(CmsSignature.from(signature.base64()).der).toEqual(signature.der)
      expect(signature.der.slice(0, 2)).toEqual(Uint8Array.of(0x30, 0x82))
    },
  )

  const expectGoodOrBare = async (signature: CmsSignature, mode: string) => {
    if (mode !== 'no-attributes') return await expectGood(signature)
    const result = await verify(signature, { content: TOKEN, allowNoSignedAttributes: true })
    expect(result.verdict).toBe('certificate-not-validated')
  }

  it.each([
    ['late', 300],
    ['late-halves', 100],
  ])('waits for output that comes %s', async (mode, argument) => {
    await using signer = await open({ mode, argument })
    await expectGood(await signer.signDetached(TOKEN))
  })

  it('names the certificate and the algorithm to who asks', async () => {
    await using signer = await open({ mode: 'no-attributes' })
    const { certificate, algorithm, notes } = await signer.sign(TOKEN)
    expect(`${certificate.subject}`).toBe('CN=Signer of tokens')
    expect(algorithm).toMatchObject({ family: 'RSA', hash: { name: 'SHA-256' } })
    expect(notes).toEqual([expect.stringContaining('without signed attributes')])
  })

  it('takes the working directory where a tool wants its pki1.conf', async () => {
    await using without = await open({ mode: 'pki1.conf' }, { workingDirectory: tempDir() })
    await expect(without.signDetached(TOKEN)).rejects.toMatchObject({ code: 'ERR_TOOL_PROFILE' })
  })

  it('runs one at a time, or as many as it is told', async () => {
    const most = async (concurrency: number) => {
      await using signer = await open({}, { concurrency })
      let most = 0
      const watch = setInterval(() => {
        most = Math.max(most, standIn.privateFolders().length)
      }, 5)
      await Promise.all(Array.from({ length: 4 }, () => signer.signDetached(TOKEN)))
      clearInterval(watch)
      return most
    }
    expect(await most(1)).toBe(1)
    expect(await most(4)).toBeGreaterThan(1)
  })

  it('shows neither profile nor content', async () => {
    await using signer = await open()
    expect(inspect(signer, { depth: 9 })).toBe('ValidataSigner { rpki1utl, RSA }')
    expect(JSON.stringify(signer)).not.toContain('Ivanov')
  })

  it('is refused when it has been disposed, and waits for the call that is under way', async () => {
    const signer = await open()
    const [first, second] = [signer.signDetached(TOKEN), signer.signDetached(TOKEN)]
    const refused = expect(second).rejects.toMatchObject({ code: 'ERR_SIGNER_DISPOSED' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    await signer[Symbol.asyncDispose]()
    await expectGood(await first)
    await refused
    await expect(signer.signDetached(TOKEN)).rejects.toMatchObject({ code: 'ERR_SIGNER_DISPOSED' })
  })

  describe('with a prefix', () => {
    it('runs the tool of Windows by wine, with its paths as wine has them', async () => {
      const exe = standIn.install('rpki1utl64.exe', '.wine/drive_c/Program Files (x86)/Validata/rpki')
      // Hands the files on under their names here, as wine does.
      const wine = join(standIn.folder, 'wine')
      const code = `const [tool, ...args] = process.argv.slice(2)
        const back = (name) => name.startsWith('Z:\\\\') ? name.slice(2).replaceAll('\\\\', '/') : name
        const { status } = require('child_process').spawnSync(process.execPath, [tool, ...args.map(back)], { stdio: 'inherit' })
        require('fs').writeFileSync(${JSON.stringify(join(standIn.folder, 'wine-saw'))}, JSON.stringify(args))
        process.exitCode = status`
      writeFileSync(wine, `#!${process.execPath}\n${code}\n`)
      chmodSync(wine, 0o755)
      const { HOME } = process.env
      process.env['HOME'] = standIn.folder
      try {
        await using signer = await open({}, { tool: undefined, family: 'RSA', prefix: [wine] })
        expect(signer.tool).toBe(exe)
        await expectGood(await signer.signDetached(TOKEN))
      } finally {
        process.env['HOME'] = HOME
      }
      const saw = JSON.parse(readFileSync(join(standIn.folder, 'wine-saw'), 'utf8')) as string[]
      expect(saw[saw.indexOf('-data') + 1]).toMatch(/^Z:\\.*\\token$/)
      expect(saw[saw.indexOf('-silent') + 1]).toMatch(/^Z:\\.*\\log\.txt$/)
    })

    it('hands arguments to ssh so that the shell behind it does not take them apart', async () => {
      const ssh = join(standIn.folder, 'ssh')
      // As ssh: one line, for the shell of the other side.
      writeFileSync(ssh, '#!/bin/sh\nshift\nexec sh -c "$*"\n')
      chmodSync(ssh, 0o755)
      const prefix = [ssh, 'workstation']
      await using signer = await open({}, { prefix, profile: 'Иванов И. И.' })
      await expectGood(await signer.signDetached(TOKEN))
      await using bad = await open({}, { prefix, profile: 'О\'Нил "Иван" 100%' })
      await expect(bad.signDetached(TOKEN)).rejects.toMatchObject({ code: 'ERR_SIGNER_URI' })
    })
  })
})

describeWith(['openssl', 'gost-engine'], 'GOST by a stand-in for zpci1utl', () => {
  it.each(['256-a', '256-b', '512-a', '512-c'])('signs with %s', async (set) => {
    const { standIn, env } = gostStandIn(set)
    const tool = standIn.install('zpci1utl')
    await using signer = await openValidataSigner({
      key: 'validata:profile=Ivanov',
      tool,
      temporaryFolder: standIn.temporaryFolder,
      environment: { ...standIn.environment(), ...env },
    })
    expect(signer.family).toBe('GOST')
    const { signature, algorithm } = await signer.sign(TOKEN)
    expect(algorithm.family).toBe('GOST')
    const result = await verify(signature, { content: TOKEN })
    expect(result.verdict).toBe('certificate-not-validated')
    expect((await verify(signature, { content: `${TOKEN}.` })).verdict).toBe('invalid')
  })
})
