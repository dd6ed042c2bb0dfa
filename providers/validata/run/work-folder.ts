import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolError } from '../../../src/errors.ts'
import { FOLDER_PREFIX } from './folder-name.ts'
import { onProcessEnd } from './process-end.ts'
import { removeFolder } from './remove-folder.ts'

/**
 * Bytes that are written at once: it takes less than handing them to another thread, which on a busy machine costs
 * more than all else that is done here.
 */
const AT_ONCE = 1024 * 1024

/** A private folder for one call: it goes, its files overwritten, when it is disposed or the process ends. */
export class WorkFolder implements Disposable {
  readonly path: string
  readonly #release: () => void

  private constructor(path: string) {
    this.path = path
    this.#release = onProcessEnd(() => removeFolder(path))
  }

  /**
   * Makes one, which only this user can enter (0700).
   *
   * @throws ToolError `ERR_TOOL_FAILED` where it cannot be made
   */
  static make(parent: string): WorkFolder {
    try {
      const path = mkdtempSync(join(parent, FOLDER_PREFIX))
      const folder = new WorkFolder(path)
      // mkdtemp asks for 0700 everywhere; a share may have its own mind.
      if (process.platform !== 'win32') chmodSync(path, 0o700)
      return folder
    } catch (cause) {
      const hint = 'name a folder that you can write to as temporaryFolder (temporary-folder= in the URI)'
      throw new ToolError('ERR_TOOL_FAILED', `no private folder can be made in ${parent}`, { hint, cause })
    }
  }

  at(name: string): string {
    return join(this.path, name)
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    try {
      const options = { flag: 'wx', mode: 0o600 }
      if (bytes.length > AT_ONCE) await writeFile(this.at(name), bytes, options)
      else writeFileSync(this.at(name), bytes, options)
    } catch (cause) {
      const hint = 'is the disk full? another folder can be named as temporaryFolder'
      throw new ToolError('ERR_TOOL_FAILED', 'the content cannot be written to a file for the tool', {
        hint,
        cause,
      })
    }
  }

  [Symbol.dispose](): void {
    // What Windows does not let go of now is tried again when the process ends, or swept by the next run.
    if (removeFolder(this.path)) this.#release()
  }
}
