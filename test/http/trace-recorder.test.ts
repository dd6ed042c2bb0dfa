import { describe, expect, test } from 'vitest'
import type { TraceEvent, TraceKind } from '../../src/http/trace.ts'
import { formatTraceEvent } from '../../src/http/trace-format.ts'
import { TraceRecorder } from '../../src/http/trace-recorder.ts'

const event = (kind: TraceKind, ...lines: string[]): TraceEvent => ({
  time: new Date('2026-11-21T12:00:00.123Z'),
  request: 7,
  elapsed: 5,
  kind,
  lines,
})

describe('formatTraceEvent', () => {
  test.each<[TraceKind, string]>([
    ['connection', '* line'],
    ['proxy', '* line'],
    ['tls', '* line'],
    ['retry', '* line'],
    ['credential', '* line'],
    ['error', '* line'],
    ['request', '> line'],
    ['response', '< line'],
    ['request-body', '} line'],
    ['response-body', '{ line'],
  ])('%s', (kind, expected) => {
    expect(formatTraceEvent(event(kind, 'line'))).toBe(expected)
  })

  test('a head of several lines, with its empty end', () => {
    expect(formatTraceEvent(event('request', 'GET / HTTP/1.1', 'host: h', ''))).toBe(
      '> GET / HTTP/1.1\n> host: h\n>',
    )
  })

  test('nothing drives a terminal', () => {
    expect(formatTraceEvent(event('response-body', '\u001b[31mred\u202e', '\ttab'))).toBe(
      '{ \\u{1b}[31mred\\u{202e}\n{   tab',
    )
  })
})

describe('TraceRecorder', () => {
  test('keeps events and tells them with time and number', () => {
    const recorder = new TraceRecorder()
    recorder.trace(event('tls', 'one', 'two'))
    recorder.trace(event('response', 'HTTP/1.1 200 OK'))
    expect(recorder.events).toHaveLength(2)
    expect(recorder.text()).toBe(
      [
        '2026-11-21T12:00:00.123Z #7 * one',
        '                            * two',
        '2026-11-21T12:00:00.123Z #7 < HTTP/1.1 200 OK',
        '',
      ].join('\n'),
    )
  })

  test('gives up the oldest, and says so', () => {
    const recorder = new TraceRecorder({ mostCharacters: 1000 })
    for (let number = 0; number < 100; number++) recorder.trace(event('response-body', `line ${number}`))
    expect(recorder.events.length).toBeLessThan(10)
    expect(recorder.events.length + recorder.left).toBe(100)
    expect(recorder.text()).toMatch(/^\(9\d earlier events are not kept\)\n/)
    expect(recorder.text()).toContain('line 99\n')
    expect(recorder.text()).not.toContain('line 0\n')
  })

  test('many small events are bounded too', () => {
    const recorder = new TraceRecorder({ mostCharacters: 10_000 })
    for (let number = 0; number < 5000; number++) recorder.trace(event('connection'))
    expect(recorder.events.length).toBeLessThanOrEqual(100)
  })

  test('cuts one that is too long', () => {
    const recorder = new TraceRecorder({ mostCharacters: 100 })
    recorder.trace(event('response-body', 'short', 'x'.repeat(500), 'more'))
    expect(recorder.events.map(({ lines }) => lines)).toEqual([['short', '[2 more lines]']])
  })

  test.each([0, -1, 1.5, Number.NaN, '5'])('mostCharacters %s is misuse', (mostCharacters) => {
    expect(() => new TraceRecorder({ mostCharacters: mostCharacters as number })).toThrow(TypeError)
  })
})
