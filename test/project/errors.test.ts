import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../../src/cms/index.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const codes = new Set(
  read('src/errors.ts')
    .match(/'ERR_[A-Z0-9_]+'/g)
    ?.map((quoted) => quoted.slice(1, -1)),
)

describe('docs/errors.md', () => {
  it('lists each error code, and no other', () => {
    const documented = new Set(read('docs/errors.md').match(/ERR_[A-Z0-9_]+/g))
    expect(codes.size).toBeGreaterThan(30)
    expect([...documented].sort()).toEqual([...codes].sort())
  })
})

describe('docs/verifying.md', () => {
  it('lists each reason code', () => {
    const text = read('docs/verifying.md')
    expect(Object.keys(REASONS).filter((reason) => !text.includes(`\`${reason}\``))).toEqual([])
  })
})
