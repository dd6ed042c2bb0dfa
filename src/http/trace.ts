/** Something that happened to a request; what is secret is already left out. */
export interface TraceEvent {
  readonly time: Date
  /** Counts the requests of a transport, from 1. */
  readonly request: number
  /** Since the request began, in milliseconds. */
  readonly elapsed: number
  readonly kind: TraceKind
  /** One line each, as curl shows them behind its marks. May hold any character but line ends. */
  readonly lines: readonly string[]
}

/** `*` in curl's words are the first six; `>` and `<` are the request's and the answer's head; `}` and `{` their bodies. */
export type TraceKind =
  | 'connection'
  | 'proxy'
  | 'tls'
  | 'retry'
  | 'credential'
  | 'error'
  | 'request'
  | 'response'
  | 'request-body'
  | 'response-body'

/** Takes the events of a transport, as they happen. */
export type Trace = (event: TraceEvent) => void
