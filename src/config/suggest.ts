/** The known name that was probably meant: the only one that begins so, or the nearest within a typo or two. */
export function suggest(given: string, known: readonly string[]): string | undefined {
  const begin = known.filter((name) => given.length >= 2 && name.startsWith(given))
  if (begin.length === 1) return begin[0]
  const near = known
    .map((name) => ({ name, distance: editDistance(given, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)
  return near[0]?.name
}

/** `; did you mean --key?`, or nothing. */
export function didYouMean(given: string, known: readonly string[], prefix = ''): string {
  const name = suggest(given, known)
  return name === undefined ? '' : `; did you mean ${prefix}${name}?`
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  // Names are short; a longer argument is none of them.
  if (a.length > 40) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (row[j - 1] as number) + 1,
        (above[j] as number) + 1,
        (above[j - 1] as number) + same,
        swapped ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = above
    above = row
  }
  return above[b.length] as number
}
