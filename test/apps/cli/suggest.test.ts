import { describe, expect, it } from 'vitest'
import { suggest } from '../../../apps/cli/suggest.ts'

const OPTIONS = ['in', 'key', 'cert', 'chain', 'out', 'force', 'format', 'json', 'timestamp', 'certificates']

describe('suggest', () => {
  it.each([
    ['ky', 'key'],
    ['kye', 'key'],
    ['fromat', 'format'],
    ['timestmp', 'timestamp'],
    ['time', 'timestamp'],
    ['cret', 'cert'],
    ['certificate', 'certificates'],
    ['output', undefined],
    ['x', undefined],
    ['', undefined],
    ['q'.repeat(100_000), undefined],
  ])('%.20s -> %s', (given, meant) => expect(suggest(given, OPTIONS)).toBe(meant))
})
