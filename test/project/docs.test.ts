/** Every code block of the documentation runs, and every example in the reference has the right types. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../scripts/build.mjs'
import { describeWith, root } from '../support/tools.ts'
import { type CodeBlock, codeBlocks, examples, isShown } from './support/code-blocks.ts'
import { addToken, docsFolder, runBlock, typeErrors } from './support/docs-folder.ts'

const read = (name: string) => readFileSync(join(root, name), 'utf8')
const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...guides.map((name) => `docs/${name}`)]
const present = documents.filter((name) => existsSync(join(root, name)))

it('there is a README', () => expect(present).toContain('README.md'))

const isRun = ({ notRun, isOutput, file, language }: CodeBlock): boolean =>
  notRun === undefined && !isOutput && (file !== undefined || ['ts', 'js', 'sh'].includes(language))

/** What is shown of a run with a token needs it too. */
function needsToken(blocks: readonly CodeBlock[], at: number): boolean {
  const ran = blocks.slice(0, at + 1).findLast(isRun)
  return ran?.code.includes('pkcs11') ?? false
}

/** What the document shows is compared with what the block before printed. */
function describeDocument(blocks: readonly CodeBlock[]): void {
  let folder: string
  let printed = ''
  beforeAll(async () => {
    await build()
    folder = await docsFolder()
  })

  const withToken = blocks.filter((block, at) => (isRun(block) || block.isOutput) && needsToken(blocks, at))
  describeBlocks(blocks.filter((block) => !withToken.includes(block)))
  if (withToken.length === 0) return
  describeWith(['pkcs11js', 'softhsm'], 'with a token', () => {
    beforeAll(() => addToken(folder))
    describeBlocks(withToken)
  })

  function describeBlocks(some: readonly CodeBlock[]): void {
    for (const block of some) describeBlock(block)
  }

  function describeBlock(block: CodeBlock): void {
    const { place, language } = block
    if (block.notRun !== undefined) {
      it(`${place} ${language} is not run: ${block.notRun}`, () => {
        expect(['ts', 'js', 'sh'], 'only what could run needs a reason').toContain(language)
      })
    } else if (block.isOutput) {
      it(`${place} is what the block before prints`, () => {
        if (!isShown(printed, block.code)) expect(printed).toBe(block.code)
      })
    } else if (isRun(block)) {
      it(`${place} ${language}`, async () => {
        printed = ''
        printed = await runBlock(folder, block)
      })
    } else if (language === 'json') {
      it(`${place} json`, () => expect(() => JSON.parse(block.code)).not.toThrow())
    }
  }
}

for (const name of present) {
  const blocks = codeBlocks(name, read(name))
  if (blocks.length > 0) describeWith('openssl', name, () => describeDocument(blocks))
}

describe('types', () => {
  const typed = ({ language }: CodeBlock) => language === 'ts'
  const sources = ['src', 'providers', 'apps'].flatMap((folder) => {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`)
  })
  beforeAll(build)

  it('of the blocks in the documents are right', () => {
    expect(typeErrors(present.flatMap((name) => codeBlocks(name, read(name))).filter(typed))).toEqual([])
  })

  it('of the examples in the reference are right', () => {
    const found = sources.flatMap((name) => examples(name, read(name)))
    expect(found.length).toBeGreaterThan(20)
    expect(typeErrors(found)).toEqual([])
  })
})
