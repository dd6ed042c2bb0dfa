import type { Certificate } from '../x509/index.ts'

/** What auth clients need to reach a server: a transport of `sealkit/http`, or any that is shaped so. */
export interface HttpClient {
  /** Shaped as the global one. Throws HttpError where there is no answer. */
  readonly fetch: typeof fetch
  /** The client's certificate of mutual TLS. */
  readonly certificate?: Certificate | undefined
  /** Reads the credential's files, so that `certificate` is known. */
  ready?(): Promise<void>
  /** Hides a text in traces until it is disposed of. */
  hide?(secret: string): Disposable
}
