import { hostname, networkInterfaces } from 'node:os'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The names by which callers may call the proxy. A name that others make to resolve to this machine is none of them. */
export class Hosts {
  /** In lower case, with the port. */
  readonly #own: ReadonlySet<string>
  /** In lower case; without a port any will do. */
  readonly #further: ReadonlySet<string>

  constructor(own: readonly string[], further: readonly string[]) {
    this.#own = new Set(own.map((host) => host.toLowerCase()))
    this.#further = new Set(further.map((host) => host.toLowerCase()))
  }

  has(host: string): boolean {
    const name = host.toLowerCase()
    return this.#own.has(name) || this.#further.has(name) || this.#further.has(name.replace(/:\d*$/, ''))
  }
}

/** What the Host of requests to an address may be. @param name as it stands in a URL */
export function hostsOf(name: string, port: number, scheme: 'http' | 'https'): string[] {
  const standard = port === (scheme === 'http' ? 80 : 443)
  const isWildcard = name === '0.0.0.0' || name === '[::]'
  const names = isWildcard ? [...LOOPBACK, hostname(), ...addresses()] : [name]
  const all = LOOPBACK.includes(name) ? LOOPBACK : names
  return all.flatMap((each) => (standard ? [each, `${each}:${port}`] : [`${each}:${port}`]))
}

function addresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return all.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
}
