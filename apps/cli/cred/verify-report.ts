import type { PathResult, Profile, Purpose } from '../../../src/path/index.ts'
import { describePath } from '../../../src/trust/index.ts'
import type { Output } from '../output.ts'
import { printable } from '../printable.ts'

/** What is asked, beside the certificate. */
export interface Question {
  readonly purpose: Purpose
  readonly host: string | undefined
  readonly profile: Profile
}

/** The answer for people: the path, and for a good one what was checked and what was not. */
export function textOf(
  file: string,
  { purpose, host, profile }: Question,
  result: PathResult,
  output: Output,
): string {
  const colour = output.paint('', 'bold') !== ''
  const tree = `${output.paint(printable(file), 'bold')}: ${describePath(result, { colour })}`
  if (result.verdict !== 'valid') return tree
  const rules = profile === 'default' ? '' : `, profile ${profile}`
  const use = purpose === 'any' ? '' : `; for ${purpose}${host === undefined ? '' : ` as ${printable(host)}`}`
  const open = [
    ...(purpose === 'any' ? ['what the certificate may be used for (--purpose, --host)'] : []),
    ...(purpose === 'tls-server' && host === undefined ? ["the server's name (--host)"] : []),
    ...(isRevocationChecked(result) ? [] : ['revocation (--crl, --ocsp)']),
  ]
  const lines = [
    `Checked:     signatures, validity, CAs, constraints, policies${rules}${use}`,
    ...(open.length === 0 ? [] : [`NOT checked: ${open.join('; ')}`]),
  ]
  return `${tree}\n${lines.join('\n')}\n`
}

function isRevocationChecked({ path }: PathResult): boolean {
  return path.every(({ role, revocation }) => role === 'anchor' || revocation?.status === 'good')
}
