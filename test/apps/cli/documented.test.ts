/** docs/cli.md leaves nothing out: every command, option, exit code and error code. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS, GROUPS } from '../../../apps/cli/commands.ts'
import { ExitCode } from '../../../apps/cli/exit-codes.ts'
import { root } from '../../support/tools.ts'

const text = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const sections = new Map(text.split(/^## /m).map((section) => [section.split('\n', 1)[0] ?? '', section]))

describe.each(COMMANDS.map(({ name }) => name))('sealkit %s', (name) => {
  it('has a section with every option and every choice, and no other options', async () => {
    const section = sections.get(`sealkit ${name}`) ?? ''
    const command = await COMMANDS.find((entry) => entry.name === name)?.load()
    expect(command?.name).toBe(name)
    const options = command?.groups.flatMap((group) => group.options) ?? []
    const rows = section.match(/^\| `--.*$/gm) ?? []
    expect(rows.map((row) => /^\| `--([a-z-]+)/.exec(row)?.[1]).sort()).toEqual(
      options.map((option) => option.name).sort(),
    )
    for (const { name: option, value } of options) {
      const row =
        rows.find((line) => line.startsWith(`| \`--${option}\``) || line.startsWith(`| \`--${option} `)) ?? ''
      const values = value === undefined ? [] : typeof value === 'string' ? [`--${option} ${value}`] : value
      for (const each of values) expect(row).toContain(each)
    }
  })
})

it('lists every exit code, and no other', () => {
  const rows = sections.get('Exit codes')?.match(/^\| \d+ /gm) ?? []
  expect(rows.map((row) => Number(row.slice(2)))).toEqual(Object.values(ExitCode))
})

it('lists every error code of the command line', () => {
  const source = readFileSync(join(root, 'apps/cli/errors.ts'), 'utf8')
  const codes = new Set(source.match(/ERR_CLI_[A-Z_]+/g))
  expect(codes.size).toBeGreaterThan(3)
  expect([...new Set(sections.get('Exit codes')?.match(/ERR_CLI_[A-Z_]+/g))].sort()).toEqual(
    [...codes].sort(),
  )
})

it('has no section for a command that there is not', () => {
  const commands = [...sections.keys()].flatMap((title) => /^sealkit (.*)/.exec(title)?.[1] ?? [])
  expect(commands.sort()).toEqual(COMMANDS.map(({ name }) => name).sort())
})

it('every group of commands is named', () => {
  for (const group of Object.keys(GROUPS)) expect(text).toContain(`sealkit ${group} `)
})
