/**
 * What a simulator does wrong on purpose: a plain object that may be changed while it runs. What belongs to TLS (`tls`,
 * `serverCertificate`) holds from the next `restart()` on, all else from the next request on.
 */
export interface Faults {
  /** Only requests whose path begins with one of these are hit. Default: all. */
  paths?: readonly string[] | undefined
  /** 503 with a page in HTML, whatever is asked for. */
  maintenance?: boolean | undefined
  /** 429, `times` times (default: always), with a Retry-After of so many seconds where it is given. */
  rateLimited?: { retryAfter?: number | undefined; times?: number | undefined } | undefined
  /** Waits so long before the answer's head, or between its halves. Default `head`. */
  slow?: { milliseconds: number; where?: 'head' | 'body' | undefined } | undefined
  /** Closes the connection before the answer, or in the middle of its body. */
  drop?: 'before-answer' | 'in-body' | undefined
  /** Each answer in JSON is cut off, with its length right. */
  malformedJson?: boolean | undefined
  /** The answer in JSON does not end, up to a GiB. */
  hugeAnswer?: boolean | undefined
  /** How far the server's clock is off, in seconds: in the header Date and in JWTs. */
  clockSkew?: number | undefined
  /**
   * `rotate` (default): each refresh gives a new refresh token, and the old one is refused. `single-use`: so too, and an
   * old one that comes again ends all tokens of that login (RFC 9700 section 4.14.2). `keep`: a refresh gives none, the
   * first one stays good. `none`: there are none.
   */
  refreshTokens?: 'rotate' | 'single-use' | 'keep' | 'none' | undefined
  /** Speaks this version and no newer one. */
  tls?: '1.2' | undefined
  /** `missing-intermediate`: the certificate comes without that of its issuer. */
  serverCertificate?: 'expired' | 'wrong-name' | 'unknown-root' | 'missing-intermediate' | undefined
  /** MOEX: how the Passport token comes, or that it does not. Default `cookie`. */
  passport?: 'cookie' | 'redirect' | 'body' | 'denied-200' | undefined
}

/** Whether the faults are meant for a path. */
export function isHit({ paths }: Faults, path: string): boolean {
  return paths === undefined || paths.some((beginning) => path.startsWith(beginning))
}
