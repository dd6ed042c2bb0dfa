import { delimiter } from 'node:path'
import type { SettingDefinition } from './settings.ts'

/** What a text of the environment or of a flag would be in the file; the check comes after. */
export function fromText({ type }: SettingDefinition, text: string): unknown {
  switch (type) {
    case 'integer':
      return /^[0-9]{1,9}$/.test(text) ? Number(text) : text
    case 'boolean':
      return { true: true, '1': true, false: false, '0': false }[text] ?? text
    case 'origins':
      return text.split(/[\s,]+/).filter((part) => part !== '')
    case 'trust':
      return text.split(delimiter).filter((part) => part !== '')
    default:
      return text
  }
}
