import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { ConfigError, type ConfigErrorCode } from '../../src/errors.ts'
import { tempDir } from '../support/tools.ts'

/** Secrets of the tests: nothing that is printed may hold one. */
export const SECRET = 'correct-horse-battery-staple'

/** Writes a file into a new private folder. */
export function fileWith(text: string | Uint8Array, name = 'config.toml', mode = 0o600): string {
  const path = join(tempDir(), name)
  put(path, text, mode)
  return path
}

/** Writes a file with these very permissions. */
export function put(path: string, text: string | Uint8Array, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
}

/** The error of a promise: a ConfigError of the code, with a hint, that does not hold the secret. */
export async function configError(promise: Promise<unknown>, code: ConfigErrorCode): Promise<ConfigError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConfigError)
  const wrong = error as ConfigError
  expect(wrong).toMatchObject({ code, hint: expect.any(String) })
  expect(`${wrong.message} ${wrong.hint} ${wrong.stack} ${String(wrong.cause)}`).not.toContain(SECRET)
  return wrong
}
