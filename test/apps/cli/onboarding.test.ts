/** sealkit clearstream onboarding-message, as it is run. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../scripts/build.mjs'
import { tempDir } from '../../support/tools.ts'
import { sealkit } from './support/program.ts'

let cwd: string
beforeAll(async () => {
  await build()
  cwd = tempDir()
})

const run = (...args: string[]) => sealkit(['clearstream', 'onboarding-message', ...args], { cwd })
const MAKE = ['--reference', 'API-1', '--ou', '1', '--contact-name', 'Jo', '--contact-phone', '+1'] as const
const file = (name: string, data: string | Uint8Array) => {
  writeFileSync(join(cwd, name), data)
  return name
}

describe('a message', () => {
  it('is on stdout with CrLf, its destination on stderr', async () => {
    const { code, stdout, stderr } = await run(...MAKE, '--contact-email', 'a(at)b.c')
    expect(code).toBe(0)
    expect(stdout.toString()).toMatch(/^:20:API-1\r\n:79:ATTN: PRGConnect\r\n/)
    expect(stdout.toString().replaceAll('\r\n', '')).not.toMatch(/[^a-zA-Z0-9/\-?:().,'+ ]/)
    expect(stderr).toBe('Send it as MT599 to CEDELULLXXX.\n')
  })

  it('is refused with every place, named by its option, and nothing on stdout', async () => {
    const { code, stdout, stderr } = await run(...MAKE, '--contact-email', 'a_b@c.d', '--resource', 'X & Y')
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^--resource, line 1, column 3: "&" .*write and$/m)
    expect(stderr).toMatch(/^--contact-email, line 1, column 2: "_" .*write \(underscore\)$/m)
    expect(stderr).toMatch(/^--contact-email, line 1, column 4: "@" .*write \(at\)$/m)
    expect(stderr).toContain('3 places')
  })

  it('--suggest shows what it would be, and is no success', async () => {
    const { code, stdout, stderr } = await run(...MAKE, '--contact-email', 'a@b.c', '--suggest')
    expect(code).toBe(1)
    expect(stdout.toString()).toContain('a(at)b.c')
    expect(stderr).toContain('A proposal')
    const none = await run(...MAKE, '--contact-email', 'Ж@b.c', '--suggest')
    expect({ code: none.code, stdout: none.stdout.toString() }).toEqual({ code: 1, stdout: '' })
    expect(none.stderr).toContain('There is no proposal')
  })

  it('--json has it all', async () => {
    const good = await run(...MAKE, '--contact-email', 'a(at)b.c', '--json', '--resource', 'A')
    expect(JSON.parse(good.stdout.toString())).toMatchObject({
      valid: true,
      destination: 'CEDELULLXXX',
      fields: { 20: 'API-1' },
      notes: [expect.any(String)],
    })
    expect(good.stderr).toContain('note: ')
    const bad = await run(...MAKE, '--contact-email', 'a@b.c', '--json')
    expect(JSON.parse(bad.stdout.toString())).toMatchObject({
      valid: false,
      problems: [{ where: '--contact-email', column: 2, found: '@', suggestion: '(at)' }],
      proposal: expect.stringContaining('a(at)b.c'),
    })
  })

  it('in lines of another length, by the other form', async () => {
    const form = [
      '--form',
      'additional-resource',
      '--resource',
      'A',
      '--resource',
      'B',
      '--line-length',
      '50',
    ]
    const { stdout } = await run(...MAKE, '--contact-email', 'a(at)b.c', ...form)
    expect(stdout.toString()).toContain('\r\nPlease link the A and B API resources\r\n')
  })
})

describe('--check', () => {
  it('of what SWIFT takes says so', async () => {
    const good = await run('--check', file('good.txt', ':20:A\n:79:ATTN: PRGConnect\nhello\n'))
    expect(good).toMatchObject({ code: 0, stderr: 'SWIFT takes the text.\n' })
    const free = await sealkit(['clearstream', 'onboarding-message', '--check', '-'], { input: 'hello\r\n' })
    expect(free.code).toBe(0)
    expect(free.stderr).toMatch(/field 20 is needed too[\s\S]*note: .*ATTN: PRGConnect/)
  })

  it('tells every place, in UTF-8 and in eight bits', async () => {
    for (const data of [Buffer.from('é_\na@b'), Buffer.from('é_\na@b', 'latin1')]) {
      const { code, stdout, stderr } = await run('--check', file('bad.txt', data))
      expect({ code, stdout: stdout.toString() }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/line 1, column 1: "é".*\n.*line 1, column 2: "_".*\n.*line 2, column 2: "@"/)
    }
  })

  it('--suggest and --json', async () => {
    const name = file('bad.txt', 'a@b')
    expect((await run('--check', name, '--suggest')).stdout.toString()).toBe('a(at)b\r\n')
    const json = await run('--check', name, '--suggest', '--json')
    expect(JSON.parse(json.stdout.toString())).toMatchObject({ valid: false, proposal: 'a(at)b\r\n' })
    const fine = await run('--check', file('fine.txt', 'a'), '--json')
    expect(JSON.parse(fine.stdout.toString())).toMatchObject({ valid: true, problems: [] })
  })

  it('shows nothing that drives a terminal', async () => {
    const { stderr } = await run('--check', file('bad.txt', 'a\u001b[2J\u202e'), '--suggest')
    expect(stderr).not.toContain('\u001b')
    expect(stderr).not.toContain('\u202e')
    expect(stderr).toContain('U+001B')
  })

  it.each<[string, string[], number, RegExp]>([
    ['no such file', ['--check', 'nowhere'], 2, /cannot read the text nowhere/],
    ['a file that is too long', ['--check', 'long.txt'], 2, /longer than 64 KiB/],
    ['a message too', ['--check', 'x', '--ou', '1'], 2, /--check and --ou exclude each other/],
    ['nothing', [], 2, /--reference is missing/],
    ['a form that is none', ['--form', 'new-servce'], 2, /did you mean new-service/],
    ['no resource', ['--form', 'additional-resource'], 2, /--resource is missing/],
    ['a length that is none', ['--check', 'long.txt', '--line-length', '51'], 2, /from 35 to 50/],
  ])('%s', async (_, args, code, words) => {
    file('long.txt', 'x'.repeat(65 * 1024))
    const result = await run(...args)
    expect(result.code).toBe(code)
    expect(result.stderr).toMatch(words)
  })
})
