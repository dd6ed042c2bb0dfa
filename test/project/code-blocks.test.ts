/** The runner of the documentation's code blocks: what it reads, what it refuses, and that it can fail. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../support/tools.ts'
import { codeBlocks, examples, isShown } from './support/code-blocks.ts'
import { docsFolder, runBlock, typeErrors } from './support/docs-folder.ts'

const fenced = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`

describe('codeBlocks', () => {
  it('reads fences, indented ones and longer ones too, with their lines', () => {
    const text = `# Title\n\n${fenced('sh', 'echo 1')}\n- item\n  \`\`\`ts\n  const a = 1\n    const b = 2\n  \`\`\`\n`
    const longer = '````text\n```\ninner\n```\n````\n'
    expect(codeBlocks('A.md', text + longer)).toMatchObject([
      { place: 'A.md:3', firstLine: 4, language: 'sh', code: 'echo 1\n', file: undefined, isOutput: false },
      { place: 'A.md:8', firstLine: 9, language: 'ts', code: 'const a = 1\n  const b = 2\n' },
      { place: 'A.md:12', language: 'text', code: '```\ninner\n```\n' },
    ])
  })

  it('reads the marks and hidden blocks', () => {
    const text = [
      '<!-- no-run: it needs a network -->\n',
      `${fenced('sh no-run', 'curl')}\n`,
      fenced('js file=a.mjs', '1'),
      fenced('text output', 'x'),
      '<!-- sh\ntouch hidden\n-->\n',
    ]
    expect(codeBlocks('A.md', text.join(''))).toMatchObject([
      { language: 'sh', notRun: 'it needs a network' },
      { language: 'js', file: 'a.mjs' },
      { language: 'text', isOutput: true },
      { place: 'A.md:12', language: 'sh', code: 'touch hidden\n', notRun: undefined },
    ])
  })

  it.each([
    ['no-run without a reason', fenced('sh no-run', 'x'), /A.md:1: no-run and a comment/],
    ['a reason without no-run', `<!-- no-run: why -->\n${fenced('sh', 'x')}`, /A.md:2: no-run and a comment/],
    ['a reason without a block', '<!-- no-run: why -->\ntext\n', /A.md:2: no block after the no-run reason/],
    ['no language', fenced('', 'x'), /A.md:1: name the language/],
    ['another name of a language', fenced('bash', 'x'), /A.md:1: name the language, as ts, js, sh/],
    ['an unknown mark', fenced('sh norun', 'x'), /A.md:1: unknown mark "norun"/],
    ['no end', '```sh\nx\n', /A.md:1: the block has no end/],
  ])('refuses %s', (_, text, message) => {
    expect(() => codeBlocks('A.md', text)).toThrow(message)
  })
})

it('examples finds the code in JSDoc', () => {
  const source =
    '/**\n * Text.\n * @example\n * ```ts\n * if (a) {\n *   b()\n * }\n * ```\n */\nexport const c = `x`\n'
  expect(examples('a.ts', source)).toMatchObject([
    { place: 'a.ts:4', firstLine: 5, code: 'if (a) {\n  b()\n}\n' },
  ])
})

it('isShown lets three dots stand for anything', () => {
  expect(isShown('one\ntwo\nthree\n', 'one\n...\nthree')).toBe(true)
  expect(isShown('serial 1a2b, good\n', 'serial ..., good')).toBe(true)
  expect(isShown('one\ntwo\n', 'one')).toBe(false)
  expect(isShown('a+b', 'aab')).toBe(false)
})

it('typeErrors names the line of an error', () => {
  const text = `\n${fenced('ts', "import { join } from 'node:path'\njoin(1)\nawait 1")}`
  expect(typeErrors(codeBlocks('A.md', text))).toEqual([expect.stringMatching(/^A.md:4: Argument of type/)])
  expect(typeErrors(codeBlocks('A.md', fenced('ts', 'const left: Uint8Array = Uint8Array.of(1)')))).toEqual(
    [],
  )
})

describeWith('openssl', 'runBlock', () => {
  let folder: string
  beforeAll(async () => {
    folder = await docsFolder()
  })
  const runText = async (text: string) => {
    let printed = ''
    for (const block of codeBlocks('A.md', text)) printed = await runBlock(folder, block)
    return printed
  }

  it('runs the blocks in one folder, which holds a key, its certificate and a token', async () => {
    await runText(
      fenced(
        'sh',
        'openssl x509 -in cert.pem -noout -pubkey > a\nopenssl pkey -in key.pem -pubout | cmp - a',
      ),
    )
    await runText(
      fenced('ts', "import { copyFileSync } from 'node:fs'\ncopyFileSync('token.txt' as string, 'b')"),
    )
    await runText(fenced('js file=print.mjs', "console.log('printed')"))
    expect(await runText(fenced('sh', 'test -s b\nnode print.mjs'))).toBe('printed\n')
    expect(existsSync(join(folder, 'b'))).toBe(true)
  })

  it.each([
    ['a command that fails, also not the last one', fenced('sh', 'false\ntrue'), /bash .* ended with 1/],
    ['a pipe whose beginning fails', fenced('sh', 'false | cat'), /ended with 1/],
    ['a variable that is not set', fenced('sh', 'echo $NOT_SET_ANYWHERE'), /NOT_SET_ANYWHERE/],
    ['a program that throws', fenced('ts', "throw new Error('thrown')"), /thrown/],
  ])('fails for %s', async (_, text, message) => {
    await expect(runText(text)).rejects.toThrow(message)
  })
})
