/** The path without its query, which may hold what is secret. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  return end < 0 ? target : target.slice(0, end)
}

/**
 * Whether every server takes the target for the same path: no dot segments, no encoded separators or control
 * characters, nothing that is to be decoded twice. With others a list of paths could be gone round.
 */
export function isPlainTarget(target: string): boolean {
  if (!target.startsWith('/') || target.startsWith('//')) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f-\uffff\\#]/.test(target)) return false
  return isPlainPath(pathOf(target))
}

/** @throws TypeError for one that is no path, or that no request could have */
export function checkPaths(paths: readonly string[] | undefined): readonly string[] | undefined {
  for (const path of paths ?? []) {
    const fixed = path.endsWith('/*') ? path.slice(0, -1) : path
    if (isPlainTarget(fixed) && !/[*?]/.test(fixed)) continue
    throw new TypeError(`${path} is no path for the proxy: /v1/info, or /v1/* for all below`)
  }
  return paths
}

export function isAllowedPath(path: string, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) return true
  return allowed.some((one) => (one.endsWith('/*') ? path.startsWith(one.slice(0, -1)) : path === one))
}

function isPlainPath(path: string): boolean {
  if (path.includes('%')) {
    if (/%(?![0-9a-f]{2})|%(?:[01][0-9a-f]|2e|2f|5c|25|7f)/i.test(path) || !isUtf8(path)) return false
  }
  // `..;x` is `..` for servers that know path parameters.
  return !/\/\.\.?(?:;[^/]*)?(?:\/|$)/.test(path)
}

/** Overlong forms hide what they stand for. */
function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
