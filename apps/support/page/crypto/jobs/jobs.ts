import { convert } from './convert.ts'
import { look } from './look.ts'
import { makeKey } from './make-key.ts'
import { identityOf, signHere } from './sign-here.ts'

/** What the worker does, by name. Arguments and results are such as `postMessage` carries. */
export const JOBS = { look, convert, makeKey, identityOf, signHere } as const

export type Jobs = typeof JOBS
export type JobName = keyof Jobs
