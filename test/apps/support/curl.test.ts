/** The curl commands: words of a shell, whatever is typed, and no secrets. */
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callCommand, tokenCommand } from '../../../apps/support/page/views/tester/curl.ts'
import { duration, moment } from '../../../apps/support/page/views/tester/duration.ts'
import { headerLines } from '../../../apps/support/page/views/tester/header-lines.ts'

/** The words that a shell makes of a command. */
function words(command: string, variables: Readonly<Record<string, string>> = {}): string[] {
  const show = command.replace(/^curl/, 'printf "%s\\0"')
  const env = { PATH: process.env['PATH'], ...variables }
  return spawnSync('sh', ['-c', show], { encoding: 'utf8', env }).stdout.split('\0').slice(0, -1)
}

const FILES = { certificate: "it's; a $(file).p12", key: '/k e y', ca: '-ca.pem' }

describe('the login', () => {
  it('names the files, and leaves the password to the shell', () => {
    const login = { url: 'https://localhost/token', username: 'a_1', scope: 'allow ocapi-playground-v1' }
    const command = tokenCommand(FILES, login)
    expect(words(command, { PASSWORD: 'p a"$x' })).toEqual([
      ...['--cert', FILES.certificate, '--cert-type', 'P12', '--key', FILES.key, '--cacert', FILES.ca],
      ...['--data', 'grant_type=password', '--data-urlencode', 'scope=allow ocapi-playground-v1'],
      ...['--data-urlencode', 'username=a_1', '--data-urlencode', 'password=p a"$x', login.url],
    ])
  })

  it.each(['system', 'node', '', 'one.pem, two.pem', undefined])('has no --cacert for %j', (ca) => {
    const command = tokenCommand({ ca }, { url: 'https://localhost', username: 'a', scope: 's' })
    expect(command).not.toContain('--cacert')
  })
})

describe('the call', () => {
  it('keeps every word in one piece', () => {
    const text = fc.string({ unit: 'grapheme' }).map((each) => each.replaceAll('\0', ''))
    fc.assert(
      fc.property(text, text, text, (certificate, value, body) => {
        const headers = [['X-Any', value]] as const
        const command = callCommand(
          { certificate: `c${certificate}` },
          { method: 'POST', url: 'https://h/', headers, body },
        )
        const all = words(command, { ACCESS_TOKEN: 't' })
        expect(all).toEqual(
          expect.arrayContaining([`c${certificate}`, `X-Any: ${value}`, body, 'Authorization: Bearer t']),
        )
      }),
      { numRuns: 40 },
    )
  })

  it.each(['Cookie', 'X-Api-Key', 'X-Auth-Token', 'Client-Secret'])('leaves %s to the shell', (name) => {
    const headers = [[name, 'of the person alone']] as const
    const command = callCommand({}, { method: 'GET', url: 'https://h/', headers })
    expect(command).not.toContain('of the person alone')
    const variable = name.toUpperCase().replaceAll('-', '_')
    expect(words(command, { [variable]: 'v' })).toContain(`${name}: v`)
  })
})

it('reads headers line by line', () => {
  expect(headerLines('A: 1\n\n b-c :  x: y \r\n')).toEqual({
    pairs: [
      ['A', '1'],
      ['b-c', 'x: y'],
    ],
    wrongLine: undefined,
  })
  for (const wrong of ['no colon', ': x', 'a b: c', 'ä: x']) {
    expect(headerLines(`A: 1\n${wrong}`).wrongLine).toBe(2)
  }
})

it('tells times', () => {
  const told = [0, 999, 59_000, 60_000, 3_599_000, 3_600_000, 90 * 60_000, 50 * 3_600_000].map(duration)
  expect(told).toEqual([
    '0 s',
    '1 s',
    '59 s',
    '1 min 0 s',
    '59 min 59 s',
    '1 h 0 min',
    '1 h 30 min',
    '2 days',
  ])
  expect(moment('2026-11-21T13:05:10.123Z')).toBe('2026-11-21 13:05:10 UTC')
})
