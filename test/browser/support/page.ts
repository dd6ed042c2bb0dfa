/** The page's program: fetches questions from the server that it came from, and answers them one by one. */
import { answer } from './answer.ts'
import type { Question } from './host.ts'

for (;;) {
  const question = await fetch('/question')
  const body = JSON.stringify(await answer((await question.json()) as Question))
  await fetch('/answer', { method: 'POST', body })
}
