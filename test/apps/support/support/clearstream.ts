import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClearstreamSimulator, startClearstreamSimulator } from '../../../../apps/simulator/index.ts'
import { tempDir } from '../../../support/tools.ts'

export const USER = 'a000012345_00012345'
export const PASSWORD = 'correct horse battery'
export const KEY_PASSWORD = 'opens the key'

/** A simulator with one API consumer, and its files. */
export interface Clearstream extends AsyncDisposable {
  readonly simulator: ClearstreamSimulator
  readonly certificate: string
  /** The same as PKCS#12 with {@link KEY_PASSWORD}. */
  readonly p12: string
  readonly ca: string
  /** A configuration with the profile `trial`, which knows the password. */
  readonly file: string
}

export async function startClearstream(expiresIn?: number): Promise<Clearstream> {
  const simulator = await startClearstreamSimulator(expiresIn === undefined ? {} : { expiresIn })
  simulator.addConsumer({ username: USER, password: PASSWORD })
  const issued = await simulator.issueConsumer(USER)
  const folder = tempDir()
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  write('password', PASSWORD)
  return {
    simulator,
    certificate: write(`ocapi-${USER}-ssl.pem`, issued.pem),
    p12: write('credential.p12', await issued.p12(KEY_PASSWORD)),
    ca: write(`ocapi-${USER}-cacert.pem`, simulator.ca),
    file: write(
      'sealkit.toml',
      [
        '[profiles.trial]',
        'platform = "clearstream"',
        `url = "${simulator.url}"`,
        'password = { file = "password" }',
        'credentials = "."',
        `jwks = "${simulator.jwksUrl}"`,
        'proxy = "none"',
        '[profiles.exchange]',
        'platform = "moex"',
      ].join('\n'),
    ),
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}
