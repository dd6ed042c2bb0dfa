// @ts-check
/**
 * Measuring on a machine that others use too: contestants take turns in rounds, in another order each time, so
 * that a change of load hits all alike; what counts is the median, and ratios are formed within a round.
 */

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(i: number) => unknown} [run] one call, timed here; `i` counts the calls
 * @property {number} [inFlight] calls under way at a time, 1 by default
 * @property {() => Promise<Sample>} [sample] in place of `run`: times itself
 * @property {string} [cannot] why it does not take part
 * @property {Target} [target]
 * @property {number} [bytes] that one call works through: its speed is told instead of its time
 *
 * @typedef {{ seconds: number, memory?: number }} Sample time of one call, and peak memory in bytes
 *
 * @typedef {{ most: number } | { least: number } | { within: number, is: string }} Target bound on the ratio to the
 *   first contestant, or seconds that one call may take, and how that is written
 *
 * @typedef {'time' | 'rate' | 'memory'} Measure what ratios compare: seconds, calls per second, or peak memory
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {number} median seconds for one call
 * @property {[number, number]} quartiles
 * @property {number} ratio to the first contestant, median of the rounds
 * @property {number} rounds
 * @property {number | undefined} memory greatest peak in bytes
 */

/** How long one contestant runs in one round, in seconds: short, so that most turns are not interrupted. */
const TURN = 0.01
/** A contestant whose turn takes longer than this many turns of the first sits rounds out. */
const PATIENCE = 4

/**
 * @param {readonly Contestant[]} contestants the first is what the others are compared with
 * @param {Measure} measure
 * @param {{ seconds: number, rounds: number }} effort for all of them: the time that is spent, and the fewest rounds
 * @returns {Promise<Result[]>} those that take part
 */
export async function compare(contestants, measure, effort) {
  const taking = []
  for (const contestant of contestants) {
    if (contestant.cannot === undefined) taking.push({ contestant, ...(await warmUp(contestant, effort)) })
  }
  const usual = Math.max(TURN, taking[0]?.seconds ?? 0)
  /** @type {(Sample | undefined)[][]} */
  const rounds = []
  const end = now() + effort.seconds
  while (rounds.length < effort.rounds || now() < end) {
    const round = new Array(taking.length)
    for (const i of shuffled(taking.length)) {
      const { turn, seconds = 0 } = taking[i] ?? {}
      const every = Math.max(1, Math.floor(seconds / usual / PATIENCE))
      if (rounds.length % every === 0) round[i] = await turn?.()
    }
    rounds.push(round)
  }
  return taking.map(({ contestant }, i) => summarise(contestant.name, measure, rounds, i))
}

/**
 * @param {string} name
 * @param {Measure} measure
 * @param {(Sample | undefined)[][]} rounds
 * @param {number} i index of the contestant in each round
 * @returns {Result}
 */
function summarise(name, measure, rounds, i) {
  const taken = rounds.flatMap(({ 0: first, [i]: own }) => (first && own ? [{ first, own }] : []))
  const times = taken.map(({ own }) => own.seconds)
  const memories = taken.flatMap(({ own }) => own.memory ?? [])
  return {
    name,
    median: quantile(times, 0.5),
    quartiles: [quantile(times, 0.25), quantile(times, 0.75)],
    ratio: quantile(
      taken.map(({ first, own }) => value(own, measure) / value(first, measure)),
      0.5,
    ),
    rounds: taken.length,
    memory: memories.length > 0 ? Math.max(...memories) : undefined,
  }
}

/**
 * @param {Sample} sample
 * @param {Measure} measure
 */
function value({ seconds, memory }, measure) {
  if (measure === 'memory') return memory ?? Number.NaN
  return measure === 'rate' ? 1 / seconds : seconds
}

/**
 * Runs a contestant until it is compiled, finds out how many calls fill its turn, and gives its turn and how long
 * that takes.
 *
 * @param {Contestant} contestant
 * @param {{ seconds: number }} effort
 * @returns {Promise<{ turn: () => Promise<Sample>, seconds: number }>}
 */
async function warmUp({ run, inFlight = 1, sample }, effort) {
  if (sample !== undefined) return { turn: sample, seconds: 0 }
  if (run === undefined) throw new TypeError('a contestant has run or sample')
  let i = 0
  /** @param {number} calls */
  const make = async (calls) => {
    if (inFlight === 1) {
      for (let left = calls; left > 0; left--) {
        const outcome = run(i++)
        if (outcome instanceof Promise) await outcome
      }
    } else {
      let left = calls
      const loop = async () => {
        while (left-- > 0) await run(i++)
      }
      await Promise.all(Array.from({ length: inFlight }, loop))
    }
  }
  /** @param {number} calls */
  const turn = async (calls) => {
    // Not timed: what the contestant before has left in the caches and to the garbage collector.
    await make(Math.ceil(calls / 8))
    const start = now()
    await make(calls)
    return { seconds: (now() - start) / calls }
  }
  const fewest = inFlight === 1 ? 1 : 2 * inFlight
  let calls = fewest
  let seconds = 0
  const end = now() + Math.min(0.5, effort.seconds / 10)
  do {
    seconds = (await turn(calls)).seconds
    calls = Math.max(fewest, Math.min(calls * 4, Math.round(TURN / seconds)))
  } while (now() < end)
  return { turn: () => turn(calls), seconds: calls * seconds }
}

function now() {
  return performance.now() / 1000
}

/** @param {number} length */
function shuffled(length) {
  const order = Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[order[i], order[j]] = [Number(order[j]), Number(order[i])]
  }
  return order
}

/**
 * @param {readonly number[]} values
 * @param {number} part 0 to 1
 */
function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at % 1)
}
