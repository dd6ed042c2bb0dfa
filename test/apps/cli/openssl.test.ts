/** What the command signs OpenSSL verifies, and what OpenSSL signs the command verifies. */
import { copyFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { forge } from '../../interop/support/forge.ts'
import { mistakes } from '../../interop/support/mistakes.ts'
import { openPki, type Pki } from '../../interop/support/pki.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith } from '../../support/tools.ts'
import { type Result, sealkit, TOKEN, workFolder } from './support/program.ts'

describeWith('openssl', 'OpenSSL', () => {
  let cwd: string
  let pki: Pki
  beforeAll(async () => {
    cwd = await workFolder()
    pki = await openPki()
    for (const name of ['rsa2048', 'p384'] as const) {
      copyFileSync(pki.leaf(name).keyFile, join(cwd, `${name}.key`))
      copyFileSync(pki.leaf(name).certificateFile, join(cwd, `${name}.crt`))
    }
    copyFileSync(pki.caFile, join(cwd, 'ca.pem'))
    // In the wrong order, and with the leaf among them: the chain is put in order.
    const chain = [pki.root, pki.leaf('rsa2048'), pki.intermediate].map(
      ({ certificatePem }) => certificatePem,
    )
    await writeFile(join(cwd, 'chain.pem'), chain.join(''))
  })

  const openssl = (...args: string[]) => mustRun('openssl', args, { cwd })
  const root = () => pki.root.certificateFile

  async function sign(name: string, ...args: string[]): Promise<void> {
    const key = ['--key', `${name}.key`, '--cert', `${name}.crt`]
    const { code } = await sealkit(
      ['sign', ...key, '--in', 'token.txt', '--out', 'sig', '--force', ...args],
      { cwd },
    )
    expect(code).toBe(0)
  }

  const accepted = (inform: string, ...args: string[]) =>
    openssl(
      'cms',
      '-verify',
      '-binary',
      '-inform',
      inform,
      '-in',
      'sig',
      '-CAfile',
      root(),
      '-purpose',
      'any',
      ...args,
    )

  it.each([
    ['base64', []],
    ['der', ['--format', 'der']],
    ['pem', ['--format', 'pem']],
  ])('accepts %s', async (format, args) => {
    await sign('rsa2048', '--chain', 'chain.pem', ...args)
    if (format === 'base64') await openssl('base64', '-d', '-A', '-in', 'sig', '-out', 'sig.der')
    const inform = format === 'pem' ? 'PEM' : 'DER'
    const file = format === 'base64' ? ['-in', 'sig.der'] : []
    const { stdout } = await accepted(inform, '-content', 'token.txt', ...file)
    expect(stdout.toString()).toBe(TOKEN)
  })

  it.each([
    ['--pss', '--digest', 'sha384'],
    ['--cades', '--algorithm-protection', '--sid', 'ski'],
    ['--certificates', 'chain-with-root', '--no-signing-time'],
  ])('accepts %s %s %s %s', async (...args) => {
    await sign('rsa2048', '--chain', 'chain.pem', '--format', 'der', ...args)
    const cades = args.includes('--cades') ? ['-cades'] : []
    await accepted('DER', '-content', 'token.txt', ...cades)
  })

  it('accepts an EC key, attached', async () => {
    await sign('p384', '--chain', 'chain.pem', '--format', 'der', '--attached')
    expect((await accepted('DER')).stdout.toString()).toBe(TOKEN)
  })

  it('finds the chain only where it was given', async () => {
    const certificates = async (...args: string[]) => {
      await sign('rsa2048', '--format', 'der', ...args)
      const { stdout } = await openssl('pkcs7', '-in', 'sig', '-inform', 'DER', '-print_certs', '-noout')
      const subjects = stdout.toString().match(/^subject=.*$/gm) ?? []
      return subjects.map((line) => line.replace(/.*CN = /, '')).sort()
    }
    expect(await certificates()).toEqual(['rsa2048'])
    expect(await certificates('--chain', 'chain.pem')).toEqual(['intermediate', 'rsa2048'])
    expect(await certificates('--chain', 'chain.pem', '--certificates', 'signer')).toEqual(['rsa2048'])
    const whole = await certificates('--chain', 'chain.pem', '--certificates', 'chain-with-root')
    expect(whole).toEqual(['intermediate', 'root', 'rsa2048'])
  })

  /** Signs with OpenSSL and verifies with the command. */
  async function verified(signing: readonly string[], ...args: string[]): Promise<Result> {
    const { keyFile, certificateFile } = pki.leaf('rsa2048')
    const signer = ['-signer', certificateFile, '-inkey', keyFile]
    await openssl('cms', '-sign', '-binary', '-in', 'token.txt', '-out', 'theirs', ...signer, ...signing)
    return await sealkit(['verify', '--signature-only', '--signature', 'theirs', ...args], { cwd })
  }
  const content = ['--content', 'token.txt']

  it('signs what the command verifies: DER, PEM, BER, attached', async () => {
    expect((await verified(['-outform', 'DER'], ...content)).code).toBe(0)
    expect((await verified(['-outform', 'PEM', '-md', 'sha512'], ...content)).code).toBe(0)
    expect((await verified(['-outform', 'DER', '-nodetach', '-stream'])).code).toBe(0)
  })

  it.each([
    ['SHA-1', ['-md', 'sha1'], '--allow-weak-hashes', 'the digest algorithm is no longer safe'],
    ['no signed attributes', ['-noattr'], '--allow-no-signed-attributes', 'there are no signed attributes'],
  ])('%s is good only with %s', async (_, signing, option, reason) => {
    const refused = await verified([...signing, '-outform', 'DER'], ...content)
    expect(refused.stdout.toString()).toContain(reason)
    expect(refused.code).toBe(1)
    expect((await verified([...signing, '-outform', 'DER'], ...content, option)).code).toBe(0)
  })

  it('attributes out of DER order are good only with --lenient, with a note', async () => {
    const forgery = mistakes(pki, Buffer.from(TOKEN))['attributes not in DER order']
    if (forgery === undefined) throw new Error('no such mistake')
    await writeFile(join(cwd, 'unsorted'), forge(forgery))
    const args = ['verify', '--signature-only', '--signature', 'unsorted', ...content]
    const { code, stdout } = await sealkit(args, { cwd })
    expect(stdout.toString()).toContain('the signed attributes are not in DER order')
    expect(code).toBe(1)
    const lenient = await sealkit([...args, '--lenient'], { cwd })
    expect(lenient.stdout.toString()).toMatch(/^ {2}note {10}the signed attributes are not in DER order/m)
    expect(lenient.code).toBe(0)
  })
})
