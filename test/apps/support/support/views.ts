import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from '../../../../apps/support/page/text/common.ts'
import { root } from '../../../support/tools.ts'

const source = readFileSync(join(root, 'apps/support/page/views.ts'), 'utf8')

/** The views that the page has; its own table cannot be loaded here, where there is no DOM. */
export const VIEWS = Object.entries(text.views)
  .map(([id, { title }]) => ({ id, title }))
  .filter(({ id }) => source.includes(`id: '${id}'`))
