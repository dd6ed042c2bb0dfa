/** sealkit completion: the shells themselves say what they offer. PowerShell is not in Debian: its script is only read. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS, GROUPS } from '../../../apps/cli/commands.ts'
import { bashCompletion } from '../../../apps/cli/completion/bash.ts'
import { fishCompletion } from '../../../apps/cli/completion/fish.ts'
import {
  type CompletedOption,
  type CompletionModel,
  completionModel,
} from '../../../apps/cli/completion/model.ts'
import { powershellCompletion } from '../../../apps/cli/completion/powershell.ts'
import { zshCompletion } from '../../../apps/cli/completion/zsh.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith, root, tempDir } from '../../support/tools.ts'

let model: CompletionModel
let folder: string
let files: string
beforeAll(async () => {
  model = await completionModel({ commands: COMMANDS, groups: GROUPS })
  folder = tempDir()
  files = join(folder, 'files')
  mkdirSync(join(files, 'sub'), { recursive: true })
  for (const name of ['a key.pem', 'b.pem']) writeFileSync(join(files, name), '')
  writeFileSync(join(folder, 'c.bash'), bashCompletion(model))
  writeFileSync(join(folder, 'c.zsh'), zshCompletion(model))
  writeFileSync(join(folder, 'c.fish'), fishCompletion(model))
})

const firstWords = () => model.words.map(({ name }) => name).sort()
const secondWords = (group: string) =>
  COMMANDS.flatMap(({ name }) => (name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : [])).sort()
const wordsOf = ({ value }: CompletedOption) => (typeof value === 'object' ? value.words : [])

describe('bash', () => {
  /** What bash offers for each line: its words, the last being completed. */
  async function offered(lines: readonly (readonly string[])[]): Promise<string[][]> {
    const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
    const script = [
      `source ${quoted(join(folder, 'c.bash'))}`,
      `complete -p sealkit >&2`,
      ...lines.map((words) => {
        const list = ['sealkit', ...words].map(quoted).join(' ')
        return `COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _sealkit; printf '%s\\n' "\${COMPREPLY[@]}" --end--`
      }),
    ]
    const { stdout } = await mustRun('bash', ['--norc', '-uc', script.join('\n')], { cwd: files })
    const answers = stdout.toString().split('--end--\n').slice(0, -1)
    return answers.map((answer) =>
      answer
        .split('\n')
        .filter((line) => line !== '')
        .sort(),
    )
  }

  it('offers commands', async () => {
    const [first, cred, c, help, helpCred, nothing] = await offered([
      [''],
      ['cred', ''],
      ['cred', 'in'],
      ['help', 'ver'],
      ['help', 'cred', ''],
      ['help', 'sign', ''],
    ])
    expect(first).toEqual(firstWords())
    expect([cred, helpCred]).toEqual([secondWords('cred'), secondWords('cred')])
    expect([c, help, nothing]).toEqual([['inspect'], ['verify'], []])
  })

  it('offers every option of every command, and every word that it takes', async () => {
    const lines: string[][] = []
    const expected: string[][] = []
    for (const { name, options } of model.commands) {
      lines.push([...name.split(' '), '--'])
      expected.push(
        options
          .map((option) => option.name)
          .filter((option) => option.startsWith('--'))
          .sort(),
      )
      for (const option of options.filter((each) => wordsOf(each).length > 0)) {
        lines.push([...name.split(' '), option.name, ''], [...name.split(' '), option.name, '='])
        expected.push([...wordsOf(option)].sort(), [...wordsOf(option)].sort())
      }
    }
    expect(await offered(lines)).toEqual(expected)
    expect(lines.length).toBeGreaterThan(60)
  })

  it('offers files, folders, words, or nothing', async () => {
    expect(
      await offered([
        ['sign', '--key', ''],
        ['cred', 'inspect', 'b'],
        ['token', 'list', '--store', ''],
        ['sign', '--format', '=', 'd'],
        ['completion', 'z'],
        ['simulate', ''],
        ['sign', '--password-env', ''],
        ['nonsense', ''],
        ['cred', 'nonsense', ''],
      ]),
    ).toEqual([
      ['a key.pem', 'b.pem', 'sub'],
      ['b.pem'],
      ['sub'],
      ['der'],
      ['zsh'],
      ['all', 'clearstream', 'moex'],
      [],
      [],
      [],
    ])
  })
})

