/** A request that a simulator was sent. Nothing that is secret: no headers, no body, no query. */
export interface RecordedRequest {
  readonly time: Date
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** What was answered; undefined where the connection was closed without an answer. */
  readonly status: number | undefined
  /** Counts the connections of a simulator, from 1: requests of the same one came over the same connection. */
  readonly connection: number
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string
  /** Common name of the client's certificate, where there was one. */
  readonly client: string | undefined
}

/** So many are kept. */
const MOST = 10_000

/** Keeps the latest requests. */
export class RequestLog {
  readonly requests: RecordedRequest[] = []

  add(request: RecordedRequest): void {
    if (this.requests.length >= MOST) this.requests.splice(0, MOST / 2)
    this.requests.push(request)
  }
}
