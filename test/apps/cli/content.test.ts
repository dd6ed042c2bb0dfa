/** The content: signed byte for byte, from wherever it comes, in constant memory. */
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CmsSignature } from '../../../src/cms/index.ts'
import { ended, SIGN, sealkit, shell, start, TOKEN, workFolder } from './support/program.ts'

let cwd: string
beforeAll(async () => {
  cwd = await workFolder()
})

/** The message-digest attribute, which is what was signed. */
function digestIn(signature: Uint8Array): string {
  const [info] = CmsSignature.from(signature).signedData.signerInfos
  const value = info?.signedAttrs?.attributes.find(({ oid }) => oid === '1.2.840.113549.1.9.4')?.values[0]
  return Buffer.from(value?.content ?? []).toString('hex')
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')

const contents: readonly (readonly [string, Uint8Array])[] = [
  ['a token', Buffer.from(TOKEN)],
  ['nothing', Buffer.alloc(0)],
  ['NULs', Buffer.from('\0a\0\0b\0')],
  ['line ends of all kinds', Buffer.from('a\r\nb\rc\n\n')],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x80, 0x0a, 0x1a, 0x04])],
  ['a byte order mark', Buffer.from('\ufefftoken')],
  ['more than a pipe or a read holds', randomBytes(3 * 1024 * 1024 + 1)],
]

describe('is signed byte for byte', () => {
  it.each(contents)('%s, from a file and from stdin', async (_, content) => {
    writeFileSync(join(cwd, 'content'), content)
    const fromFile = await sealkit([...SIGN, '--in', 'content'], { cwd })
    expect(digestIn(fromFile.stdout)).toBe(sha256(content))
    for (const args of [[...SIGN], [...SIGN, '--in', '-']]) {
      const fromPipe = await sealkit(args, { cwd, input: content })
      expect(digestIn(fromPipe.stdout)).toBe(sha256(content))
    }
    const fd = openSync(join(cwd, 'content'), 'r')
    const redirected = await ended(start([...SIGN], { cwd, stdio: [fd, 'pipe', 'pipe'] as never }))
    closeSync(fd)
    expect(digestIn(redirected.stdout)).toBe(sha256(content))
  })

  it('a pipe under a name: <(command)', async () => {
    const { stdout } = await shell(`sealkit ${SIGN.join(' ')} --in <(cat token.txt)`, { cwd })
    expect(digestIn(stdout)).toBe(sha256(TOKEN))
  })
})

describe('what people sign without meaning to is noted on stderr, and signed as it is', () => {
  it.each([
    [
      'a line end after one line',
      `${TOKEN}\n`,
      /^note: the content ends with a line end, which is signed too/,
    ],
    ['a Windows line end', `${TOKEN}\r\n`, /^note: the content ends with a line end/],
    ['nothing', '', /^note: the content is empty/],
    ['a byte order mark', `\ufeff${TOKEN}`, /^note: the content begins with a byte order mark/],
    [
      'UTF-16 of PowerShell',
      Buffer.from(`\ufeff${TOKEN}`, 'utf16le'),
      /^note: the content begins with a byte order mark/,
    ],
  ])('%s', async (_, input, note) => {
    const { code, stdout, stderr } = await sealkit([...SIGN], { cwd, input })
    expect(stderr).toMatch(note)
    expect(stderr.split('\n')).toHaveLength(2)
    expect({ code, digest: digestIn(stdout) }).toEqual({ code: 0, digest: sha256(input) })
    const json = await sealkit([...SIGN, '--json'], { cwd, input })
    expect(JSON.parse(json.stdout.toString()).notes).toEqual([expect.stringMatching(/^the content/)])
  })

  it.each([
    ['a token', TOKEN],
    ['a text of several lines', 'one\ntwo\n'],
    ['a long line', `${'x'.repeat(10_000)}\n`],
  ])('but not %s', async (_, input) => {
    expect((await sealkit([...SIGN], { cwd, input })).stderr).toBe('')
  })
})

describe('that cannot be read', () => {
  it.each([
    ['is not there', 'nothing.txt', /cannot read the content nothing\.txt: no such file or directory/],
    ['is a folder', '.', /cannot read the content \.: .*directory/],
  ])('%s', async (_, file, message) => {
    const { code, stdout, stderr } = await sealkit([...SIGN, '--in', file], { cwd })
    expect(stderr).toMatch(message)
    expect({ code, stdout: stdout.length }).toEqual({ code: 2, stdout: 0 })
  })

  it('is too large to be attached', async () => {
    const fd = openSync(join(cwd, 'large'), 'w')
    ftruncateSync(fd, 257 * 1024 * 1024)
    closeSync(fd)
    const { code, stderr } = await sealkit([...SIGN, '--in', 'large', '--attached'], { cwd })
    expect(stderr).toMatch(/too large to be attached: more than 256 MiB\n.*without --attached/)
    expect(code).toBe(2)
  })
})

describe('memory', () => {
  /** Prints the highest resident size in KiB when the command ends. */
  const hook = "process.on('exit', () => process.stderr.write('maxRSS=' + process.resourceUsage().maxRSS))"
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }
  const peak = (stderr: string) => Number(/maxRSS=(\d+)/.exec(stderr)?.[1])
  const MiB = 1024

  it('does not grow with the content: 512 MiB of file, of stdin, and to verify', async () => {
    const fd = openSync(join(cwd, 'sparse'), 'w')
    ftruncateSync(fd, 512 * 1024 * 1024)
    closeSync(fd)
    const small = await sealkit([...SIGN, '--in', 'token.txt'], { cwd, env })
    const limit = peak(small.stderr) + 100 * MiB

    const file = await sealkit([...SIGN, '--in', 'sparse', '--out', 'sparse.sig'], { cwd, env })
    expect(peak(file.stderr)).toBeLessThan(limit)

    const child = start([...SIGN], { cwd, env })
    const zeros = Buffer.alloc(1024 * 1024)
    const result = ended(child)
    for (let i = 0; i < 512; i++) await new Promise((resolve) => child.stdin?.write(zeros, resolve))
    child.stdin?.end()
    const { stdout, stderr } = await result
    expect(peak(stderr)).toBeLessThan(limit)
    expect(digestIn(stdout)).toBe(digestIn(readFileSync(join(cwd, 'sparse.sig'))))

    const check = ['verify', '--signature-only', '--signature', 'sparse.sig', '--content', 'sparse']
    const verified = await sealkit(check, { cwd, env })
    expect(verified.code).toBe(0)
    expect(peak(verified.stderr)).toBeLessThan(limit)
  })
})
