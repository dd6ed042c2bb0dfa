import { AuthError } from '../errors.ts'
import type { RefusedAnswer } from './answer.ts'

/** nginx ends the handshake well and says it then, in a page of status 400. */
const PAGES: readonly (readonly [RegExp, string])[] = [
  [/No required SSL certificate was sent/i, 'wants a client certificate, and none was given'],
  [/The SSL certificate error/i, 'refuses the client certificate'],
]

/** The error for a page that tells of the client certificate; undefined for other answers. */
export function certificatePage({ status, text }: RefusedAnswer): AuthError | undefined {
  if (status !== 400) return undefined
  const [, what] = PAGES.find(([words]) => words.test(text)) ?? []
  if (what === undefined) return undefined
  const hint =
    'give the client certificate (with its issuers) and key that were issued for this server, and look whether it has expired'
  return new AuthError('ERR_AUTH_CERTIFICATE', `the server ${what}: status 400`, {
    status,
    answer: text.slice(0, 2000),
    hint,
  })
}
