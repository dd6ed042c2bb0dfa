import { getSystemErrorMap } from 'node:util'

/** Why the system refused, in words and without the path, which the caller names: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const errno = (error as NodeJS.ErrnoException).errno
  const [, words] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? []
  return words ?? (error instanceof Error ? error.message : String(error))
}
