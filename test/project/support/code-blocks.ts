/** The code blocks of a Markdown document or of JSDoc comments, with the marks that say what to do with them. */

export interface CodeBlock {
  /** `README.md:42`, the line of the opening fence */
  readonly place: string
  /** The line of the first line of code */
  readonly firstLine: number
  readonly language: string
  readonly code: string
  /** ` ```js file=sign.mjs `: saved under this name instead of run */
  readonly file: string | undefined
  /** ` ```text output `: what the block before prints */
  readonly isOutput: boolean
  /** ` ```sh no-run ` after `<!-- no-run: why -->`: why it is not run */
  readonly notRun: string | undefined
}

/** Languages that the tests run, and other names of theirs that would slip through. */
const run = ['ts', 'js', 'sh']
const slips = [
  '',
  'typescript',
  'javascript',
  'mjs',
  'mts',
  'bash',
  'shell',
  'console',
  'zsh',
  'shell-session',
]

const reasonComment = /^<!-- no-run: (\S.*\S) -->$/
const hiddenStart = /^<!-- (ts|js|sh)$/
const fence = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/

/**
 * Reads a document. A comment that starts with `<!-- sh` and ends with `-->`, each on a line of its own, is a
 * block that readers do not see: it prepares what the next ones need.
 *
 * @throws Error for a block that breaks the convention: the message names the line
 */
export function codeBlocks(name: string, text: string): CodeBlock[] {
  const lines = text.split('\n')
  const blocks: CodeBlock[] = []
  let reason: string | undefined
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const place = `${name}:${i + 1}`
    const firstLine = i + 2
    const open = fence.exec(line)
    const hidden = hiddenStart.exec(line)
    if (open === null && hidden === null) {
      if (reason !== undefined && line !== '') throw new Error(`${place}: no block after the no-run reason`)
      reason = reasonComment.exec(line.trim())?.[1] ?? (line === '' ? reason : undefined)
      continue
    }
    const indent = open?.[1]?.length ?? 0
    const close = open === null ? '-->' : (open[2] ?? '')
    const end = lines.findIndex((other, at) => at > i && other.trim() === close)
    if (end < 0) throw new Error(`${place}: the block has no end`)
    const code = lines.slice(i + 1, end).map((other) => other.slice(indent))
    const info = open === null ? (hidden?.[1] ?? '') : (open[3] ?? '').trim()
    blocks.push({ place, firstLine, ...readInfo(place, info, reason), code: `${code.join('\n')}\n` })
    reason = undefined
    i = end
  }
  return blocks
}

function readInfo(place: string, info: string, reason: string | undefined) {
  const [language = '', ...marks] = info.split(/\s+/)
  if (slips.includes(language)) {
    throw new Error(
      `${place}: name the language, as ${run.join(', ')} when it can be run (not "${language}")`,
    )
  }
  const file = marks.find((mark) => mark.startsWith('file='))?.slice('file='.length)
  const unknown = marks.find((mark) => !['no-run', 'output'].includes(mark) && !mark.startsWith('file='))
  if (unknown !== undefined) throw new Error(`${place}: unknown mark "${unknown}"`)
  if (marks.includes('no-run') !== (reason !== undefined)) {
    throw new Error(`${place}: no-run and a comment <!-- no-run: why --> on the line before go together`)
  }
  return { language, file, isOutput: marks.includes('output'), notRun: reason }
}

/** The ` ```ts ` blocks in the JSDoc comments of a source file. */
export function examples(name: string, source: string): CodeBlock[] {
  const lines = source.split('\n').map((line) => (/^\s*\*/.test(line) ? line.replace(/^\s*\* ?/, '') : ''))
  return codeBlocks(name, lines.join('\n')).filter(({ language }) => language === 'ts')
}

/** Whether a program printed what the document shows: `...` stands for anything. */
export function isShown(printed: string, shown: string): boolean {
  const parts = shown
    .trim()
    .split('...')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(printed.trim())
}
