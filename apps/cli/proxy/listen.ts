import type { Listen } from '../../proxy/index.ts'
import { usageError } from '../errors.ts'

/** Reads `HOST:PORT`, `PORT` or `unix:PATH`. @throws CliError `ERR_CLI_USAGE` */
export function listenOf(option: 'listen' | 'admin', text: string | undefined): Listen {
  if (text === undefined) return {}
  if (text.startsWith('unix:') && text.length > 5) return { path: text.slice(5) }
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]:|([^:[\]]+):)?(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  const host = bracketed ?? plain
  if (digits !== '' && port <= 65_535) return host === undefined ? { port } : { host, port }
  throw usageError(
    `--${option} takes HOST:PORT, PORT or unix:PATH`,
    'an IPv6 address stands in brackets: [::1]:8080',
  )
}
