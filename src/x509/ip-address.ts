/**
 * IP addresses as text: dotted for IPv4, RFC 5952 for IPv6, with a mask behind `/` as name constraints have it.
 * Undefined for another number of bytes than 4, 16, 8 or 32.
 */
export function ipAddressText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length === 16) return ipv6Text(bytes)
  if (bytes.length !== 8 && bytes.length !== 32) return undefined
  const half = bytes.length / 2
  return `${ipAddressText(bytes.subarray(0, half))}/${ipAddressText(bytes.subarray(half))}`
}

function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => {
    return (((bytes[i * 2] as number) << 8) | (bytes[i * 2 + 1] as number)).toString(16)
  })
  // RFC 5952 4.2: the longest run of two zero groups or more is left out, the first of those that are as long.
  let [start, length] = [0, 1]
  for (let i = 0; i < 8; i++) {
    let end = i
    while (groups[end] === '0') end++
    if (end - i > length) [start, length] = [i, end - i]
  }
  if (length === 1) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

/** The 4 or 16 bytes of an address, or undefined where the text is none. No zone, no mask. */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  // No leading zero: some read it as octal (RFC 6943 3.1.1).
  const good = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && +part < 256)
  return good ? Uint8Array.from(parts, Number) : undefined
}

/** RFC 4291 2.2, the form with an IPv4 address at the end too. */
function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, i) => groupBytes(half, i === halves.length - 1))
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  if (tail === undefined) return head.length === 16 ? Uint8Array.from(head) : undefined
  const zeros = 16 - head.length - tail.length
  return zeros >= 2 ? Uint8Array.from([...head, ...new Array<number>(zeros).fill(0), ...tail]) : undefined
}

/** Bytes of the groups on one side of `::`; at the end of the text the last may be an IPv4 address. */
function groupBytes(text: string, last: boolean): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    const ipv4 = last && i === groups.length - 1 ? parseIpv4(group) : undefined
    if (ipv4 !== undefined) bytes.push(...ipv4)
    else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    } else return undefined
  }
  return bytes
}
