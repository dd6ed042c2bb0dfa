import type { CallAnswer, CallAsk } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { button, copyButton } from '../../ui/button.ts'
import { el } from '../../ui/dom.ts'
import { details, facts } from '../../ui/notice.ts'
import { saveFile } from '../../ui/save.ts'
import { type CurlFiles, callCommand } from './curl.ts'
import { problemNotice } from './problems.ts'

const words = text.call

/** An answer: status, time, headers, body, and the call as a command. */
export function answerView(answer: CallAnswer, ask: CallAsk, files: CurlFiles): HTMLElement {
  const { status, statusText, milliseconds, bytes, isCut, headers, problem, trace } = answer
  const command = callCommand(files, ask)
  return el(
    'div',
    {},
    problem === undefined ? undefined : problemNotice(problem),
    facts([
      [words.status, el('span', { class: `badge ${kindOf(status)}` }, `${status} ${statusText}`.trim())],
      [words.time, `${milliseconds} ms`],
      [words.size, words.bytes(bytes, isCut)],
    ]),
    el('h3', {}, words.answerBody),
    bodyView(answer),
    details(words.answerHeaders, facts(headers)),
    details(
      words.curl,
      el('p', { class: 'hint' }, words.curlHint),
      el('pre', { class: 'wrap', tabindex: 0 }, command),
      el(
        'p',
        { class: 'actions' },
        copyButton(words.curl, () => command),
      ),
    ),
    details(text.trace, el('pre', { class: 'wrap', tabindex: 0 }, trace)),
  )
}

function kindOf(status: number): string {
  if (status < 300) return 'good'
  return status < 400 ? 'warning' : 'bad'
}

function bodyView({ text: body, base64, bytes, headers }: CallAnswer): HTMLElement {
  if (bytes === 0) return el('p', { class: 'hint' }, words.empty)
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? ''
  const save = button({
    label: words.save,
    kind: 'quiet',
    onClick: () => saveFile(fileName(type), body ?? bytesOf(base64 ?? '')),
  })
  const shown =
    body === undefined ? el('p', {}, words.binary) : el('pre', { tabindex: 0, class: 'wrap' }, pretty(body))
  const copy = body === undefined ? undefined : copyButton(words.answerBody, () => body)
  return el('div', {}, shown, el('p', { class: 'actions' }, copy, save))
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** No HTML: a page of somebody else would be one of this machine's files. */
function fileName(type: string): string {
  return `answer.${/\bjson\b/.test(type) ? 'json' : 'txt'}`
}
