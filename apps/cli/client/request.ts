import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { inputError, usageError } from '../errors.ts'
import { openFile, readAll } from '../files.ts'
import type { OptionGroup } from '../options.ts'

/** What is sent. */
export const REQUEST_OPTIONS: OptionGroup = {
  title: 'The request',
  options: [
    {
      name: 'header',
      short: 'H',
      value: 'LINE',
      multiple: true,
      summary: 'a header: "Accept: text/csv". Authorization is added by itself',
    },
    { name: 'data-file', value: 'FILE', summary: 'the body; -: standard input' },
  ],
}

/** A body must be there a second time: after a 401 the request is made again. */
const MAX_BODY = 64 * 1024 * 1024

/** The call that the arguments describe. */
export interface CallRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
}

/** Reads method, URL, headers and body. @throws CliError `ERR_CLI_USAGE`, `ERR_CLI_INPUT` */
export async function requestFrom(args: Arguments, { signal }: Context): Promise<CallRequest> {
  const [method = '', url = ''] = args.operands
  const checked = methodOf(method)
  const headers = headersOf(args.all('header'))
  const file = args.get('data-file')
  if (file === undefined) return { method: checked, url, headers, body: undefined }
  if (checked === 'GET' || checked === 'HEAD')
    throw usageError(`${checked} has no body: leave out --data-file`)
  const body = await readBody(file, signal)
  if (!headers.has('content-type') && isJson(body)) headers.set('content-type', 'application/json')
  return { method: checked, url, headers, body }
}

/** RFC 9110 section 9.1; what a client of an API has no use for is left out. */
function methodOf(method: string): string {
  const name = method.toUpperCase()
  const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  if (known.includes(name)) return name
  throw usageError(`METHOD must be one of ${known.join(', ')}`)
}

function headersOf(lines: readonly string[]): Headers {
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim()
    // The line is not repeated: it may hold a secret.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw usageError('--header must be "Name: value"')
    refuseHeader(name.toLowerCase())
    try {
      headers.append(name, line.slice(colon + 1).trim())
    } catch {
      throw usageError(`--header ${name}: the value has characters that no header may have`)
    }
  }
  return headers
}

function refuseHeader(name: string): void {
  if (name === 'authorization' || name === 'proxy-authorization' || name === 'cookie') {
    throw usageError(
      `--header: ${name} is not taken from an argument`,
      name === 'authorization'
        ? 'the token is added by itself; every user of the machine sees arguments'
        : 'every user of the machine sees arguments',
    )
  }
  if (['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect'].includes(name)) {
    throw usageError(`--header: ${name} is made by itself`)
  }
}

async function readBody(file: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await readAll(await openFile(file, signal), MAX_BODY)
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof RangeError) throw usageError(`the body is larger than ${MAX_BODY} bytes`)
    throw inputError('the body', file, cause)
  }
}

function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return true
  } catch {
    return false
  }
}
