/**
 * usage: node bare-node.mjs FILE, with IPC: answers questions by the bundle FILE, in a Node that has nothing a
 * browser has not. Whoever touches Buffer or process gets a ReferenceError.
 */
import { pathToFileURL } from 'node:url'

const { process } = globalThis
const file = pathToFileURL(process.argv[2] ?? '').href
for (const name of ['process', 'Buffer', 'global', 'setImmediate', 'clearImmediate']) delete globalThis[name]
// What browsers call it.
globalThis.self = globalThis

const { answer } = await import(file)
process.on('message', async (question) => process.send(await answer(question)))
