/** A part of a text: from `start` up to and without `end`. */
export type Range = readonly [start: number, end: number]

/** The text with each range, or each group of ranges that touch, replaced once. Empty ranges do nothing. */
export function replaceRanges(text: string, ranges: readonly Range[], replacement: string): string {
  let result = ''
  let position = 0
  for (const [start, end] of merge(ranges)) {
    result += text.slice(position, start) + replacement
    position = end
  }
  return result + text.slice(position)
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = []
  const sorted = ranges.filter(([start, end]) => start < end).sort((one, other) => one[0] - other[0])
  for (const [start, end] of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}
