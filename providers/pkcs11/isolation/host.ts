/** The side of the module: run as a worker thread or as a child process, it opens one key and signs. */
import { parentPort, Worker } from 'node:worker_threads'
import { Certificate } from '../../../src/x509/index.ts'
import type { Pkcs11Key } from '../key/key.ts'
import { openPkcs11Key } from '../key/open-pkcs11-key.ts'
import type { Pin, PinValue } from '../token/pin.ts'
import { onTry } from '../token/wrong-pins.ts'
import { plainError, revived } from './errors.ts'
import type { Answer, OpenedPlain, PlainOptions, Request } from './messages.ts'

let key: Pkcs11Key | undefined
const aborts = new Map<number, AbortController>()
const pins = new Map<number, { resolve: (pin: PinValue) => void; reject: (error: Error) => void }>()
let nextPin = 1

function answer(message: Answer): void {
  if (parentPort !== null) parentPort.postMessage(message)
  else process.send?.(message)
}

onTry((tokenUri, isRight) => answer({ is: 'tried', tokenUri, isRight }))

if (parentPort !== null) parentPort.on('message', onRequest)
else {
  process.on('message', (message) => onRequest(message as Request))
  // Whoever asked is gone. An orderly exit would wait for a call of the module that is under way.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  const watch = import.meta.url.endsWith('.ts') ? './watch-parent.ts' : './watch-parent.js'
  new Worker(new URL(watch, import.meta.url), { execArgv: [], workerData: process.ppid }).unref()
}

function onRequest(request: Request): void {
  if (request.do === 'open') reply(request.id, (signal) => open(request.options, signal))
  else if (request.do === 'sign') reply(request.id, (signal) => sign(request.data, signal))
  else if (request.do === 'close') reply(request.id, close)
  else if (request.do === 'abort') aborts.get(request.id)?.abort()
  else gotPin(request)
}

function reply(
  id: number,
  work: (signal: AbortSignal) => Promise<OpenedPlain | Uint8Array | undefined>,
): void {
  const controller = new AbortController()
  aborts.set(id, controller)
  work(controller.signal)
    .then(
      (value) => answer({ is: 'done', id, value }),
      (error: unknown) => answer({ is: 'failed', id, error: plainError(error) }),
    )
    .finally(() => aborts.delete(id))
}

async function open(options: PlainOptions, signal: AbortSignal): Promise<OpenedPlain> {
  const { hasPin, certificate, chain, ...rest } = options
  key = await openPkcs11Key({
    ...rest,
    signal,
    pin: hasPin ? askPin : undefined,
    certificate: certificate?.map((der) => Certificate.parse(der)),
    chain: chain.map((der) => Certificate.parse(der)),
  })
  key.on('lost', ({ reason }) => answer({ is: 'news', event: 'lost', error: plainError(reason) }))
  key.on('back', () => answer({ is: 'news', event: 'back', error: undefined }))
  const { uri, token, module, warnings } = key
  return {
    certificate: key.certificate.der,
    chain: key.chain.map(({ der }) => der),
    algorithm: key.algorithm.der,
    uri,
    token,
    module,
    warnings,
  }
}

/** The PIN is asked for on the other side; here it is not kept either. */
const askPin: Pin = async ({ signal: _, ...request }) => {
  const id = nextPin++
  return await new Promise<PinValue>((resolve, reject) => {
    pins.set(id, { resolve, reject })
    answer({ is: 'pin', id, request })
  })
}

function gotPin({ id, pin, error }: Extract<Request, { do: 'pin' }>): void {
  const waiting = pins.get(id)
  pins.delete(id)
  if (pin !== undefined) waiting?.resolve(pin)
  else if (error !== undefined) waiting?.reject(revived(error))
}

async function sign(data: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  return await (key as Pkcs11Key).sign(data, { signal })
}

async function close(): Promise<undefined> {
  await key?.[Symbol.asyncDispose]()
  return undefined
}
