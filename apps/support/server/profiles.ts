import { findConfigFile } from '../../../src/config/index.ts'
import { readConfigFile } from '../../../src/config/read-file.ts'
import { readSettings } from '../../../src/config/read-settings.ts'
import type { Profiles } from '../api.ts'
import type { Configuration } from './platform-profile.ts'
import { problemOf } from './problem.ts'

/** The names of the profiles. A configuration that cannot be read is a problem to show, and files still do. */
export async function listProfiles(
  { file, env }: Configuration,
  chosen: string | undefined,
): Promise<Profiles> {
  const wanted = chosen === undefined ? {} : { chosen }
  try {
    const { path } = await findConfigFile({ file, env })
    if (path === undefined) return { profiles: [], ...wanted }
    const { profiles: found } = readSettings((await readConfigFile(path)).document, path)
    const profiles = [...found].map(([name, { platform }]) => ({ name, platform }))
    return { file: path, profiles, ...wanted }
  } catch (error) {
    return { profiles: [], problem: problemOf(error, undefined), ...wanted }
  }
}
