/** `sealkit sign`, `verify` and `cred` with GOST keys, against OpenSSL with the gost engine. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { PASSWORD, sealkit, TOKEN, text, workFolder } from '../../apps/cli/support/program.ts'
import { describeWith } from '../../support/tools.ts'
import { engineDigest, GostOpenSsl } from './support/openssl.ts'
import { gostFile, gostSets } from './support/pki.ts'

describeWith('gost-engine', 'the command with GOST keys', () => {
  let cwd: string
  let openssl: GostOpenSsl
  beforeAll(async () => {
    cwd = await workFolder()
    openssl = new GostOpenSsl()
    const names = [...gostSets.map(({ name }) => name), 'intermediate', 'root', 'other']
    for (const name of names) {
      for (const suffix of ['key', 'crt']) {
        copyFileSync(gostFile('pki', `${name}.${suffix}`), join(cwd, `${name}.${suffix}`))
      }
    }
    for (const name of ['root.crl', 'intermediate.crl']) copyFileSync(gostFile('pki', name), join(cwd, name))
    const cas = ['intermediate.crt', 'root.crt'].map((name) => text(cwd, name))
    writeFileSync(join(cwd, 'ca.pem'), cas.join(''))
  }, 120_000)

  const at = (name: string) => join(cwd, name)
  const signArguments = (name: string) => [
    ...['sign', '--key', `${name}.key`, '--cert', `${name}.crt`, '--chain', 'ca.pem'],
    ...['--in', 'token.txt', '--out', `${name}.sig`, '--force'],
  ]
  const trusted = ['--ca', 'root.crt', '--extended-key-usage', 'any']

  it.each(gostSets)('$name: OpenSSL accepts what sign makes, and the other way round', async (set) => {
    const { name } = set
    const signed = await sealkit([...signArguments(name), '--format', 'der', '--cades'], { cwd })
    expect(signed).toMatchObject({ code: 0 })
    const verified = await openssl.run([
      ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', at(`${name}.sig`), '-CAfile', at('root.crt')],
      ...['-content', at('token.txt'), '-purpose', 'any', '-cades'],
    ])
    expect([verified.status, verified.stdout.toString()]).toEqual([0, TOKEN])

    const made = ['-outform', 'DER', '-out', at('theirs')]
    await openssl.mustRun([
      ...['cms', '-sign', '-binary', '-in', at('token.txt'), '-signer', at(`${name}.crt`)],
      ...[
        '-inkey',
        at(`${name}.key`),
        '-md',
        engineDigest(set),
        '-certfile',
        at('intermediate.crt'),
        ...made,
      ],
    ])
    const verify = ['verify', '--signature', 'theirs', '--content', 'token.txt', ...trusted]
    expect(await sealkit(verify, { cwd })).toMatchObject({ code: 0 })
    const other = await sealkit([...verify.slice(0, 4), 'root.crt', ...trusted], { cwd })
    expect(other.code).toBe(1)
    const stranger = await sealkit([...verify.slice(0, 5), '--ca', 'other.crt'], { cwd })
    expect(stranger.code).toBe(3)
  })

  it('--json tells the family, the scheme and the hash', async () => {
    for (const [name, bits] of [
      ['256-a', 256],
      ['512-c', 512],
    ] as const) {
      const { code, stdout } = await sealkit([...signArguments(name), '--json'], { cwd })
      expect(code).toBe(0)
      expect(JSON.parse(stdout.toString())).toMatchObject({
        ...{ family: 'GOST', scheme: `GOST3410-2012-${bits}`, hash: `Streebog-${bits}`, detached: true },
      })
    }
  })

  it('cred verify: the path, with revocation lists', async () => {
    const verify = (name: string) => [
      ...['cred', 'verify', `${name}.crt`, '--ca', 'root.crt', '--untrusted', 'intermediate.crt'],
      ...['--crl', 'root.crl', '--crl', 'intermediate.crl', '--revocation', 'require'],
    ]
    expect(await sealkit(verify('512-b'), { cwd })).toMatchObject({ code: 0 })
    const revoked = await sealkit(verify('other'), { cwd })
    expect(revoked.code).toBe(1)
    expect(`${revoked.stdout}`).toContain('revoked')
  })

  it('cred match, cred inspect', async () => {
    expect(await sealkit(['cred', 'match', '256-b.key', '256-b.crt'], { cwd })).toMatchObject({ code: 0 })
    expect((await sealkit(['cred', 'match', '256-b.key', '256-c.crt'], { cwd })).code).toBe(1)
    const { code, stdout } = await sealkit(['cred', 'inspect', '512-c.key'], { cwd })
    expect(code).toBe(0)
    expect(stdout.toString()).toMatch(/GOST.*512/)
  })

  it('cred keygen and csr: OpenSSL opens the key and verifies the request', async () => {
    for (const type of ['GOST3410-2012-256-A', 'GOST3410-2012-512-B']) {
      const password = ['--out-password-file', 'password']
      const keygen = ['cred', 'keygen', '--type', type, '--out', 'new.key', '--force', ...password]
      expect(await sealkit(keygen, { cwd })).toMatchObject({ code: 0 })
      const own = ['-passin', `file:${at('password')}`, '-noout']
      const opened = await openssl.run(['pkey', '-in', at('new.key'), ...own])
      expect([opened.status, opened.stderr]).toEqual([0, ''])
      const csr = [
        'cred',
        'csr',
        '--key',
        'new.key',
        '--subject',
        'CN=interop',
        '--password-file',
        'password',
      ]
      const { code, stdout } = await sealkit(csr, { cwd })
      expect(code).toBe(0)
      const { stderr } = await openssl.run(['req', '-verify', '-noout'], stdout)
      expect(stderr).toContain('verify OK')
      expect(readFileSync(at('new.key'), 'utf8')).not.toContain(PASSWORD)
    }
  })

  it('cred to-p12 and to-pem: OpenSSL opens what they make', async () => {
    const password = ['--out-password-file', 'password']
    const toP12 = ['cred', 'to-p12', '256-d.key', '256-d.crt', 'ca.pem', '--out', 'new.p12', ...password]
    expect(await sealkit(toP12, { cwd })).toMatchObject({ code: 0 })
    const opened = await openssl.run([
      'pkcs12',
      '-in',
      at('new.p12'),
      '-passin',
      `file:${at('password')}`,
      '-info',
      '-noout',
    ])
    expect([opened.status, opened.stderr.includes('Certificate bag')]).toEqual([0, true])
    const sign = [
      'sign',
      '--key',
      'new.p12',
      '--password-file',
      'password',
      '--in',
      'token.txt',
      '--out',
      'p12.sig',
    ]
    expect(await sealkit(sign, { cwd })).toMatchObject({ code: 0 })
    const verify = ['verify', '--signature', 'p12.sig', '--content', 'token.txt', ...trusted]
    expect(await sealkit(verify, { cwd })).toMatchObject({ code: 0 })
  })

  it('a key of 2001 does not sign; a signature of 2001 is told to be weak', async () => {
    for (const name of ['2001.key', '2001.crt']) copyFileSync(gostFile('pki', name), at(name))
    copyFileSync(gostFile('weak-2001.der'), at('weak.der'))
    copyFileSync(gostFile('content.txt'), at('content'))
    const sign = await sealkit(['sign', '--key', '2001.key', '--cert', '2001.crt', '--in', 'token.txt'], {
      cwd,
    })
    expect(sign.code).not.toBe(0)
    expect(sign.stderr).toContain('2001')
    const verify = ['verify', '--signature', 'weak.der', '--content', 'content', '--signature-only']
    const plain = await sealkit(verify, { cwd })
    expect([plain.code, plain.stdout.toString().includes('no longer safe')]).toEqual([1, true])
    expect(await sealkit([...verify, '--allow-weak-hashes'], { cwd })).toMatchObject({ code: 0 })
  })

  it('PKCS#12 with GOST ciphers is refused by the name of the cipher', async () => {
    copyFileSync(gostFile('rfc9548-a2.p12'), at('rfc.p12'))
    const { code, stderr } = await sealkit(['cred', 'inspect', 'rfc.p12', '--password-file', 'password'], {
      cwd,
    })
    expect(code).not.toBe(0)
    expect(stderr).toContain('Kuznyechik')
  })
})
