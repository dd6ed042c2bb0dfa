import { formRanges, jsonFieldRanges, parameterRanges } from './redact/fields.ts'
import { headerLineRanges, headerValueRanges } from './redact/header-values.ts'
import { HiddenSecret } from './redact/hidden-secret.ts'
import { isBareToken, knownShapeRanges } from './redact/known-shapes.ts'
import { type Range, replaceRanges } from './redact/ranges.ts'
import { isSecretName, isSecretParameter } from './redact/secret-names.ts'
import { viewsOf } from './redact/views.ts'

/** What stands in place of a secret. */
export const REDACTED = '[redacted]'

/** Longer texts are cut, so that nothing a server sends keeps a program busy. */
const LONGEST = 1024 * 1024

/**
 * Takes secrets out of what is shown: those it was told of, in whatever usual encoding they stand, and those that
 * are known by the name of their field or header, or by their look.
 *
 * @example
 * ```ts
 * import { Redactor } from 'sealkit/http'
 * const redactor = new Redactor()
 * using hidden = redactor.hide('correct horse')
 * console.log(redactor.text('grant_type=password&x=correct+horse')) // grant_type=password&x=[redacted]
 * ```
 */
export class Redactor {
  readonly #hidden = new Map<string, { secret: HiddenSecret; count: number }>()

  /**
   * Hides a text, until what is returned is disposed of as often as it was hidden. It is found as it stands,
   * percent-encoded, as a form, JSON and HTML have it, and in base64, alone or with more around it. One of fewer
   * than four characters is found only where it stands alone; an empty one is no secret.
   */
  hide(secret: string): Disposable {
    if (secret === '') return { [Symbol.dispose]() {} }
    const entry = this.#hidden.get(secret) ?? { secret: new HiddenSecret(secret), count: 0 }
    entry.count++
    this.#hidden.set(secret, entry)
    let held = true
    return {
      [Symbol.dispose]: () => {
        if (!held) return
        held = false
        entry.count--
        if (entry.count === 0) this.#hidden.delete(secret)
      },
    }
  }

  /** Any text: hidden secrets, tokens behind their scheme, JWTs, fields and header lines by their names. */
  text(text: string): string {
    const short = text.slice(0, LONGEST)
    return cutMark(replaceRanges(short, this.#ranges(short), REDACTED), text.length - short.length)
  }

  /** Headers (RFC 9110 section 6.3): schemes, names of cookies and their attributes stay. */
  headers(headers: Iterable<readonly [string, string]>): [name: string, value: string][] {
    return Array.from(headers, ([name, value]) => {
      const short = value.slice(0, LONGEST)
      const ranges = [...headerValueRanges(name, short), ...this.#ranges(short)]
      return [this.text(name), cutMark(replaceRanges(short, ranges, REDACTED), value.length - short.length)]
    })
  }

  /** A body, whole or cut off, as text: JSON and forms by the names of their fields. */
  body(body: string, contentType: string | undefined): string {
    const short = body.slice(0, LONGEST)
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')
    const fields = isForm ? formRanges(short, isSecretParameter) : []
    const whole: Range[] = !isForm && isBareToken(short) ? [[0, short.length]] : []
    const ranges = [...this.#ranges(short), ...fields, ...whole]
    return cutMark(replaceRanges(short, ranges, REDACTED), body.length - short.length)
  }

  /** A URL without its user information (RFC 3986 section 3.2.1) and its secret parameters. */
  url(url: URL | string): string {
    const text = String(url).slice(0, LONGEST)
    const ranges = [...this.#ranges(text), ...parameterRanges(text, isSecretParameter)]
    return replaceRanges(text, ranges, REDACTED)
  }

  #ranges(text: string): Range[] {
    const ranges: Range[] = []
    for (const view of viewsOf(text)) {
      for (const range of this.#rangesOfView(view.text)) ranges.push(view.original(range))
    }
    return ranges
  }

  #rangesOfView(text: string): Range[] {
    const ranges = [
      ...jsonFieldRanges(text),
      ...parameterRanges(text, isSecretName),
      ...headerLineRanges(text),
      ...knownShapeRanges(text),
    ]
    for (const { secret } of this.#hidden.values())
      for (const range of secret.ranges(text)) ranges.push(range)
    return ranges
  }
}

function cutMark(text: string, left: number): string {
  return left > 0 ? `${text} [${left} more characters]` : text
}
