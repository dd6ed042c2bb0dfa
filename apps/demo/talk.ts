const STYLES = { bold: 1, dim: 2, red: 31, green: 32 } as const

/** Tells something on stderr, so that stdout is the data alone. */
export function say(text: string, style?: keyof typeof STYLES): void {
  const coloured = style !== undefined && process.stderr.isTTY && process.stderr.hasColors()
  process.stderr.write(`${coloured ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text}\n`)
}

/** A step that is done. */
export interface StepDone {
  readonly step: string
  readonly milliseconds: number
  /** What came out of it, without secrets. */
  readonly outcome: string
}

/** Does the steps one after the other, and tells each in a line with the time that it took. */
export class Story {
  readonly steps: StepDone[] = []

  /** @param tell what came out of it, in words, without secrets */
  async step<T>(step: string, work: () => Promise<T>, tell: (result: T) => string): Promise<T> {
    const start = performance.now()
    const result = await work()
    const milliseconds = Math.round(performance.now() - start)
    const outcome = tell(result)
    this.steps.push({ step, milliseconds, outcome })
    const number = String(this.steps.length).padStart(2)
    say(`${number}  ${step.padEnd(29)} ${String(milliseconds).padStart(5)} ms   ${outcome}`)
    return result
  }
}
