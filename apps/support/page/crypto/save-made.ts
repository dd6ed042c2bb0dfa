import { text } from '../text/crypto.ts'
import { button } from '../ui/button.ts'
import { el } from '../ui/dom.ts'
import { notice } from '../ui/notice.ts'
import { saveFile } from '../ui/save.ts'
import type { MadeFile } from './jobs/convert.ts'

/** Has the browser save the files, and shows them, each with a button to save it again. */
export function saveMade(files: readonly MadeFile[]): HTMLElement {
  for (const file of files) save(file)
  return el(
    'div',
    { class: 'made' },
    notice(
      'good',
      text.convert.done,
      el(
        'ul',
        { class: 'shelf' },
        files.map((file) =>
          el(
            'li',
            {},
            el('strong', { class: 'mono' }, file.name),
            ` ${text.convert.bytes(file.bytes.length)} `,
            button({
              label: text.convert.again,
              kind: 'quiet',
              describedAs: text.convert.saveFile(file.name),
              onClick: () => save(file),
            }),
          ),
        ),
      ),
    ),
    files.some(({ isOpen }) => isOpen) &&
      notice('warning', text.csr.unencryptedWarning, el('p', {}, text.csr.unencryptedWay)),
  )
}

export function save({ name, bytes, type }: MadeFile): void {
  saveFile(name, new Uint8Array(bytes), type)
}
