import { BlockList, isIP } from 'node:net'

/**
 * Whether NO_PROXY names a host. As curl and Go read it: `*`; names, which stand for what is below them too, with a
 * leading dot or without; addresses and CIDR blocks; each with a port or without; between commas and blanks.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const host = withoutBrackets(url.hostname).replace(/\.$/, '').toLowerCase()
  const port = portOf(url)
  const entries = noProxy.split(/[\s,]+/).filter((entry) => entry !== '')
  return entries.some((entry) => matches(entry.toLowerCase(), host, port))
}

/** The port of a URL, the scheme's own where none is written. */
export function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'http:' ? 80 : 443)
}

/** An IPv6 address as sockets want it. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true
  const [name, only] = splitPort(entry)
  if (only !== undefined && only !== port) return false
  if (isIP(host) !== 0) return isInBlock(host, name)
  const suffix = name.replace(/^\*?\./, '').replace(/\.$/, '')
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`))
}

/** `[::1]:443`, `host:443`; an IPv6 address without brackets has no port. */
function splitPort(entry: string): [name: string, port: number | undefined] {
  const [, bracketed, behind = ''] = /^\[([^\]]*)\](.*)$/.exec(entry) ?? []
  if (bracketed !== undefined) {
    const port = /^:(\d+)$/.exec(behind)?.[1]
    return port === undefined ? [`${bracketed}${behind}`, undefined] : [bracketed, Number(port)]
  }
  const [, name, port] = /^([^:]*):(\d+)$/.exec(entry) ?? []
  return name === undefined ? [entry, undefined] : [name, Number(port)]
}

function isInBlock(host: string, block: string): boolean {
  const [address = '', bits] = block.split('/')
  const family = isIP(address)
  if (family !== isIP(host)) return false
  const length = family === 4 ? 32 : 128
  const prefix = bits === undefined ? length : Number(bits)
  if (bits === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > length) return false
  const list = new BlockList()
  const type = family === 4 ? 'ipv4' : 'ipv6'
  list.addSubnet(address, prefix, type)
  return list.check(host, type)
}
