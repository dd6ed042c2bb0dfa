/** Where a password comes from: file, descriptor, variable, terminal; never an argument. */
import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeUnless } from '../../support/tools.ts'
import { ended, PASSWORD, type RunOptions, sealkit, start, workFolder } from './support/program.ts'
import { noTerminal, onTerminal } from './support/terminal.ts'

let cwd: string
beforeAll(async () => {
  cwd = await workFolder()
})

const KEY = ['sign', '--key', 'encrypted.pem', '--cert', 'cert.pem', '--in', 'token.txt']
const sign = (args: readonly string[], options: RunOptions = {}) =>
  sealkit([...KEY, ...args], { cwd, ...options })

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(cwd, name), content, { mode: 0o600 })
  return name
}

describe('--password-file', () => {
  it.each([
    ['without a line end', PASSWORD],
    ['with one', `${PASSWORD}\n`],
    ['with a Windows one', `${PASSWORD}\r\n`],
    ['with a byte order mark', `\ufeff${PASSWORD}`],
    ['in UTF-16', Buffer.from(`\ufeff${PASSWORD}\r\n`, 'utf16le')],
  ])('%s', async (_, content) => {
    const { code, stderr } = await sign(['--password-file', put('p', content)])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it.each([
    ['two line ends: one belongs to the password', `${PASSWORD}\n\n`],
    ['a space more', `${PASSWORD} `],
    ['nothing', ''],
    ['bytes that are no text', Uint8Array.of(0xff, 0x80, 0x0a)],
  ])('%s: wrong password', async (_, content) => {
    const { code, stderr } = await sign(['--password-file', put('p', content)])
    expect(stderr).toMatch(/^sealkit: wrong password for .*\n {2}check the password/)
    expect(code).toBe(3)
  })

  it.each([
    ['a folder', '.', /cannot read the password file: .*directory/],
    ['not there', 'nothing', /cannot read the password file: no such file or directory/],
    ['another file by mistake', 'large', /the password file holds more than a password/],
  ])('%s', async (_, name, message) => {
    put('large', Buffer.alloc(100_000))
    const { code, stderr } = await sign(['--password-file', name])
    expect(stderr).toMatch(message)
    expect(code).toBe(3)
  })

  it('warns where others may read it', async () => {
    chmodSync(join(cwd, put('open', PASSWORD)), 0o644)
    const { code, stderr } = await sign(['--password-file', 'open'])
    expect(stderr).toBe('note: other users may read the password file; chmod 600 keeps them out\n')
    expect(code).toBe(0)
  })

  it('is not read where the key is not encrypted', async () => {
    const args = ['sign', '--key', 'key.pem', '--cert', 'cert.pem', '--in', 'token.txt']
    const { code, stderr } = await sealkit([...args, '--password-file', 'nothing'], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('--password-env', () => {
  it('takes the variable', async () => {
    const { code, stderr } = await sign(['--password-env', 'P'], { env: { P: PASSWORD } })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
  it('is an error where it is not set', async () => {
    const { code, stderr } = await sign(['--password-env', 'P'])
    expect(stderr).toMatch(/the environment variable named by --password-env is not set/)
    expect(code).toBe(3)
  })
})

describe('--password-fd', () => {
  it('reads a file or a pipe', async () => {
    const fd = openSync(join(cwd, 'password'), 'r')
    const stdio = ['ignore', 'pipe', 'pipe', fd] as const
    const file = await ended(start([...KEY, '--password-fd', '3'], { cwd, stdio }))
    closeSync(fd)
    expect(file).toMatchObject({ code: 0, stderr: '' })

    const child = start([...KEY, '--password-fd', '3'], { cwd, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
    ;(child.stdio[3] as NodeJS.WritableStream).end(`${PASSWORD}\n`)
    expect(await ended(child)).toMatchObject({ code: 0, stderr: '' })
  })

  it('0 is stdin, where the content comes from a file', async () => {
    expect(await sign(['--password-fd', '0'], { input: `${PASSWORD}\n` })).toMatchObject({
      code: 0,
      stderr: '',
    })
  })

  // Node's own descriptors have such numbers: reading one would hang, closing it would abort.
  it.each([3, 4, 5, 6, 7, 8, 12, 16, 99])('%i that nobody opened', async (fd) => {
    const { code, stderr } = await sign(['--password-fd', String(fd)])
    expect(stderr).toMatch(/^sealkit: (cannot read descriptor|wrong password)/)
    expect(code).toBe(3)
  })
})

describe('without any', () => {
  it('and without a terminal the error lists the ways', async () => {
    const { code, stderr } = await sign([])
    expect(stderr).toBe(
      'sealkit: a password for encrypted.pem is needed\n' +
        '  give it by --password-file FILE, --password-fd N or --password-env NAME, or run in a terminal\n',
    )
    expect(code).toBe(3)
  })
})

describeUnless(noTerminal(), 'on a terminal', () => {
  const line = `sealkit ${KEY.join(' ')} --out /dev/null`
  const ask = (typed: string, command = line) => {
    return onTerminal(command, [{ after: 'Password for encrypted.pem: ', type: typed }], { cwd })
  }

  it('it is asked for, and not shown', async () => {
    const { code, shown } = await ask(`${PASSWORD}\r`)
    expect({ code, shown }).toEqual({ code: 0, shown: 'Password for encrypted.pem: \r\n' })
  })

  it('backspace, Ctrl-U and pasted lines work', async () => {
    const { code, shown } = await ask(`wrong\x15${PASSWORD}xy\x7f\x7f\rnext line\r`)
    expect(code).toBe(0)
    expect(shown).not.toContain('wrong')
    expect(shown).not.toContain(PASSWORD.slice(0, 3))
  })

  it('stdin and stdout stay with the data', async () => {
    const command = `cat token.txt | sealkit ${KEY.slice(0, 5).join(' ')} > out.sig; stat -c %s out.sig`
    const { code, shown } = await ask(`${PASSWORD}\r`, command)
    expect(code).toBe(0)
    expect(shown).toMatch(/^Password for encrypted.pem: \r\n1\d\d\d\r\n$/)
  })

  it('a wrong one is an error', async () => {
    const { code, shown } = await ask('wrong\r')
    expect(shown).toMatch(/sealkit: wrong password/)
    expect(code).toBe(3)
  })

  it('Ctrl-C ends the program with 130, and the terminal is as it was', async () => {
    const { code, shown } = await ask(
      'half\x03',
      `stty -a > before; ${line}; code=$?; stty -a | cmp - before; exit $code`,
    )
    expect(code).toBe(130)
    expect(shown).toBe('Password for encrypted.pem: \r\n')
  })

  it('Ctrl-D is no password', async () => {
    const { code, shown } = await ask('\x04')
    expect(shown).toMatch(/a password for encrypted.pem is needed/)
    expect(code).toBe(3)
  })

  it('content typed there is announced, and signed without a line end after two Ctrl-D', async () => {
    const steps = [
      { after: 'Password for encrypted.pem: ', type: `${PASSWORD}\r` },
      { after: 'sign no line end)', type: 'typed\x04\x04' },
    ]
    const command = `sealkit ${KEY.slice(0, 5).join(' ')} --out typed.sig; printf typed | sealkit verify --signature typed.sig --content - --signature-only > /dev/null`
    const { code, shown } = await onTerminal(command, steps, { cwd })
    expect(shown).toMatch(/note: reading the content from the terminal; Ctrl-D ends it/)
    expect(code).toBe(0)
  })

  it('DER is refused there, before the password is asked for', async () => {
    const { code, shown } = await onTerminal(`sealkit ${KEY.join(' ')} --format der`, [], { cwd })
    expect(shown).toMatch(/DER is binary and is not printed to a terminal\s+.*--out FILE/)
    expect(code).toBe(2)
  })
})
