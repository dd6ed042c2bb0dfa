// @ts-check
/** The results as one table for people. */

/**
 * @typedef {object} Row
 * @property {string} scenario
 * @property {string} contestant
 * @property {'time' | 'rate'} of what the ratio compares
 * @property {number | null} median seconds for one call
 * @property {[number, number] | null} quartiles
 * @property {number | null} ratio to the scenario's first contestant
 * @property {number | null} rounds
 * @property {number | null} memory peak in bytes
 * @property {number | null} bytes that one call works through
 * @property {string | null} target
 * @property {boolean | null} met
 * @property {string | null} cannot
 */

const HEADINGS = ['', 'median', 'middle half', 'to the first', 'peak memory', 'target', '']

/** @param {readonly Row[]} rows */
export function table(rows) {
  /** @type {(string[] | string)[]} */
  const lines = [HEADINGS]
  let scenario = ''
  for (const row of rows) {
    if (row.scenario !== scenario) lines.push(row.scenario)
    scenario = row.scenario
    lines.push(cells(row))
  }
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((line) => (typeof line === 'string' ? 0 : (line[column] ?? '').length))),
  )
  return `${lines.map((line) => (typeof line === 'string' ? `\n${line}` : aligned(line, widths))).join('\n')}\n`
}

/** @param {Row} row */
function cells({ contestant, median, quartiles, ratio, of, bytes, memory, target, met, cannot }) {
  if (median === null || quartiles === null || ratio === null) return [`  ${contestant}`, cannot ?? '']
  return [
    `  ${contestant}`,
    amount(median, bytes),
    quartiles.map((each) => amount(each, bytes)).join(' - '),
    `${ratio.toFixed(ratio < 10 ? 2 : 0)} x ${of}`,
    memory === null ? '' : `${Math.round(memory / 2 ** 20)} MiB`,
    target ?? '',
    met === null ? '' : met ? 'met' : 'MISSED',
  ]
}

/**
 * @param {readonly string[]} line
 * @param {readonly number[]} widths
 */
function aligned(line, widths) {
  // What cannot be measured says why across all columns.
  if (line.length === 2) return `${(line[0] ?? '').padEnd(widths[0] ?? 0)}  ${line[1]}`
  return line
    .map((cell, i) => (i === 0 || i > 4 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
    .join('  ')
    .trimEnd()
}

/**
 * @param {number} seconds
 * @param {number | null} bytes
 */
function amount(seconds, bytes) {
  return bytes === null ? duration(seconds) : `${(bytes / seconds / 1e6).toFixed(1)} MB/s`
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`
  if (seconds >= 0.01) return `${(seconds * 1e3).toFixed(1)} ms`
  const microseconds = seconds * 1e6
  return `${microseconds >= 100 ? Math.round(microseconds).toLocaleString('en') : microseconds.toFixed(1)} us`
}
