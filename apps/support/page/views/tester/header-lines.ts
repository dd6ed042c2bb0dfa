/** Headers, one on a line; `wrongLine` is the first that is none, counted from 1. */
export function headerLines(text: string): {
  readonly pairs: readonly (readonly [name: string, value: string])[]
  readonly wrongLine: number | undefined
} {
  const pairs: (readonly [string, string])[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) return { pairs, wrongLine: index + 1 }
    pairs.push([name, value.trim()])
  }
  return { pairs, wrongLine: undefined }
}
