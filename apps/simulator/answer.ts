/** What a simulator answers. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

type Headers = Answer['headers']

/** An answer in JSON (RFC 8259). Never cached: RFC 6749 section 5.1 wants it for tokens. */
export function json(status: number, value: unknown, headers: Headers = {}): Answer {
  const own = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' }
  return { status, headers: { ...own, ...headers }, body: JSON.stringify(value) }
}

/** A page. */
export function html(status: number, title: string, text: string, headers: Headers = {}): Answer {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`
  return { status, headers: { 'content-type': 'text/html;charset=UTF-8', ...headers }, body }
}

/** Text as it is, of any media type. */
export function text(
  status: number,
  body: string,
  contentType = 'text/plain;charset=UTF-8',
  headers: Headers = {},
): Answer {
  return { status, headers: { 'content-type': contentType, ...headers }, body }
}

/** A status and nothing else. */
export function bare(status: number, headers: Headers = {}): Answer {
  return { status, headers, body: '' }
}
