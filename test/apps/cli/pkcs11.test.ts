/** The commands about tokens, and the others with a key in one: against SoftHSM2. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mustRun } from '../../interop/support/run.ts'
import { openSoftHsm, type SoftHsm, userPin } from '../../providers/pkcs11/support/softhsm.ts'
import { describeUnless, describeWith } from '../../support/tools.ts'
import { type Result, sealkit, text, workFolder } from './support/program.ts'
import { noTerminal, onTerminal } from './support/terminal.ts'

const WRONG_PIN = '86427531'
const TRADER = 'pkcs11:token=Trader'

let folder: string
let softHsm: SoftHsm

/** Runs the command where SoftHSM2 has its tokens; no run may show a PIN. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const module = { SEALKIT_PKCS11_MODULE: softHsm.module }
  const result = await sealkit(args, { cwd: folder, env: { ...softHsm.env, ...module, ...env } })
  for (const shown of [result.stdout.toString(), result.stderr]) {
    expect(shown).not.toContain(userPin)
    expect(shown).not.toContain(WRONG_PIN)
  }
  return result
}

/** The same with the PIN from a file. */
const withPin = (args: readonly string[]): Promise<Result> => run([...args, '--pin-file', 'pin'])

async function jsonOf(running: Promise<Result>, code = 0): Promise<Record<string, unknown>> {
  const result = await running
  expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code })
  return JSON.parse(result.stdout.toString())
}

const openssl = (...args: readonly string[]) => mustRun('openssl', args, { cwd: folder })
const put = (name: string, content: string): void =>
  writeFileSync(join(folder, name), content, { mode: 0o600 })

/** What an authority would send for a request. */
async function issue(request: string, certificate: string): Promise<void> {
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '30', '-extfile', 'usage.txt']
  await openssl('x509', '-req', '-in', request, ...by, '-out', certificate)
}

/** A new key with the certificate of an authority, as the documents tell it. */
async function makeKey(label: string, type: string, id: string): Promise<string> {
  const made = await withPin(['pkcs11', 'keygen', TRADER, '--label', label, '--type', type, '--id', id])
  expect({ code: made.code, stderr: made.stderr }).toMatchObject({ code: 0 })
  const uri = made.stdout.toString().trim()
  const csr = ['cred', 'csr', '--key', uri, '--subject', `CN=${label}`, '--out', `${label}.csr`, '--force']
  expect(await withPin(csr)).toMatchObject({ code: 0 })
  await issue(`${label}.csr`, `${label}.pem`)
  const imported = await withPin([...['pkcs11', 'import', uri, '--cert', `${label}.pem`, '--cert', 'ca.pem']])
  expect(imported).toMatchObject({ code: 0 })
  return uri
}

