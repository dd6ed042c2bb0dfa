import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolError } from '../../../src/errors.ts'
import { FOLDER_PREFIX } from './folder-name.ts'
import { onProcessEnd } from './process-end.ts'
import { removeFolder } from './remove-folder.ts'

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
  static async make(parent: string): Promise<WorkFolder> {
    try {
      const path = await mkdtemp(join(parent, FOLDER_PREFIX))
      const folder = new WorkFolder(path)
      // mkdtemp asks for 0700 everywhere; a share may have its own mind.
      if (process.platform !== 'win32') await chmod(path, 0o700)
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
      await writeFile(this.at(name), bytes, { flag: 'wx', mode: 0o600 })
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
