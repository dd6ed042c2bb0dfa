import type { Answer, Question } from './host.ts'
import { type Jobs, jobs } from './jobs.ts'

/** Answers a question; used where the bundle runs. */
export async function answer({ id, name, args }: Question): Promise<Answer> {
  try {
    const job = jobs[name as keyof Jobs] as (...args: readonly unknown[]) => Promise<unknown>
    return { id, value: (await job(...args)) ?? null }
  } catch (thrown) {
    const error = thrown as Error & { code?: string }
    return { id, error: { name: error.name, message: error.message, code: error.code } }
  }
}
