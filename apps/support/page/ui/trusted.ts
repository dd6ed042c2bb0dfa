/** Trusted Types, which the DOM's types do not have yet (W3C Trusted Types). */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): URL
  }
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }

/** The page's only policy: scripts of workers, from this page's own server. */
const policy = trustedTypes?.createPolicy('sealkit', {
  createScriptURL: (url) => {
    const { href, origin } = new URL(url, location.href)
    if (origin === location.origin) return href
    throw new TypeError('a script from elsewhere')
  },
})

/** The address of one of the page's own scripts, for `new Worker`. */
export function ownScript(url: string): URL {
  return policy?.createScriptURL(url) ?? new URL(url, location.href)
}
