import type { RefusedAnswer } from '../answer.ts'

/** A page for people: by its type, or by its beginning where the type is wrong. */
export function isHtml({ contentType, text }: RefusedAnswer): boolean {
  return contentType === 'text/html' || /^\s*<(?:!doctype|html)\b/i.test(text)
}
