/** NSS's own token (softokn): a database in a folder that goes away, with keys and certificates put in by pk12util. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Identity } from '../../../interop/support/pki.ts'
import { mustRun } from '../../../interop/support/run.ts'
import { findModule, tempDir } from '../../../support/tools.ts'

export const nssPassword = 'nss-test-password'
/** The label of the token with the keys; the other one is without login, for public things. */
export const nssLabel = 'NSS Certificate DB'

export interface NssToken {
  readonly module: string
  /** For C_Initialize. */
  readonly libraryParameters: string
  readonly pin: string
  /** Puts in a key with its certificate, by the name of the identity. */
  add(identity: Identity): Promise<void>
}

export async function openNssToken(): Promise<NssToken> {
  const folder = tempDir()
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${nssPassword}\n`, { mode: 0o600 })
  await mustRun('certutil', ['-N', '-d', `sql:${folder}`, '-f', passwordFile])
  return {
    module: findModule('libsoftokn3.so') as string,
    libraryParameters: `configdir='sql:${folder}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=`,
    pin: nssPassword,
    async add({ name, keyFile, certificateFile }) {
      const file = join(folder, `${name}.p12`)
      const files = ['-inkey', keyFile, '-in', certificateFile, '-out', file]
      await mustRun('openssl', [
        'pkcs12',
        '-export',
        ...files,
        '-name',
        name,
        '-passout',
        `file:${passwordFile}`,
      ])
      await mustRun('pk12util', ['-i', file, '-d', `sql:${folder}`, '-k', passwordFile, '-w', passwordFile])
    },
  }
}
