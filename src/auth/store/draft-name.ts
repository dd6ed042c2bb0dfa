import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { hasEnded, realm } from './lock-owner.ts'

const NAME = /^\.sealkit-([0-9a-f]{16})-(\d{1,10})-[0-9a-f]{12}$/

/** A name for a file that will get another one. It says whose it is, so that it can be swept when he was killed. */
export function newDraftPath(folder: string): string {
  return join(folder, `.sealkit-${realm}-${process.pid}-${randomBytes(6).toString('hex')}`)
}

/** Whether it is the name of a draft and, if so, its process has ended. Undefined for other names. */
export function isDraftLeftOver(name: string): boolean | undefined {
  const [, madeIn, pid] = NAME.exec(name) ?? []
  if (madeIn === undefined || pid === undefined) return undefined
  return hasEnded({ realm: madeIn, pid: Number(pid), began: '' })
}