describeWith('zsh', 'zsh', () => {
  async function offered(line: string): Promise<string[]> {
    const script = join(root, 'test/apps/cli/support/complete.zsh')
    const { stdout } = await mustRun('zsh', ['-f', script, join(folder, 'c.zsh'), files, line])
    return [...stdout.toString().matchAll(/FOUND:([^\r\n]*)/g)].map(([, found = '']) => found.trim()).sort()
  }

  it('reads the script without a word', async () => {
    await mustRun('zsh', ['-n', join(folder, 'c.zsh')])
  })

  it('offers commands', async () => {
    expect(await offered('sealkit ')).toEqual(firstWords())
    expect(await offered('sealkit cred ')).toEqual(secondWords('cred'))
    expect(await offered('sealkit help token ')).toEqual(secondWords('token'))
  })

  it('offers options and their words', async () => {
    const sign = model.commands.find(({ name }) => name === 'sign')
    const names = sign?.options.flatMap(({ name }) => (name.startsWith('--') ? [name] : [])) ?? []
    expect((await offered('sealkit sign --')).map((each) => each.replace(/=$/, ''))).toEqual(names.sort())
    expect(await offered('sealkit sign --format ')).toEqual(['base64', 'der', 'pem'])
    expect(await offered('sealkit sign --format=')).toEqual(['base64', 'der', 'pem'])
    expect(await offered('sealkit completion ')).toEqual(['bash', 'fish', 'powershell', 'zsh'])
  })

  it('offers files', async () => {
    expect(await offered('sealkit cred inspect ')).toEqual(['a\\ key.pem', 'b.pem', 'sub'])
    expect(await offered('sealkit sign --key ')).toEqual(['a\\ key.pem', 'b.pem', 'sub'])
  })

  it('takes every command', async () => {
    for (const { name } of model.commands.filter((_, i) => i % 6 === 0)) {
      expect(await offered(`sealkit ${name} --hel`), name).toContain('--help')
    }
  }, 60_000)
})

describeWith('fish', 'fish', () => {
  /** What fish offers for each line. */
  async function offered(lines: readonly string[]): Promise<string[][]> {
    const script = [
      `source '${join(folder, 'c.fish')}'`,
      ...lines.map((line) => `complete -C '${line}'; echo --end--`),
    ].join('\n')
    const env = { HOME: folder, PATH: process.env['PATH'] ?? '' }
    const { stdout } = await mustRun('fish', ['--no-config', '-c', script], { cwd: files, env })
    const answers = stdout.toString().split('--end--\n').slice(0, -1)
    return answers.map((answer) =>
      answer
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']))
        .sort(),
    )
  }

  it('offers commands', async () => {
    const [first, cred, help, nothing] = await offered([
      'sealkit ',
      'sealkit cred ',
      'sealkit help token ',
      'sealkit help sign ',
    ])
    expect(first).toEqual(firstWords())
    expect(cred).toEqual(secondWords('cred'))
    expect(help).toEqual(secondWords('token'))
    expect(nothing).toEqual([])
  })

  it('offers every option of every command, and every word that it takes', async () => {
    const lines: string[] = []
    const expected: string[][] = []
    for (const { name, options } of model.commands) {
      lines.push(`sealkit ${name} --`)
      expected.push(
        options
          .map((option) => option.name)
          .filter((option) => option.startsWith('--'))
          .sort(),
      )
      for (const option of options.filter((each) => wordsOf(each).length > 0)) {
        lines.push(`sealkit ${name} ${option.name} `)
        expected.push([...wordsOf(option)].sort())
      }
    }
    const found = await offered(lines)
    expect(found.map((each) => each.map((option) => option.replace(/=$/, '')))).toEqual(expected)
  })

  it('offers files, folders or words', async () => {
    expect(
      await offered([
        'sealkit sign --key ',
        'sealkit cred inspect b',
        'sealkit token list --store ',
        'sealkit completion z',
      ]),
    ).toEqual([['a key.pem', 'b.pem', 'sub/'], ['b.pem'], ['sub/'], ['zsh']])
  })
})

describe('PowerShell', () => {
  /** The script without its texts; throws where a quote or a bracket has no other. */
  function skeleton(script: string): string {
    const code = script.replace(/^\s*#.*$/gm, '').replace(/'(?:[^'\n]|'')*'/g, 'TEXT')
    expect(code).not.toContain("'")
    const open: string[] = []
    for (const bracket of code.match(/[()[\]{}]/g) ?? []) {
      if ('([{'.includes(bracket)) open.push(bracket)
      else expect(`${open.pop()}${bracket}`).toMatch(/^(\(\)|\[\]|\{\})$/)
    }
    expect(open).toEqual([])
    return code
  }

  it('has every command, option and word, in balance', () => {
    const script = powershellCompletion(model)
    expect(skeleton(script)).toContain('Register-ArgumentCompleter -Native -CommandName sealkit')
    for (const { name, options } of model.commands) {
      const [, block = ''] = script.split(`        '${name}' = @(\n`)
      const [own = ''] = block.split('\n        )\n')
      expect([...own.matchAll(/^ +, @\('(--?[a-zA-Z0-9-]+)', '/gm)].map(([, option]) => option)).toEqual(
        options.map((option) => option.name),
      )
      for (const option of options) for (const word of wordsOf(option)) expect(own).toContain(`'${word}'`)
    }
    for (const word of firstWords()) expect(script).toContain(`, @('${word}', '`)
    for (const group of Object.keys(GROUPS)) {
      for (const word of secondWords(group)) expect(script).toContain(`            , @('${word}', '`)
    }
  })

  it('quotes what a text may hold', () => {
    const option = { name: '--x', value: undefined, multiple: false, summary: "it's $HOME `n" }
    const script = powershellCompletion({
      words: [],
      commands: [{ name: 'a', summary: '', options: [option], operands: undefined }],
    })
    expect(script).toContain(", @('--x', 'it''s $HOME `n', $null)")
  })
})

it('no word of a value needs quoting in a shell', () => {
  for (const { options } of model.commands) {
    for (const word of options.flatMap(wordsOf)) expect(word).toMatch(/^[A-Za-z0-9][A-Za-z0-9./:,-]*$/)
  }
})
