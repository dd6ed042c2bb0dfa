/** Names and addresses of this machine. */
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * Where a CONNECT leads: `host:port`.
 *
 * @returns undefined for another machine, and for what is no target
 */
export function loopbackTarget(target = ''): { host: string; port: number } | undefined {
  const [, name = '', digits = ''] = /^(.*):(\d{1,5})$/.exec(target) ?? []
  const port = Number(digits)
  if (!LOOPBACK.test(name) || port < 1 || port > 65_535) return undefined
  // Simulators listen on 127.0.0.1: `localhost` could be ::1 first.
  const host = name.toLowerCase() === 'localhost' ? '127.0.0.1' : name.replaceAll(/[[\]]/g, '')
  return { host, port }
}
