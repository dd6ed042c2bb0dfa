import { describe, expect, test } from 'vitest'
import { AuthError, HttpError } from '../../src/errors.ts'
import { Redactor } from '../../src/http/redact.ts'
import { supportBundle } from '../../src/http/support-bundle.ts'
import { TraceRecorder } from '../../src/http/trace-recorder.ts'

const now = Date.UTC(2026, 10, 21, 12, 0, 0, 123)

describe('supportBundle', () => {
  test('holds times, command, versions, error and the trace', () => {
    const recorder = new TraceRecorder()
    const lines = ['GET /playground/v1/info HTTP/1.1', 'authorization: Bearer [redacted]', '']
    recorder.trace({ time: new Date(now), request: 1, elapsed: 0, kind: 'request', lines })
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    const error = new HttpError('ERR_HTTP_CLOSED', 'the connection was lost', {
      phase: 'http',
      hint: 'try again',
      cause,
    })
    const text = supportBundle({
      command: ['sealkit', 'clearstream', 'echo', 'Hello World'],
      recorder,
      error,
      notes: ['step 4 of the checklist'],
      now,
    })
    expect(text).toContain('made, UTC: 2026-11-21T12:00:00.123Z\n')
    expect(text).toMatch(/made, local: 2026-11-2\dT\d\d:\d\d:00\.123[+-]\d\d:\d\d \(\S+\)\n/)
    expect(text).toContain("sealkit clearstream echo 'Hello World'\n")
    expect(text).toMatch(/^sealkit: \d+\.\d+\.\d+/m)
    expect(text).toContain(`node: ${process.version}\n`)
    expect(text).toContain(`openssl: ${process.versions.openssl}\n`)
    expect(text).toMatch(/^system: \S+ \S+ \S+$/m)
    expect(text).toContain('ERR_HTTP_CLOSED: the connection was lost\nphase: http\nhint: try again\n')
    expect(text).toContain('caused by: ECONNRESET: read ECONNRESET\n')
    expect(text).toContain('step 4 of the checklist\n')
    expect(text).toContain('2026-11-21T12:00:00.123Z #1 > GET /playground/v1/info HTTP/1.1\n')
  })

  test('the status and answer of a refusal', () => {
    const error = new AuthError('ERR_AUTH_FORBIDDEN', 'refused', {
      status: 403,
      answer: '{"status":403}\n\u001b[2J',
    })
    const text = supportBundle({ command: [], recorder: new TraceRecorder(), error, now })
    expect(text).toContain('status: 403\nanswer:\n{"status":403}\n\\u{1b}[2J\n')
    expect(supportBundle({ command: [], recorder: new TraceRecorder(), now })).toMatch(
      /Error\n-----\nnone\n[\s\S]*\nnone\n$/,
    )
  })

  test.each([
    [['--password', 'Zq9x7'], '--password [redacted]'],
    [['--password=Zq9x7'], '--password=[redacted]'],
    [['--client-secret', 'Zq9x7', 'x'], '--client-secret [redacted] x'],
    [['--password-file', 'secret.txt'], '--password-file secret.txt'],
    [['--proxy', 'http://me:Zq9x7@proxy:8080'], '--proxy http://[redacted]@proxy:8080'],
    [['-H', 'Authorization: Bearer Zq9x7'], "-H 'Authorization: Bearer [redacted]'"],
    [['call', 'GET', 'https://h/?access_token=Zq9x7'], 'call GET '],
    [['token', '--', 'a hidden one'], 'token -- '],
    [["it's"], `'it'\\''s'`],
  ])('the command %j', (words, expected) => {
    const redactor = new Redactor()
    redactor.hide('a hidden one')
    const text = supportBundle({ command: ['sealkit', ...words], recorder: new TraceRecorder(), redactor })
    expect(text).toContain(`sealkit ${expected}`)
    expect(text).not.toContain('Zq9x7')
    expect(text).not.toContain('a hidden one')
  })

  test('hidden secrets in the error, its causes and the notes', () => {
    const redactor = new Redactor()
    redactor.hide('correct horse')
    const cause = new Error('server said: correct%20horse')
    const error = new AuthError('ERR_AUTH_REFUSED', 'no: correct horse', { cause, hint: 'not correct+horse' })
    const notes = [Buffer.from('me:correct horse').toString('base64')]
    const text = supportBundle({ command: [], recorder: new TraceRecorder(), error, notes, redactor })
    expect(text).not.toMatch(/horse/)
    expect(text).not.toContain(notes[0])
  })
})
