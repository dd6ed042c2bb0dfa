/** References to secrets: read from where they are, when they are needed; told to nobody. */
import { chmodSync, chownSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadProfile, readSecretReference, SecretReference } from '../../src/config/index.ts'
import { tempDir } from '../support/tools.ts'
import { configError, fileWith, put, SECRET } from './support.ts'

/** A command that runs a script of ours. */
const node = (script: string) => SecretReference.command([process.execPath, '-e', script], 'the test')

describe('a reference', () => {
  it('shows no secret and no argument in any way of printing', () => {
    const inline = SecretReference.inline(SECRET)
    const command = SecretReference.command(['pass', SECRET])
    for (const reference of [inline, command]) {
      const shown = [
        inspect(reference, { depth: 9, showHidden: true }),
        inspect({ a: [reference] }, { depth: 9 }),
        JSON.stringify({ reference }),
        `${reference}`,
        Object.values(reference).join(),
        JSON.stringify(structuredClone({ ...reference })),
      ].join('\n')
      expect(shown).not.toContain(SECRET)
    }
    expect(JSON.stringify(command)).toBe('{"secret":"command","place":"command pass"}')
    expect(inspect(inline)).toBe('[secret: written in the configuration]')
  })

  it('is made of the right things only', () => {
    expect(() => SecretReference.file('')).toThrow(TypeError)
    expect(() => SecretReference.file('a\0b')).toThrow(TypeError)
    expect(() => SecretReference.command([])).toThrow(TypeError)
    expect(() => SecretReference.command('pass' as never)).toThrow(TypeError)
    expect(() => SecretReference.command(['pass', 1 as never])).toThrow(TypeError)
    return expect(readSecretReference({ file: 'a' } as never)).rejects.toThrow(TypeError)
  })
})

describe('a file', () => {
  it.each([
    ['as it is', SECRET, SECRET],
    ['without one line end', `${SECRET}\n`, SECRET],
    ['without one line end of Windows', `${SECRET}\r\n`, SECRET],
    ['blanks stay', ` ${SECRET} `, ` ${SECRET} `],
    ['with a byte order mark', `\ufeff${SECRET}`, SECRET],
    ['in UTF-16', Buffer.from(`\ufeffп${SECRET}\r\n`, 'utf16le'), `п${SECRET}`],
  ])('%s', async (_, content, expected) => {
    expect(await readSecretReference(SecretReference.file(fileWith(content, 'p')))).toBe(expected)
  })

  it.each([
    ['empty', '', 'it is empty'],
    ['a line end alone', '\n', 'it is empty'],
    ['several lines', `${SECRET}\n${SECRET}\n`, 'several lines'],
    ['two line ends', `${SECRET}\n\n`, 'several lines'],
    ['a NUL', `${SECRET}\0`, 'control characters'],
    ['no UTF-8', Uint8Array.of(0xc3, 0x28), 'no text in UTF-8'],
    ['too long', 'x'.repeat(64 * 1024 + 1), 'holds more than a secret'],
  ])('that is wrong is refused: %s', async (_, content, message) => {
    const path = fileWith(content, 'p')
    const error = await configError(
      readSecretReference(SecretReference.file(path, 'the test')),
      'ERR_CONFIG_SECRET',
    )
    expect(error.message).toContain('the test: ')
    expect(error.message).toContain(message)
  })

  it('is read anew each time', async () => {
    const path = fileWith('one', 'p')
    const reference = SecretReference.file(path)
    expect(await readSecretReference(reference)).toBe('one')
    writeFileSync(path, 'two')
    expect(await readSecretReference(reference)).toBe('two')
    rmSync(path)
    const error = await configError(readSecretReference(reference), 'ERR_CONFIG_SECRET')
    expect(error.message).toContain('there is no such file')
    const folder = await configError(
      readSecretReference(SecretReference.file(tempDir())),
      'ERR_CONFIG_SECRET',
    )
    expect(folder.message).toContain('it is a folder')
  })

  it.runIf(process.platform !== 'win32')('that others can read is warned of', async () => {
    const warnings: string[] = []
    const onWarning = (warning: string) => warnings.push(warning)
    await readSecretReference(SecretReference.file(fileWith(SECRET, 'p')), { onWarning })
    expect(warnings).toEqual([])
    const path = fileWith(SECRET, 'p', 0o640)
    await readSecretReference(SecretReference.file(path), { onWarning })
    expect(warnings).toEqual([`secret: ${path} can be read by others: chmod 600 ${path}`])
  })
})

