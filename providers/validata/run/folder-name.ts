import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

const NAME = /^sealkit-validata-([0-9a-f]{8})-(\d{1,10})-\w{6}$/

/**
 * What process numbers belong to: the machine and, on Linux, the namespace. Containers may share a folder for
 * temporary files and not their processes.
 */
const realm = createHash('sha256').update(`${hostname()} ${namespace()}`).digest('hex').slice(0, 8)

/** The beginning of the name of a folder of this process; six characters follow. */
export const FOLDER_PREFIX = `sealkit-validata-${realm}-${process.pid}-`

/** Whose folder it is by its name; undefined where the name is another one. */
export function readFolderName(name: string): { pid: number; sameRealm: boolean } | undefined {
  const [, madeIn, pid] = NAME.exec(name) ?? []
  return madeIn === undefined ? undefined : { pid: Number(pid), sameRealm: madeIn === realm }
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}
