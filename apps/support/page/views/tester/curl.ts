/** Files of mutual TLS, as the settings name them. */
export interface CurlFiles {
  readonly certificate?: string | undefined
  readonly key?: string | undefined
  readonly ca?: string | undefined
}

/** Clearstream's login, as the guide has it. The password stays in the shell's variable. */
export function tokenCommand(
  files: CurlFiles,
  { url, username, scope }: { readonly url: string; readonly username: string; readonly scope: string },
): string {
  return lines([
    ...tls(files),
    '--data grant_type=password',
    `--data-urlencode ${quote(`scope=${scope}`)}`,
    `--data-urlencode ${quote(`username=${username}`)}`,
    '--data-urlencode "password=$PASSWORD"',
    quote(url),
  ])
}

/** An API call. The token, and headers that are secrets, stay in variables of the shell. */
export function callCommand(
  files: CurlFiles,
  request: {
    readonly method: string
    readonly url: string
    readonly headers: readonly (readonly [name: string, value: string])[]
    readonly body?: string | undefined
  },
): string {
  const { method, url, headers, body } = request
  const way = method === 'HEAD' ? ['--head'] : method === 'GET' ? [] : [`--request ${method}`]
  return lines([
    ...tls(files),
    ...way,
    '--header "Authorization: Bearer $ACCESS_TOKEN"',
    ...headers.map(([name, value]) => `--header ${header(name, value)}`),
    ...(body === undefined ? [] : [`--data-raw ${quote(body)}`]),
    quote(url),
  ])
}

const SECRET_HEADER = /^(cookie|.*(api-?key|secret|token|password|authorization).*)$/i

function header(name: string, value: string): string {
  if (!SECRET_HEADER.test(name)) return quote(`${name}: ${value}`)
  return `"${name}: $${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}"`
}

function tls({ certificate, key, ca }: CurlFiles): string[] {
  const isFile = ca !== undefined && ca !== '' && !['system', 'node'].includes(ca) && !ca.includes(', ')
  return [
    ...(certificate ? [`--cert ${quote(certificate)}`] : []),
    ...(certificate && /\.(p12|pfx)$/i.test(certificate) ? ['--cert-type P12'] : []),
    ...(certificate && key ? [`--key ${quote(key)}`] : []),
    ...(isFile ? [`--cacert ${quote(ca)}`] : []),
  ]
}

function lines(parts: readonly string[]): string {
  return ['curl', ...parts].join(' \\\n  ')
}

/** One word of a POSIX shell, whatever it holds. */
function quote(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