describe('variables and prompts', () => {
  it('are asked when it is time', async () => {
    const variable = SecretReference.env('A_SECRET')
    expect(await readSecretReference(variable, { env: { A_SECRET: SECRET } })).toBe(SECRET)
    for (const env of [{}, { A_SECRET: '' }]) {
      const error = await configError(readSecretReference(variable, { env }), 'ERR_CONFIG_SECRET')
      expect(error.message).toContain('A_SECRET is not set')
    }
    const asked: string[] = []
    const prompt = async (what: string) => {
      asked.push(what)
      return SECRET
    }
    expect(await readSecretReference(SecretReference.prompt('password of me'), { prompt })).toBe(SECRET)
    expect(asked).toEqual(['password of me'])
    const nobody = await configError(readSecretReference(SecretReference.prompt()), 'ERR_CONFIG_SECRET')
    expect(nobody.message).toContain('nobody to ask')
  })
})

describe('a command', () => {
  it('gives what it prints, and no shell reads its arguments', async () => {
    expect(await readSecretReference(node(`console.log('${SECRET}')`))).toBe(SECRET)
    const reference = SecretReference.command([
      process.execPath,
      '-p',
      'process.argv[1]',
      '--',
      '$HOME;`id` "x"',
    ])
    expect(await readSecretReference(reference)).toBe('$HOME;`id` "x"')
  })

  it('has the environment that is given, its folder, and no input', async () => {
    const script = 'process.stdin.on("end", () => console.log(process.env.A, process.cwd())).resume()'
    const folder = tempDir()
    const reference = SecretReference.command([process.execPath, '-e', script], 'the test', folder)
    expect(await readSecretReference(reference, { env: { A: 'x' } })).toBe(`x ${folder}`)
  })

  it.each([
    ['fails', `console.error('${SECRET}'); process.exit(3)`, 'ended with exit code 3, and said something'],
    ['is ended', 'process.kill(process.pid, "SIGTERM")', 'was ended by a signal'],
    ['prints nothing', '', 'it is empty'],
    ['prints too much', 'for (;;) console.log("x".repeat(65536))', 'printed more than a secret'],
    ['prints lines', `console.log("a\\n${SECRET}")`, 'several lines'],
  ])('that %s is an error without what it said', async (_, script, message) => {
    const error = await configError(readSecretReference(node(script)), 'ERR_CONFIG_SECRET')
    expect(error.message).toContain(message)
  })

  it('that complains is warned of', async () => {
    const warnings: string[] = []
    const script = `console.error('${SECRET}!'); console.log('${SECRET}')`
    const secret = await readSecretReference(node(script), { onWarning: (warning) => warnings.push(warning) })
    expect(secret).toBe(SECRET)
    expect(warnings).toEqual([
      `command ${process.execPath} said something on standard error, which is not shown`,
    ])
  })

  it('that is not there, or takes too long, is an error', async () => {
    const missing = SecretReference.command(['/no/such/program'])
    expect((await configError(readSecretReference(missing), 'ERR_CONFIG_SECRET')).message).toContain(
      'no such program',
    )
    const slow = readSecretReference(node('setInterval(() => {}, 1000)'), { timeout: 300 })
    expect((await configError(slow, 'ERR_CONFIG_SECRET')).message).toContain('ran longer than 0.3 s')
  })

  it.runIf(process.platform !== 'win32')(
    'is not waited for where its child holds its output open',
    async () => {
      const reference = SecretReference.command(
        ['sh', '-c', 'sleep 3 & echo x; echo $! >&2; wait'],
        'the test',
      )
      await configError(readSecretReference(reference, { timeout: 300 }), 'ERR_CONFIG_SECRET')
    },
  )

  it('ends with the signal, by its reason', async () => {
    const reason = new Error('enough')
    const stop = new AbortController()
    const secret = readSecretReference(node('setInterval(() => {}, 1000)'), { signal: stop.signal })
    setTimeout(() => stop.abort(reason), 100)
    await expect(secret).rejects.toBe(reason)
    await expect(readSecretReference(node('1'), { signal: stop.signal })).rejects.toBe(reason)
  })
})