describeWith(['pkcs11js', 'softhsm', 'openssl'], 'sealkit and a token', () => {
  beforeAll(async () => {
    folder = await workFolder()
    softHsm = openSoftHsm()
    await softHsm.addToken('Trader')
    put('pin', `${userPin}\n`)
    put('usage.txt', 'keyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:FALSE\n')
    const self = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=CA of the tests',
    ]
    await openssl(...self, '-keyout', 'ca.key', '-out', 'ca.pem')
  })

  describe('slots and modules', () => {
    it('modules says what each is', async () => {
      const { modules } = await jsonOf(run(['pkcs11', 'modules', '--json']))
      const from = { path: softHsm.module, source: 'environment', tokens: 1, error: null }
      expect(modules).toMatchObject([{ ...from, library: { manufacturer: 'SoftHSM' } }])
      const said = await run(['pkcs11', 'modules'])
      expect(said.stdout.toString()).toContain(softHsm.module)
    })

    it('slots lists the tokens with their URIs, and their mechanisms where asked', async () => {
      const { slots } = await jsonOf(run(['pkcs11', 'slots', '--json']))
      const token = { label: 'Trader', pin: 'ok', needsPin: true, hasPinPad: false }
      expect(slots).toMatchObject([{ module: softHsm.module, token }])
      const plain = await run(['pkcs11', 'slots'])
      expect(plain.stdout.toString()).toMatch(/^Trader\n.*SoftHSM[\s\S]*PIN: ok\n {2}pkcs11:token=Trader;/)
      expect(plain.stdout.toString()).not.toContain('CKM_')
      const long = await run(['pkcs11', 'slots', '--mechanisms'])
      expect(long.stdout.toString()).toContain('CKM_RSA_PKCS')
    })

    it('a module that is not there, is none or is not allowed: exit code 3', async () => {
      const missing = await run(['pkcs11', 'slots', '--module', '/nowhere/module.so'])
      expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining('/nowhere/module.so') })
      const other = await run(['pkcs11', 'slots', '--allow-module', '/nowhere/module.so'])
      expect(other).toMatchObject({ code: 3, stderr: expect.stringContaining('--allow-module') })
      expect(await run(['pkcs11', 'modules', '--module', './key.pem'])).toMatchObject({ code: 1 })
    })

    it('no token: exit code 1', async () => {
      put('empty.conf', `directories.tokendir = ${folder}\n`)
      const conf = { SOFTHSM2_CONF: join(folder, 'empty.conf') }
      expect(await run(['pkcs11', 'slots'], conf)).toMatchObject({ code: 1 })
    })
  })

  describe.each([
    ['RSA-2048', 'a1'],
    ['P-256', 'a2'],
  ])('%s', (type, id) => {
    const label = `key-${id}`
    it('keygen, cred csr, import, sign, test, delete', async () => {
      const uri = await makeKey(label, type, id)
      expect(uri).toContain(`object=${label};id=%${id.toUpperCase()};type=private`)
      await openssl('req', '-in', `${label}.csr`, '-noout', '-verify')

      const { objects } = await jsonOf(withPin(['pkcs11', 'objects', `${TRADER};object=${label}`, '--json']))
      const is = (kind: string) => expect.objectContaining({ type: kind, label, id })
      expect(objects).toEqual([is('private'), is('public'), is('cert')])
      const shown = await withPin(['pkcs11', 'objects', TRADER])
      expect(shown.stdout.toString()).toContain(uri)
      expect(shown.stdout.toString()).toContain('CN=CA of the tests')

      const signing = ['sign', '--key', uri, '--in', 'token.txt', '--format', 'der', '--force']
      expect(await withPin([...signing, '--out', 'a.p7s'])).toMatchObject({ code: 0 })
      const detached = [
        '-binary',
        '-inform',
        'DER',
        '-in',
        'a.p7s',
        '-content',
        'token.txt',
        '-out',
        'verified',
      ]
      await openssl('cms', '-verify', ...detached, '-CAfile', 'ca.pem', '-purpose', 'any')
      expect(text(folder, 'verified')).toBe(text(folder, 'token.txt'))

      const tested = await withPin(['pkcs11', 'test', uri, '--count', '5', '--sessions', '2'])
      expect(tested.code).toBe(0)
      expect(tested.stdout.toString()).toMatch(/^the key signs\n/)
      expect(tested.stdout.toString()).toContain('5 signatures, ')

      const kept = await withPin(['pkcs11', 'delete', uri.replace(';type=private', ''), '--json'])
      const { deleted, meant } = JSON.parse(kept.stdout.toString())
      expect({ code: kept.code, deleted, meant: meant.length }).toEqual({ code: 1, deleted: [], meant: 3 })
      const gone = await jsonOf(
        withPin(['pkcs11', 'delete', uri.replace(';type=private', ''), '--yes', '--json']),
      )
      expect(gone['deleted']).toHaveLength(3)
      const left = ['pkcs11', 'objects', `${TRADER};object=${label}`]
      expect(await withPin(left)).toMatchObject({ code: 1 })
    })
  })

  it('a certificate from a file, for a key without one in the token', async () => {
    const uri = await makeKey('bare', 'RSA-2048', 'b1')
    await withPin(['pkcs11', 'delete', `${TRADER};object=bare;type=cert`, '--yes'])
    const signing = ['sign', '--key', uri, '--in', 'token.txt', '--out', 'b.sig', '--force']
    const without = await withPin(signing)
    expect(without).toMatchObject({ code: 3, stderr: expect.stringContaining('no certificate') })
    expect(await withPin([...signing, '--cert', 'bare.pem', '--chain', 'ca.pem'])).toMatchObject({ code: 0 })
    const checking = ['verify', '--signature', 'b.sig', '--content', 'token.txt', '--ca', 'ca.pem']
    expect(await run(checking)).toMatchObject({ code: 0 })
    const other = await withPin([...signing, '--cert', 'other.pem'])
    expect(other).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("not the key's: it is for CN=Another"),
    })
  })

  it('a URI that means two keys: both are listed, and each opens', async () => {
    const uris = [await makeKey('two-1', 'P-256', 'c1'), await makeKey('two-2', 'P-256', 'c2')]
    const both = await withPin(['sign', '--key', TRADER, '--in', 'token.txt'])
    expect(both).toMatchObject({ code: 3, stderr: expect.stringContaining('several private keys') })
    for (const uri of uris) {
      expect(both.stderr).toContain(uri)
      expect(await withPin(['sign', '--key', uri, '--in', 'token.txt'])).toMatchObject({ code: 0 })
    }
  })

  it('the same label again is refused', async () => {
    const again = await withPin(['pkcs11', 'keygen', TRADER, '--label', 'two-1'])
    expect(again).toMatchObject({ code: 3, stderr: expect.stringContaining('object=two-1') })
  })

  describe('the PIN', () => {
    const objects = ['pkcs11', 'objects', TRADER, '--json']
    const urisOf = (listed: unknown) => (listed as { uri: string }[]).map(({ uri }) => uri).sort()
    it('by environment, by the URI’s file, and not needed for what is public', async () => {
      const { objects: all } = await jsonOf(run([...objects, '--pin-env', 'THE_PIN'], { THE_PIN: userPin }))
      const source = `${TRADER}?pin-source=file://${join(folder, 'pin')}`
      const { objects: same } = await jsonOf(run(['pkcs11', 'objects', source, '--json']))
      // The module lists them in no order.
      expect(urisOf(same)).toEqual(urisOf(all))
      const { objects: open } = await jsonOf(run([...objects, '--no-login']))
      const types = (open as { type: string }[]).map(({ type }) => type)
      expect(types).toContain('cert')
      expect(types).not.toContain('private')
    })

    it('wrong: exit code 3, tried once, not shown', async () => {
      put('wrong', WRONG_PIN)
      const refused = await run([...objects, '--pin-file', 'wrong'])
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('wrong PIN for the token') })
      expect(refused.stderr).toContain('tried once')
    })

    it('in a report: that the key does not sign, and why', async () => {
      put('wrong', WRONG_PIN)
      const args = ['pkcs11', 'test', `${TRADER};object=two-1`, '--pin-file', 'wrong']
      const failed = await run(args)
      expect(failed.code).toBe(1)
      expect(failed.stdout.toString()).toMatch(/^THE KEY DOES NOT SIGN\n[\s\S]*ERR_TOKEN_PIN_WRONG/)
      const { good, steps } = await jsonOf(run([...args, '--json']), 1)
      expect({ good, steps }).toMatchObject({ good: false, steps: [{ step: 'open', ok: false }] })
    })

    it('none, and no terminal: exit code 3 with the ways to give it', async () => {
      const none = await run(objects)
      expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('--pin-file') })
    })

    it('in a file that others can read: exit code 3 for pin-source', async () => {
      writeFileSync(join(folder, 'open-pin'), userPin, { mode: 0o644 })
      const source = `${TRADER}?pin-source=file://${join(folder, 'open-pin')}`
      const refused = await run(['pkcs11', 'objects', source])
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('chmod 600') })
    })
  })

  describeUnless(noTerminal(), 'on a terminal', () => {
    const onOwnTerminal = (command: string, questions: readonly string[], pin = userPin) => {
      const steps = questions.map((after) => ({ after, type: `${pin}\r` }))
      const env = { ...softHsm.env, SEALKIT_PKCS11_MODULE: softHsm.module }
      return onTerminal(command, steps, { cwd: folder, env })
    }
    // After a wrong PIN the question says that few tries are left, until a right one.
    beforeEach(async () => {
      expect(await withPin(['pkcs11', 'objects', TRADER])).toMatchObject({ code: 0 })
    })
    const LOGIN = 'PIN for token Trader: '
    const SIGNATURE = 'PIN for this signature, token Trader: '

    it('the PIN is asked for once, and not shown', async () => {
      const command = `sealkit sign --key "${TRADER};object=two-1" --in token.txt --out /dev/null`
      const { code, shown } = await onOwnTerminal(command, [LOGIN])
      expect({ code, shown }).toEqual({ code: 0, shown: `${LOGIN}\r\n` })
    })

    it('a wrong one is not asked for again', async () => {
      const command = `sealkit sign --key "${TRADER};object=two-1" --in token.txt --out /dev/null`
      const { code, shown } = await onOwnTerminal(command, [LOGIN], WRONG_PIN)
      expect(code).toBe(3)
      expect(shown).toContain('wrong PIN for the token')
      expect(shown).not.toContain(WRONG_PIN)
      expect(shown.split(LOGIN)).toHaveLength(2)
    })

    it('for a key that wants it at each signature it is asked for at each', async () => {
      const making = ['pkcs11', 'keygen', TRADER, '--label', 'careful', '--always-authenticate']
      expect(await withPin(making)).toMatchObject({ code: 0 })
      const command = `sealkit cred csr --key "${TRADER};object=careful" --subject CN=careful --out careful.csr`
      const { code, shown } = await onOwnTerminal(command, [LOGIN, SIGNATURE])
      expect({ code, shown }).toMatchObject({ code: 0, shown: expect.stringContaining(SIGNATURE) })
      expect(shown).not.toContain(userPin)
      await openssl('req', '-in', 'careful.csr', '-noout', '-verify')
    })
  })

  it.each([
    ['no URI', ['pkcs11', 'objects', 'Trader'], 2],
    ['an id that is none', ['pkcs11', 'keygen', TRADER, '--label', 'x', '--id', 'xyz'], 2],
    ['a malformed URI', ['pkcs11', 'objects', 'pkcs11:token'], 3],
    ['an unknown token', ['pkcs11', 'objects', 'pkcs11:token=Nobody'], 3],
    ['the whole token', ['pkcs11', 'delete', TRADER, '--yes', '--pin-file', 'pin'], 3],
    ['a key that is not there', ['sign', '--key', `${TRADER};object=none`, '--pin-file', 'pin'], 3],
  ])('%s: nothing on standard output, an exit code', async (_, args, code) => {
    const result = await run(args)
    expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' })
    expect(result.stderr).not.toBe('')
  })
})
