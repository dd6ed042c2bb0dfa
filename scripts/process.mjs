// @ts-check
/** Running programs, and saying what is done: messages on stderr, so that stdout is the program's own. */
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The project's root, whatever the current folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Caches that go with node_modules. */
export const cacheFolder = fileURLToPath(new URL('../node_modules/.cache/sealkit', import.meta.url))

/** @param {string} message */
export function say(message) {
  process.stderr.write(`sealkit: ${message}\n`)
}

/** A failure that is told in one line, without a stack trace. */
export class Failure extends Error {}

/**
 * Runs a script's main function and makes its answer the exit code.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say(error.message)
    process.exitCode = 1
  }
}

/** @param {string} moduleUrl `import.meta.url` of a script that can be imported too */
export function isMain(moduleUrl) {
  const [, script] = process.argv
  return script !== undefined && realpathSync(script) === fileURLToPath(moduleUrl)
}

/**
 * @typedef {object} RunOptions
 * @property {boolean} [capture] keep what is printed instead of showing it
 * @property {NodeJS.ProcessEnv} [env]
 * @property {'ignore' | 'inherit'} [stdin] nothing to read, unless told otherwise
 */

/**
 * Runs a program at the root to its end. SIGINT and its like are passed on, and a child ended by a signal
 * counts as 128 + its number, as in a shell.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ status: number, output: string }>}
 */
export function run(command, args, { capture = false, env = process.env, stdin = 'ignore' } = {}) {
  return new Promise((resolve, reject) => {
    const out = capture ? 'pipe' : 'inherit'
    const child = spawn(command, args, { cwd: root, env, stdio: [stdin, out, out] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => child.kill(signal)
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
    for (const signal of signals) process.on(signal, pass)
    const done = () => {
      for (const signal of signals) process.off(signal, pass)
    }
    child.on('error', (error) => {
      done()
      reject(new Failure(`cannot run ${command}: ${error.message}`))
    })
    child.on('close', (code, signal) => {
      done()
      resolve({ status: code ?? 128 + (signal === null ? 0 : signalNumber(signal)), output })
    })
  })
}

/**
 * Runs a Node program.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function runNode(args, options) {
  return run(process.execPath, args, options)
}

/** @param {NodeJS.Signals} signal */
function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[/** @type {string} */ (signal)] ?? 9
}

/** @param {number} since `performance.now()` at the start */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}
