import { el } from './dom.ts'

/** Has the browser save bytes as a file. Nothing is sent anywhere. */
export function saveFile(name: string, content: BlobPart, type = 'application/octet-stream'): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = el('a', { href: url, download: name, hidden: true })
  document.body.append(link)
  link.click()
  link.remove()
  // The browser has taken the content by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
