import { AuthError } from '../../errors.ts'
import { readText, refusedAnswer } from '../answer.ts'
import { answerFacts } from '../api-error.ts'

const LONGEST = 1024 * 1024

/** What the playground says of itself. */
export interface PlaygroundInfo {
  readonly infoStr: string
  readonly version: string
  /** All of the answer. */
  readonly raw: Readonly<Record<string, unknown>>
}

/** What the playground echoes. The guide does not show its form. */
export interface PlaygroundEcho {
  readonly text: string
  /** Where it is JSON. */
  readonly json: unknown
}

/** @throws AuthError `ERR_AUTH_RESPONSE` */
export async function readInfo(response: Response): Promise<PlaygroundInfo> {
  const text = await readAnswer(response)
  const json = parse(text)
  const raw = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>
  const { info_str: infoStr, version } = raw
  if (typeof infoStr === 'string' && typeof version === 'string') return { infoStr, version, raw }
  throw notThat(response, text, 'it has no info_str and version')
}

/** @throws AuthError `ERR_AUTH_RESPONSE` */
export async function readEcho(response: Response): Promise<PlaygroundEcho> {
  const text = await readAnswer(response)
  return { text, json: parse(text) }
}

/** The platform answers with a page and status 200 to much that does not exist. */
async function readAnswer(response: Response): Promise<string> {
  const { text, whole } = await readText(response, LONGEST)
  if (!whole) throw notThat(response, text, `it is longer than ${LONGEST} bytes`)
  const isPage =
    /^text\/html\b/i.test(response.headers.get('content-type') ?? '') ||
    /^\s*<(?:!doctype|html)\b/i.test(text)
  if (isPage) throw notThat(response, text, 'it is a page of HTML')
  return text
}

function notThat(response: Response, text: string, why: string): AuthError {
  const hint = 'check the url of the environment: this may be another page of the server, or of a proxy'
  const facts = answerFacts(refusedAnswer(response, text, []))
  return new AuthError('ERR_AUTH_RESPONSE', `the answer is not the playground's: ${why}`, { ...facts, hint })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
