/** What `sealkit sign` gives out: forms, options, files. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CmsOid, CmsSignature, verify } from '../../../src/cms/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { vector } from '../../credentials/support.ts'
import { SIGN, sealkit, shell, TOKEN, text, workFolder } from './support/program.ts'

let cwd: string
beforeAll(async () => {
  cwd = await workFolder()
})

/** Signs the token; all must go well, without a word. */
async function sign(...args: string[]): Promise<Buffer> {
  const { code, stdout, stderr } = await sealkit([...SIGN, '--in', 'token.txt', ...args], { cwd })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return stdout
}

async function signed(...args: string[]): Promise<CmsSignature> {
  return CmsSignature.from(await sign(...args))
}

function attributes(signature: CmsSignature): string[] {
  return signature.signedData.signerInfos[0]?.signedAttrs?.attributes.map(({ oid }) => oid) ?? []
}

describe('the signature on stdout', () => {
  it('is one line of base64 and nothing else', async () => {
    expect((await sign()).toString('latin1')).toMatch(/^[A-Za-z0-9+/]+={0,2}\n$/)
  })

  it('is detached, good, and over the exact bytes', async () => {
    const signature = await signed()
    const trust = () => ({ trusted: true }) as const
    expect(await verify(signature, { content: TOKEN, trust })).toMatchObject({
      verdict: 'valid',
      detached: true,
    })
    const other = await verify(signature, { content: `${TOKEN}\n`, trust })
    expect(other.reason).toBe('message-digest-mismatch')
  })

  it('--format der is the bytes, pem a CMS block', async () => {
    const der = await sign('--format', 'der')
    expect(new CmsSignature(der).signedData.signerInfos).toHaveLength(1)
    const pem = (await sign('--format', 'pem')).toString()
    expect(pem).toMatch(/^-----BEGIN CMS-----\n(.{1,64}\n)+-----END CMS-----\n$/)
    expect((await sign('--format', 'base64')).toString()).toMatch(/^\S+\n$/)
  })

  it('takes key and certificate from one file, a file: URI, DER', async () => {
    for (const args of [
      ['--key', 'both.pem'],
      ['--key', `file://${cwd}/both.pem`],
      ['--key', 'key.pem', '--cert', 'cert.der'],
    ]) {
      const { code, stderr } = await sealkit(['sign', ...args, '--in', 'token.txt'], { cwd })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
  })

  it('takes key, certificate and chain from a PKCS#12 file', async () => {
    writeFileSync(join(cwd, 'key.p12'), vector('rsa.p12'), { mode: 0o600 })
    writeFileSync(join(cwd, 'p12-password'), 'test\n', { mode: 0o600 })
    const args = ['--key', 'key.p12', '--password-file', 'p12-password', '--in', 'token.txt']
    const { code, stdout, stderr } = await sealkit(['sign', ...args], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { certificates } = CmsSignature.from(stdout).signedData
    expect(certificates.length).toBeGreaterThan(0)
  })
})

describe('options of the signature', () => {
  const info = async (...args: string[]) => (await signed(...args)).signedData.signerInfos[0]

  it('none: content type, digest and time', async () => {
    const { contentType, messageDigest, signingTime } = CmsOid
    expect(attributes(await signed()).sort()).toEqual([contentType, messageDigest, signingTime].sort())
  })
  it('--no-signing-time', async () => {
    expect(attributes(await signed('--no-signing-time'))).not.toContain(CmsOid.signingTime)
  })
  it('--cades', async () => {
    expect(attributes(await signed('--cades'))).toContain(CmsOid.signingCertificateV2)
  })
  it('--algorithm-protection', async () => {
    expect(attributes(await signed('--algorithm-protection'))).toContain(CmsOid.algorithmProtection)
  })
  it('--sid ski', async () => {
    expect((await info('--sid', 'ski'))?.sid).toHaveProperty('subjectKeyIdentifier')
    expect((await info('--sid', 'issuer'))?.sid).toHaveProperty('serial')
  })
  it('--attached', async () => {
    const { eContent } = (await signed('--attached')).signedData
    expect(Buffer.from(eContent ?? []).toString()).toBe(TOKEN)
  })
  it('--certificates none and signer', async () => {
    expect((await signed('--certificates', 'none')).signedData.certificates).toHaveLength(0)
    const [certificate] = (await signed('--certificates', 'signer')).signedData.certificates
    expect(certificate?.bytes).toEqual(new Uint8Array(readFileSync(join(cwd, 'cert.der'))))
  })
  it.each([
    [[], 'RSASSA-PKCS1-v1_5 with SHA-256'],
    [['--digest', 'sha384'], 'RSASSA-PKCS1-v1_5 with SHA-384'],
    [['--digest', 'sha512'], 'RSASSA-PKCS1-v1_5 with SHA-512'],
    [['--pss'], 'RSASSA-PSS with SHA-256'],
    [['--pss', '--digest', 'sha512'], 'RSASSA-PSS with SHA-512'],
  ])('%j makes %s', async (args, algorithm) => {
    const { signers } = await verify(await signed(...args), { content: TOKEN })
    expect(signers[0]).toMatchObject({ algorithm, verdict: 'certificate-not-validated' })
  })
})

describe('--json', () => {
  it('prints the signature and what is in it', async () => {
    const json = JSON.parse((await sign('--json', '--cades')).toString())
    const certificate = Certificate.fromPem(text(cwd, 'cert.pem'))
    const { signature, ...others } = json
    expect(others).toEqual({
      file: null,
      detached: true,
      family: 'RSA',
      scheme: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      certificate: {
        subject: 'CN=Signer of the tests',
        issuer: 'CN=Signer of the tests',
        serialNumber: certificate.serialNumber,
        notBefore: certificate.notBefore.toISOString(),
        notAfter: certificate.notAfter.toISOString(),
        sha256: certificate.fingerprint(),
      },
      notes: [],
    })
    expect(attributes(CmsSignature.from(signature))).toContain(CmsOid.signingCertificateV2)
  })

  it('with --out tells where the signature is, and has it too', async () => {
    const json = JSON.parse(
      (await sign('--json', '--attached', '--out', 'json.der', '--format', 'der')).toString(),
    )
    expect(json).toMatchObject({ file: 'json.der', detached: false })
    expect(readFileSync(join(cwd, 'json.der')).toString('base64')).toBe(json.signature)
  })
})

describe('--out', () => {
  it('holds the base64 without any line end: the bytes of the field', async () => {
    expect((await sign('--out', 'plain.sig')).length).toBe(0)
    expect(text(cwd, 'plain.sig')).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
    const umask = process.umask()
    expect(statSync(join(cwd, 'plain.sig')).mode & 0o777).toBe(0o666 & ~umask)
  })

  it('- is stdout', async () => {
    expect((await sign('--out', '-')).toString()).toMatch(/^\S+\n$/)
    expect(existsSync(join(cwd, '-'))).toBe(false)
  })

  it('replaces nothing without --force, and then before the password is asked for', async () => {
    writeFileSync(join(cwd, 'kept'), 'precious')
    const args = [
      'sign',
      '--key',
      'encrypted.pem',
      '--cert',
      'cert.pem',
      '--in',
      'token.txt',
      '--out',
      'kept',
    ]
    const { code, stderr, stdout } = await sealkit(args, { cwd })
    expect({ code, stdout: stdout.length }).toEqual({ code: 2, stdout: 0 })
    expect(stderr).toBe('sealkit: kept exists\n  replace it with --force\n')
    expect(text(cwd, 'kept')).toBe('precious')
  })

  it('with --force replaces what a link leads to, and keeps its mode', async () => {
    writeFileSync(join(cwd, 'target'), 'old', { mode: 0o600 })
    symlinkSync('target', join(cwd, 'link'))
    await sign('--out', 'link', '--force')
    expect(text(cwd, 'target')).toMatch(/^MII/)
    expect(readFileSync(join(cwd, 'link'), 'utf8')).toBe(text(cwd, 'target'))
    expect(statSync(join(cwd, 'target')).mode & 0o777).toBe(0o600)
  })

  it('leaves no draft behind, and no empty file where signing failed', async () => {
    const { code } = await sealkit([...SIGN, '--in', 'nothing.txt', '--out', 'never'], { cwd })
    expect(code).toBe(2)
    await sign('--out', 'done')
    const names = readdirSync(cwd)
    expect(names).toContain('done')
    expect(names).not.toContain('never')
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('writes into a device or pipe, and does not replace it', async () => {
    const line = `sealkit ${SIGN.join(' ')} --in token.txt --out /dev/stdout | cat`
    expect((await shell(line, { cwd })).stdout.toString()).toMatch(/^MII\S+$/)
    await sign('--out', '/dev/null', '--force')
    expect(statSync('/dev/null').isFile()).toBe(false)
  })

  it.each([
    ['a folder', '.', /cannot write \.: it is a directory/],
    ['in no folder', 'missing/sig', /cannot write missing\/sig: there is no folder missing/],
    ['a full disk', '/dev/full', /cannot write \/dev\/full: no space left on device/],
  ])('%s is an error', async (_, out, message) => {
    const { code, stderr } = await sealkit([...SIGN, '--in', 'token.txt', '--out', out], { cwd })
    expect(stderr).toMatch(message)
    expect(code).toBe(3)
  })
})
