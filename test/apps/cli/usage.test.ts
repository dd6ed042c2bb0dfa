/** The command line itself: help, version, wrong commands and options. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS, GROUPS } from '../../../apps/cli/commands.ts'
import { ExitCode } from '../../../apps/cli/exit-codes.ts'
import { root } from '../../support/tools.ts'
import { PASSWORD, SIGN, sealkit, TOKEN, workFolder } from './support/program.ts'

let cwd: string
beforeAll(async () => {
  cwd = await workFolder()
})
const run = (...args: string[]) => sealkit(args, { cwd })

describe('help and version', () => {
  it('--version is that of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect((await run('--version')).stdout.toString()).toBe(`${version}\n`)
    expect((await run('-V')).stdout.toString()).toBe(`${version}\n`)
  })

  it('the overview is on stdout where it is asked for, and names every command', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { code, stdout, stderr } = await run(...args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const help = stdout.toString().replace(/\n {5,}/g, ' ')
      for (const { name, summary } of COMMANDS) {
        const [group = '', second] = name.split(' ')
        if (second === undefined) expect(help).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'))
        // Those of a group stand in its line.
        else expect(help).toMatch(new RegExp(`^ {2}${group} .*[ ,]${second}(,|$)`, 'm'))
      }
      expect(
        [
          ...new Set(
            COMMANDS.map(({ name }) => name.split(' ')).flatMap((words) =>
              words.slice(1).map(() => words[0]),
            ),
          ),
        ].sort(),
      ).toEqual(Object.keys(GROUPS).sort())
      for (const code of Object.values(ExitCode)) expect(help).toMatch(new RegExp(`[ ,]${code} [a-z]+`))
    }
  })

  it('without arguments it is on stderr, and nothing good has been done', async () => {
    const { code, stdout, stderr } = await run()
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe((await run('--help')).stdout.toString())
    const lines = stderr.trimEnd().split('\n')
    expect(lines.length, 'one screen, with room for the prompt').toBeLessThan(24)
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  })

  it.each(COMMANDS.map(({ name }) => name))(
    'sealkit help %s shows every option and exit code',
    async (name) => {
      const words = name.split(' ')
      const { code, stdout } = await run('help', ...words)
      expect(code).toBe(0)
      expect((await run(...words, '--help')).stdout.toString()).toBe(stdout.toString())
      expect((await run(...words, '-h')).stdout.toString()).toBe(stdout.toString())
      const help = stdout.toString()
      const command = await COMMANDS.find((entry) => entry.name === name)?.load()
      for (const option of command?.groups.flatMap(({ options }) => options) ?? []) {
        expect(help).toMatch(new RegExp(`^ {2}--${option.name}\\b`, 'm'))
      }
      for (const code of [2, 70, 130]) expect(help).toMatch(new RegExp(`^ {2}${code} +\\S`, 'm'))
      for (const word of Object.keys(command?.exitCodes ?? {}) as (keyof typeof ExitCode)[]) {
        expect(help).toMatch(new RegExp(`^ {2}${ExitCode[word]} +\\S`, 'm'))
      }
      expect(command?.examples.length, 'an example').toBeGreaterThan(0)
      for (const { command: example } of command?.examples ?? []) {
        expect(help).toContain(`\n  ${example}\n`)
        expect(example).toContain(`sealkit ${name}`)
      }
      const tooLong = help.split('\n').filter((line) => line.length > 80 && !line.startsWith('  sealkit '))
      expect(tooLong).toEqual([])
    },
  )
})

describe('commands of two words', () => {
  it('their overview is shown for the first word', async () => {
    const asked = await run('help', 'cred')
    expect({ code: asked.code, stderr: asked.stderr }).toEqual({ code: 0, stderr: '' })
    for (const { name } of COMMANDS.filter((each) => each.name.startsWith('cred '))) {
      expect(asked.stdout.toString()).toContain(`  ${name} `)
    }
    expect((await run('cred', '--help')).stdout.toString()).toBe(asked.stdout.toString())
    const without = await run('cred')
    expect({ code: without.code, stdout: without.stdout.toString() }).toEqual({ code: 2, stdout: '' })
    expect(without.stderr).toBe(asked.stdout.toString())
  })
})

describe('what is wrong is said, with the way out, and exit code 2', () => {
  it.each([
    ['an unknown command', ['sgin'], /unknown command sgin; did you mean sign\?\n.*sealkit --help/],
    [
      'an unknown second word',
      ['cred', 'inspec'],
      /unknown command cred inspec; did you mean cred inspect\?\n.*sealkit --help/,
    ],
    ['a missing file', ['cred', 'inspect'], /FILE is missing\n.*sealkit help cred inspect/],
    ['a second missing file', ['cred', 'match', 'a'], /a second FILE is missing/],
    ['too many files', ['cred', 'convert', 'a', 'b', 'c'], /takes 2 files at most/],
    ['a file for a command without', ['cred', 'keygen', 'a.key'], /takes options only\n.*--out/],
    ['an empty name', ['cred', 'inspect', ''], /the name of a file is empty/],
    ['stdin twice', ['cred', 'to-p12', '-', '-', '--out', 'x'], /standard input can be one file only/],
    ['a key type that is none', ['cred', 'keygen', '--out', 'x', '--type', 'P-265'], /did you mean P-256\?/],
    ['a time that is none', ['cred', 'expires', 'cert.pem', '--within', '30'], /--within must be .*30d/],
    ['help for one', ['help', 'verfy'], /unknown command verfy; did you mean verify\?/],
    ['an unknown option before it', ['--verbose'], /there is no option --verbose before a command/],
    [
      'an unknown option',
      ['sign', '--ky=x'],
      /there is no option --ky; did you mean --key\?\n.*sealkit help sign/,
    ],
    ['an unknown short option', ['sign', '-k', 'x'], /there is no option -k\n/],
    ['a missing option', ['sign'], /--key is missing\n/],
    ['a missing option of verify', ['verify', '--signature-only'], /--signature is missing/],
    ['a missing value at the end', ['sign', '--key'], /--key needs a value: --key KEY/],
    ['a missing value in the middle', ['sign', '--key', '--in', 'x'], /--key needs a value.*\n.*--key=VALUE/],
    ['an empty value', ['sign', '--key='], /--key needs a value/],
    ['a value for a switch', ['sign', '--key', 'k', '--json=yes'], /--json takes no value/],
    ['an option twice', ['sign', '--key', 'a', '--key', 'b'], /--key is given twice/],
    [
      'a wrong choice',
      [...SIGN, '--format', 'dre'],
      /--format must be one of base64, der, pem; did you mean der\?/,
    ],
    ['a weak digest', [...SIGN, '--digest', 'sha1'], /--digest must be one of sha256, sha384, sha512/],
    ['no http URL', [...SIGN, '--timestamp', 'ftp://x'], /--timestamp must be an http or https URL/],
    ['JSON and a format for stdout', [...SIGN, '--json', '--format', 'pem'], /--format needs --out FILE/],
    [
      'two sources of a password',
      [...SIGN, '--password-fd', '3', '--password-env', 'X'],
      /exclude each other/,
    ],
    ['a descriptor that is none', [...SIGN, '--password-fd', '-1'], /--password-fd needs a value/],
    [
      'a descriptor for output',
      [...SIGN, '--password-fd', '2'],
      /--password-fd must be the number of a descriptor/,
    ],
    ['a name for a descriptor', [...SIGN, '--password-fd', 'three'], /--password-fd must be the number/],
    ['stdin for two things', [...SIGN, '--password-fd', '0'], /standard input holds the content/],
    [
      'verify without a judge',
      ['verify', '--signature', 'x'],
      /say how the certificate is to be judged\n.*--signature-only/,
    ],
    [
      'verify --ca and --signature-only',
      ['verify', '--signature', 'x', '--ca', 'b', '--signature-only'],
      /--ca and --signature-only exclude each other/,
    ],
    [
      'stdin twice in verify',
      ['verify', '--signature-only', '--signature', '-', '--content', '-'],
      /cannot both be/,
    ],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(...args)
    expect(stderr).toMatch(message)
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 2, stdout: '' })
  })
})

describe('secrets', () => {
  // That they are not shown again is checked for each run, in `sealkit`.
  it.each(['password', 'passphrase', 'pass', 'passin', 'pin'])(
    '--%s is refused, and says why and how else',
    async (name) => {
      for (const args of [[`--${name}`, PASSWORD], [`--${name}=${PASSWORD}`]]) {
        const { code, stderr } = await run(...SIGN, ...args)
        expect(code).toBe(2)
        expect(stderr).toMatch(/never taken from an argument/)
        expect(stderr).toMatch(
          /--password-file FILE, --password-fd N or --password-env NAME.*every user of the machine/,
        )
      }
    },
  )

  it.each([
    ['a token as an argument', ['sign', TOKEN]],
    ['a token after the options', [...SIGN, TOKEN]],
    ['a token after --', [...SIGN, '--', TOKEN]],
    ['a token in place of a command', [TOKEN]],
    ['a token for an unknown option', [...SIGN, '--token', TOKEN]],
    ['a token for an unknown option, joined', [...SIGN, `--token=${TOKEN}`]],
    ['a token for a choice', [...SIGN, '--format', TOKEN]],
    ['a password for a descriptor', [...SIGN, '--in', 'token.txt', '--password-fd', PASSWORD]],
    ['help for a token', ['help', TOKEN]],
  ])('%s is refused and not shown', async (_, args) => {
    expect((await run(...args)).code).toBe(2)
  })

  it.each([
    [
      'a password for the name of a variable',
      ['--password-env', PASSWORD],
      /named by --password-env is not set/,
    ],
    [
      'a password for the name of a file',
      ['--password-file', PASSWORD],
      /cannot read the password file: no such file/,
    ],
  ])('%s is not shown', async (_, args, message) => {
    const { code, stderr } = await run('sign', '--key', 'encrypted.pem', '--cert', 'cert.pem', ...args)
    expect(stderr).toMatch(message)
    expect(code).toBe(3)
  })

  it.each([
    ['where a password is asked for', ['cred', 'inspect', 'x'], '--password'],
    ['where one is made', ['cred', 'keygen'], '--out-password'],
  ])('a password as an argument %s', async (_, args, option) => {
    const { code, stderr } = await run(...args, `${option}=${PASSWORD}`)
    expect(code).toBe(2)
    expect(stderr).toMatch(/never taken from an argument\n.*password-file FILE/)
  })

  it('the key itself in place of a file is refused, and not shown', async () => {
    const key = readFileSync(join(cwd, 'key.pem'), 'utf8')
    for (const args of [
      ['cred', 'inspect', key],
      ['cred', 'inspect', '--', key],
      ['cred', 'inspect', key.replace(/-----.*-----|\n/g, '')],
      ['sign', key],
    ]) {
      const { code, stderr } = await run(...args)
      expect(code).toBe(2)
      expect(stderr).not.toContain(key.slice(100, 130))
    }
  })

  it('the key itself is refused', async () => {
    const { code, stderr } = await run('sign', '--key', readFileSync(join(cwd, 'key.pem'), 'utf8'))
    expect(stderr).toMatch(/--key takes the name of a file, not the key itself/)
    expect(code).toBe(2)
  })
})
