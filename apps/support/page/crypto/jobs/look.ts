import { formatInspection, type InspectedCertificate, inspect } from '../../../../../src/inspect/index.ts'
import type { ChainLink } from '../../../sign-api.ts'
import { chainLinks, longestChain } from './chain-links.ts'
import { type GivenFile, gather } from './gather.ts'
import { type JobProblem, problemOf } from './problem.ts'

/** A file as far as it could be looked into. */
export interface LookedFile {
  readonly name: string
  /** `locked`: a password is needed for all or a part of it. */
  readonly state: 'open' | 'locked' | 'failed'
  /** For people: `PEM`, `PKCS#12`. */
  readonly form?: string | undefined
  /** `1 private key, 2 certificates`. */
  readonly holds: readonly string[]
  readonly certificates: readonly InspectedCertificate[]
  readonly hasKeys: boolean
  /** It holds keys or certificates that can be converted. */
  readonly convertible: boolean
  /** All of it as text. */
  readonly text: string
  readonly notes: readonly string[]
  readonly problem?: JobProblem | undefined
}

/** A private key of the files, and whether its certificate is there. */
export interface FoundKey {
  readonly name: string
  readonly friendlyName?: string | undefined
  /** SHA-256 of the public key. */
  readonly fingerprint?: string | undefined
  /** The certificate that fits; undefined where none of the files has it. */
  readonly certificate?: Validity | undefined
  readonly chain: readonly ChainLink[]
}

/** A certificate's name, and how long it holds. */
export interface Validity {
  readonly subject: string
  readonly commonName?: string | undefined
  readonly notBefore: string
  readonly notAfter: string
  readonly daysLeft: number
}

/** What the files hold. */
export interface Look {
  readonly files: readonly LookedFile[]
  readonly keys: readonly FoundKey[]
  /** Distinct certificates in all files. */
  readonly certificateCount: number
  /** Certificates that no key belongs to. */
  readonly loneCertificates: readonly Validity[]
  /** Where there is no key: the chain that the certificates make. */
  readonly chain: readonly ChainLink[]
}

const DAY = 86_400_000

/** Looks into files. What cannot be read is said in the result, of each file. */
export async function look(files: readonly GivenFile[], now = new Date()): Promise<Look> {
  const looked: LookedFile[] = []
  for (const file of files) looked.push(await lookInto(file, now))
  const open = files.filter((_, i) => looked[i]?.state === 'open' && looked[i]?.convertible)
  using gathered = await gather(open)
  const keys = gathered.keys.map(({ key, certificate, chain, friendlyName }) => ({
    name: key.name,
    friendlyName,
    fingerprint: key.fingerprint,
    certificate: certificate && validityOf(certificate, now),
    chain: certificate === undefined ? [] : chainLinks([certificate, ...chain]),
  }))
  const used = gathered.keys.flatMap(({ certificate, chain }) => [certificate ?? [], chain].flat())
  const all = gathered.certificates.map(({ certificate }) => certificate)
  const lone = all.filter((each) => !used.some((other) => other.equals(each)))
  return {
    files: looked,
    keys,
    certificateCount: all.length,
    loneCertificates: lone.map((each) => validityOf(each, now)),
    chain: keys.length === 0 ? chainLinks(longestChain(all)) : [],
  }
}

function validityOf(certificate: Parameters<typeof longestChain>[0][number], now: Date): Validity {
  const { subject, notBefore, notAfter } = certificate
  return {
    subject: subject.toString(),
    commonName: subject.commonName,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    daysLeft: Math.floor((+notAfter - +now) / DAY),
  }
}

async function lookInto({ name, bytes, password }: GivenFile, now: Date): Promise<LookedFile> {
  try {
    const found = await inspect(bytes, { password, now })
    const { keys, certificates, requests, revocationLists, publicKeys, messages } = found
    const holds = [
      counted(keys.length, 'private key'),
      counted(certificates.length, 'certificate'),
      counted(requests.length, 'certificate request'),
      counted(revocationLists.length, 'revocation list'),
      counted(publicKeys.length, 'public key'),
      counted(messages.length, 'signed message'),
    ].flatMap((words) => words ?? [])
    return {
      name,
      state: found.locked ? 'locked' : 'open',
      form: found.form,
      holds,
      certificates,
      hasKeys: keys.length > 0,
      convertible: found.form !== 'CMS' && keys.length + certificates.length > 0,
      text: formatInspection(found),
      notes: found.notes,
    }
  } catch (error) {
    const nothing = { holds: [], certificates: [], hasKeys: false, convertible: false, text: '', notes: [] }
    const problem = problemOf(error, name)
    return { name, state: isAboutPassword(problem) ? 'locked' : 'failed', ...nothing, problem }
  }
}

/** Whether another password is the way out. */
function isAboutPassword({ code }: JobProblem): boolean {
  return /^ERR_CREDENTIAL_(PASSWORD_WRONG|PASSWORD_REQUIRED|MAC_WRONG)$/.test(code)
}

function counted(count: number, what: string): string | undefined {
  if (count === 0) return undefined
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
