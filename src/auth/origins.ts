/** `*.` and at least two labels: a whole top-level domain is never meant. */
const WILDCARD = /^\*(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?){2,}$/

/**
 * Reads where a token may go.
 *
 * @param origins each `https://host`, `https://host:port`, or `https://*.example.com` for all hosts below
 * @returns the same, in the form in which {@link originAllowed} compares them
 * @throws TypeError for another scheme, a path, or a wildcard that is not at the front
 */
export function checkOrigins(origins: readonly string[]): readonly string[] {
  return origins.map(checkOrigin)
}

/** Whether a token may be sent to the URL. */
export function originAllowed(url: URL, origins: readonly string[]): boolean {
  if (url.protocol !== 'https:') return false
  return origins.some((origin) =>
    origin.startsWith('https://*.')
      ? url.port === '' && url.hostname.endsWith(origin.slice('https://*'.length))
      : url.origin === origin,
  )
}

function checkOrigin(origin: string): string {
  const host = /^https:\/\/([^/?#@\\]*)\/?$/.exec(origin)?.[1]?.toLowerCase()
  if (host?.startsWith('*')) {
    if (WILDCARD.test(host)) return `https://${host}`
    throw new TypeError(`${origin}: a wildcard is https://*. and a domain of two labels or more`)
  }
  if (host === undefined || host.includes('*') || !URL.canParse(origin)) {
    const shown = origin.includes('@') ? 'an address with a name in it' : origin
    throw new TypeError(`${shown} is not an origin: https://, a host, and nothing behind it but a port`)
  }
  return new URL(origin).origin
}