describe.runIf(process.platform !== 'win32')('permissions of the configuration', () => {
  const inline = `[profiles.a]\nplatform = "moex"\npassword = "${SECRET}"\n`
  const command = '[profiles.a]\nplatform = "moex"\npassword = { command = ["./pass"] }\n'
  const load = (file: string) => loadProfile({ file, env: {} })

  it('secrets in the file are warned of each time, and twice where others can read it', async () => {
    const own = fileWith(inline)
    for (let i = 0; i < 2; i++) {
      const profile = await load(own)
      expect(profile.warnings).toEqual([
        expect.stringContaining(`${own}:3: password stands in the file itself`),
      ])
      expect(await readSecretReference(profile.require('password').value as SecretReference)).toBe(SECRET)
    }
    const open = fileWith(inline, 'config.toml', 0o644)
    expect((await load(open)).warnings).toEqual([
      expect.stringContaining('holds secrets and can be read by others (mode 0644)'),
      expect.stringContaining('stands in the file itself'),
    ])
    // One that is not used is not warned of, but the file still holds it.
    const hidden = await loadProfile({ file: own, env: { SEALKIT_PASSWORD: 'x' } })
    expect(hidden.warnings).toEqual([])
  })

  it('a file that holds no secret may be read by all', async () => {
    expect((await load(fileWith(command, 'config.toml', 0o644))).warnings).toEqual([])
  })

  it.each([
    ['a command', command],
    ['a module', '[profiles.a]\nplatform = "moex"\nmodule = "./m.so"\n'],
    ['a key of another program', '[profiles.a]\nplatform = "moex"\nkey = "validata:profile=a"\n'],
    ['a command of another profile', `${command}[profiles.b]\nplatform = "moex"\n`],
  ])('a file that names %s is refused where others can write to it', async (_, text) => {
    for (const mode of [0o666, 0o620, 0o602]) {
      const error = await configError(load(fileWith(text, 'config.toml', mode)), 'ERR_CONFIG_SECRET')
      expect(error.message).toContain('can be written by others')
    }
    expect((await load(fileWith('[profiles.a]\nplatform = "moex"\n', 'config.toml', 0o666))).name).toBe('a')
  })

  it('also where they can write to a folder above it', async () => {
    const folder = tempDir()
    const file = join(folder, 'open/inner/config.toml')
    put(file, command)
    expect((await load(file)).name).toBe('a')
    chmodSync(join(folder, 'open'), 0o777)
    const error = await configError(load(file), 'ERR_CONFIG_SECRET')
    expect(error.message).toContain(`lies in ${join(folder, 'open')}, which can be written by others`)
    chmodSync(join(folder, 'open'), 0o1777)
    expect((await load(file)).name).toBe('a')
  })

  it.runIf(process.getuid?.() === 0)('and where it belongs to another user', async () => {
    const file = fileWith(command)
    chownSync(file, 65534, 65534)
    const error = await configError(load(file), 'ERR_CONFIG_SECRET')
    expect(error.message).toContain('belongs to another user')
  })
})
