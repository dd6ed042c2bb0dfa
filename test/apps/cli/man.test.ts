/** sealkit man: groff reads the pages without a warning, and nothing of the help is missing in them. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS, GROUPS } from '../../../apps/cli/commands.ts'
import { ExitCode, exitCodesOf } from '../../../apps/cli/exit-codes.ts'
import { loadCommands } from '../../../apps/cli/load-commands.ts'
import { commandPage, pageName } from '../../../apps/cli/man/command-page.ts'
import { programPage } from '../../../apps/cli/man/program-page.ts'
import { escaped, macro } from '../../../apps/cli/man/roff.ts'
import { run } from '../../interop/support/run.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { sealkit, workFolder } from './support/program.ts'

const program = { commands: COMMANDS, groups: GROUPS }
const PLAIN = ['-man', '-ww', '-K', 'utf8', '-T', 'utf8', '-P-cbou', '-rLL=200n']

/** The page as a reader sees it; groff says nothing. */
async function read(page: string): Promise<string> {
  const { status, stdout, stderr } = await run('groff', PLAIN, { input: Buffer.from(page) })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.toString()
}

/** Text without the breaks between its words. */
const flat = (text: string) => text.replace(/\s+/g, ' ')

describeWith('groff', 'pages', () => {
  it.each(COMMANDS.map(({ name }) => name))(
    'of sealkit %s have its options, exit codes and examples',
    async (name) => {
      const loaded = await loadCommands(program)
      const { command, summary } = loaded.find((each) => each.command.name === name) ?? {}
      if (command === undefined || summary === undefined) throw new Error(`no command ${name}`)
      const page = commandPage(command, summary, '1.2.3')
      const seen = await read(page)
      const words = flat(seen)
      expect(words).toContain(`NAME ${pageName(name)} - ${summary}`)
      for (const option of command.groups.flatMap(({ options }) => options)) {
        expect(seen).toMatch(new RegExp(`^ +--${option.name}( |,|$)`, 'm'))
        expect(words).toContain(flat(option.summary))
        const values = typeof option.value === 'object' ? option.value : []
        for (const value of values) expect(words).toContain(value)
      }
      for (const [code, meaning] of exitCodesOf(command.exitCodes))
        expect(words).toContain(` ${code} ${flat(meaning)}`)
      for (const example of command.examples) {
        expect(words).toContain(`${example.title}:`)
        // Not filled, so that it can be copied.
        expect(seen).toContain(`${example.command}\n`)
      }
      // Long lists are broken at their bars, too.
      const dense = seen.replace(/\s+/g, '')
      for (const paragraph of command.description) expect(dense).toContain(paragraph.replace(/\s+/g, ''))
      // Narrow terminals too.
      const narrow = await run('groff', ['-man', '-ww', '-z', '-K', 'utf8'], { input: Buffer.from(page) })
      expect(narrow).toMatchObject({ status: 0, stderr: '' })
    },
  )

  it('of the program have every command, group and exit code', async () => {
    const seen = await read(programPage(program, '1.2.3'))
    const words = flat(seen)
    for (const { name, summary } of COMMANDS) {
      expect(words).toContain(`sealkit ${name} ${summary}`)
      expect(words).toContain(`${pageName(name)}(1)`)
    }
    for (const [group, about] of Object.entries(GROUPS)) expect(words).toContain(`${group}: ${about}`)
    for (const code of Object.values(ExitCode)) expect(seen).toMatch(new RegExp(`^ +${code} +[a-z]`, 'm'))
  })

  it('show every character as it is', async () => {
    const text = `.SH 'quoted' \\fB "x" -- a|b ^~\`$ é … \\n(.x`
    expect(await read(`${macro('TH', 'X', '1')}\n.SH A\n${escaped(text)}\n`)).toContain(text)
    expect(await read(`.TH X 1\n.SH A\n.TP\n${macro('B', text)}\nb\n`)).toContain(text)
  })
})

describe('the command', () => {
  let cwd: string
  beforeAll(async () => {
    cwd = await workFolder()
  })
  const man = (...args: string[]) => sealkit(['man', ...args], { cwd })

  it('prints the page of one command, or of all', async () => {
    expect((await man()).stdout.toString()).toMatch(/^\.TH "SEALKIT" /)
    const { code, stdout, stderr } = await man('cred', 'inspect')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.toString()).toMatch(/^\.TH "SEALKIT\\-CRED\\-INSPECT" "1"/)
  })

  it('--out writes all of them', async () => {
    const folder = join(tempDir(), 'share', 'man1')
    expect(await man('--out', folder)).toMatchObject({ code: 0, stderr: '' })
    const expected = ['sealkit', ...COMMANDS.map(({ name }) => pageName(name))].map((name) => `${name}.1`)
    expect(readdirSync(folder).sort()).toEqual(expected.sort())
  })

  it('says what is wrong', async () => {
    const unknown = await man('cred', 'inspec')
    expect(unknown).toMatchObject({ code: 2 })
    expect(unknown.stderr).toMatch(/no such command; did you mean cred inspect\?/)
    expect(await man('sign', '--out', 'x')).toMatchObject({ code: 2 })
    writeFileSync(join(cwd, 'file'), '')
    expect(await man('--out', 'file/x')).toMatchObject({ code: 3 })
  })
})

describe('sealkit completion', () => {
  it('prints a script for each shell, and says which there are', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const { code, stdout, stderr } = await sealkit(['completion', shell])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout.toString()).toContain('onboarding-message')
    }
    const unknown = await sealkit(['completion', 'pwershell'])
    expect(unknown).toMatchObject({ code: 2 })
    expect(unknown.stderr).toMatch(/one of bash, zsh, fish, powershell; did you mean powershell\?/)
  })
})
