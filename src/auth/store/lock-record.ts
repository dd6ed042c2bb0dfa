import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { newDraftPath } from './draft-name.ts'
import { checkOwner, isCode, refused, storeError } from './folder.ts'
import { type LockOwner, parseOwner } from './lock-owner.ts'
import { LOOK, READ_NO_LINK } from './private-file.ts'

/** A lock file as it lies there. */
export interface LockRecord {
  /** Tells this file from any other that had or will have its name. */
  readonly instance: string
  /** Undefined where it does not tell: cut by a crash, or not ours. */
  readonly owner: LockOwner | undefined
  /** When it was written to last, by the clock of the file system. */
  readonly touched: number
}

/** Far above what `newOwner` gives. */
const MAX_BYTES = 4096

/**
 * Reads a lock file. Synchronous, as all that is done to lock files: nothing of this process comes in between.
 *
 * @returns undefined where there is none
 * @throws AuthError `ERR_AUTH_STORE` where it cannot be read, or is none of ours
 */
export function lookAt(path: string): LockRecord | undefined {
  let fd: number | undefined
  try {
    fd = fs.openSync(path, READ_NO_LINK)
    const stats = fs.fstatSync(fd)
    if (!stats.isFile()) throw refused(`${path} is no regular file`, LOOK)
    checkOwner(path, stats.uid)
    const bytes = Buffer.alloc(MAX_BYTES)
    const text = bytes.toString('utf8', 0, fs.readSync(fd, bytes, 0, MAX_BYTES, 0))
    const owner = parseOwner(text)
    const { dev, ino, mtimeMs: touched } = stats
    return { instance: owner?.nonce ?? hashOf([dev, ino, touched, text]), owner, touched }
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined
    throw storeError(`cannot read the lock ${path}`, cause)
  } finally {
    if (fd !== undefined) fs.closeSync(fd)
  }
}

function hashOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32)
}

/** A file with its owner's name in it, under a name of its own; to be put in a lock's place by `placeDraft`. */
export interface Draft {
  readonly path: string
  readonly fd: number
  readonly owner: LockOwner
  /** Bytes in it. */
  readonly length: number
}

/** @throws what the system says */
export function makeDraft(folder: string, owner: LockOwner): Draft {
  const path = newDraftPath(folder)
  const text = textOf(owner)
  return { path, fd: writeNew(path, text), owner, length: Buffer.byteLength(text) }
}

/**
 * Gives a draft the name `path` too, where nothing has it: in one step, with all that stands in it. Where the file
 * system knows no links, the file is made at its place instead, and is empty for a moment.
 *
 * @returns the descriptor of the file that now lies there; undefined where there was one already
 * @throws what the system says
 */
export function placeDraft(draft: Draft, path: string): number | undefined {
  try {
    fs.linkSync(draft.path, path)
    return draft.fd
  } catch (error) {
    // NFS may have lost the answer and asked again: then the file that is in the way is our own.
    if (isCode(error, 'EEXIST')) return isOwn(draft, path) ? draft.fd : undefined
    if (!isCode(error, ...NO_LINKS)) throw error
  }
  try {
    return writeNew(path, textOf(draft.owner))
  } catch (error) {
    if (isCode(error, 'EEXIST')) return undefined
    throw error
  }
}

/** Takes the draft's own name away, and closes it unless it was placed as it is. */
export function dropDraft(draft: Draft, placed?: number): void {
  if (placed !== draft.fd) fs.closeSync(draft.fd)
  fs.rmSync(draft.path, { force: true })
}

/** The time of the file system, which needs not be ours: what a file of ours gets that is written now. */
export function timeThere(draft: Draft): number {
  touch(draft.fd, draft.length)
  return fs.fstatSync(draft.fd).mtimeMs
}

/** Writes the last byte, an end of line, again: what stands in the file stays, whoever reads it meanwhile. */
export function touch(fd: number, length: number): void {
  fs.writeSync(fd, '\n', length - 1)
  fs.fdatasyncSync(fd)
}

/** What systems without links say: FAT, some of FUSE and of networks, Android. */
const NO_LINKS = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

function isOwn(draft: Draft, path: string): boolean {
  return lookAt(path)?.instance === draft.owner.nonce
}

function textOf(owner: LockOwner): string {
  return `${JSON.stringify(owner)}\n`
}

function writeNew(path: string, text: string): number {
  const fd = fs.openSync(path, 'wx', 0o600)
  try {
    fs.writeSync(fd, text)
    return fd
  } catch (error) {
    fs.closeSync(fd)
    fs.rmSync(path, { force: true })
    throw error
  }
}
