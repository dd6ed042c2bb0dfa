import type { Opened } from '../../clients/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { LastHead, MAX_ANSWER, printBody, printRefusal } from './answer.ts'
import { requestFrom } from './request.ts'
import { type Wish, withClient } from './session.ts'

/** A client that makes calls with its token. */
interface Caller {
  call(
    method: string,
    url: string,
    options: { headers: Headers; body?: Uint8Array<ArrayBuffer> | undefined; signal: AbortSignal },
  ): Promise<Response>
}

/** Makes the call that the arguments describe. @param checked the URL, or the error for one that is none */
export async function runCall<O extends Opened<Caller>>(
  wish: Pick<Wish<O>, 'platform' | 'open'>,
  checked: (url: string) => string,
  args: Arguments,
  context: Context,
): Promise<ExitCodeValue> {
  const { method, url, headers, body } = await requestFrom(args, context)
  const target = checked(url)
  const head = new LastHead()
  const { onEvent } = head
  const more = {
    stdinTaken: args.get('data-file') === '-',
    maxResponseBytes: MAX_ANSWER,
    ...(args.has('include') ? { onEvent } : {}),
  }
  return await withClient({ ...wish, ...more }, args, context, async (session) => {
    const { opened, output, signal, progress } = session
    progress.start(`waiting for the answer to ${method} ${printable(target.split(/[?#]/)[0] ?? '')}`)
    try {
      const bytes = body === undefined ? undefined : new Uint8Array(body)
      const response = await opened.client.call(method, target, { headers, body: bytes, signal })
      progress.stop()
      head.tell(output)
      await printBody(response, output)
      return ExitCode.good
    } catch (error) {
      progress.stop()
      head.tell(output)
      await printRefusal(error, output)
      throw error
    }
  })
}
