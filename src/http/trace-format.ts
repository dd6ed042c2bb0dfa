import { printable } from '../x509/printable.ts'
import type { TraceEvent, TraceKind } from './trace.ts'

/**
 * An event as `curl -v` shows it: `*` before what happens, `>` and `<` before the heads of request and answer, `}` and
 * `{` before their bodies. One or more lines without the last line end; nothing in them drives a terminal.
 *
 * @example
 * ```ts
 * import { createTransport, formatTraceEvent } from 'sealkit/http'
 * await using http = createTransport({
 *   ca: 'system',
 *   trace: (event) => console.error(formatTraceEvent(event)),
 * })
 * ```
 */
export function formatTraceEvent(event: TraceEvent): string {
  return event.lines
    .map((line) => `${MARKS[event.kind]} ${printable(line.replaceAll('\t', '  '))}`.trimEnd())
    .join('\n')
}

const MARKS: Readonly<Record<TraceKind, string>> = {
  connection: '*',
  proxy: '*',
  tls: '*',
  retry: '*',
  credential: '*',
  error: '*',
  request: '>',
  response: '<',
  'request-body': '}',
  'response-body': '{',
}
