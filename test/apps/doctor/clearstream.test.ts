import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, startBench } from './support/clearstream.ts'
let bench: Bench
beforeAll(async () => { bench = await startBench() })
afterAll(() => bench[Symbol.asyncDispose]())
test('good', async () => {
  const report = await bench.examine()
  for (const s of report.steps) console.log(s.outcome, s.name, s.seen, s.todo, s.code, s.milliseconds)
  expect(report.verdict).toBe('pass')
})
