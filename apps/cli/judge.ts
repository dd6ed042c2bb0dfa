import type { TrustFunction } from '../../src/cms/index.ts'
import { pathTrust } from '../../src/trust/index.ts'
import { keyPurposeOid } from '../../src/x509/index.ts'
import type { Arguments } from './arguments.ts'
import type { Context } from './command.ts'
import { usageError } from './errors.ts'
import type { OptionGroup } from './options.ts'
import {
  CA_OPTION,
  PATH_OPTIONS,
  revocationOf,
  TRUSTSTORE_PASSWORD,
  timeOf,
  trustOf,
  untrustedOf,
} from './trust-options.ts'

/** How the signer's certificate is judged. */
export const JUDGING: readonly OptionGroup[] = [
  {
    title: 'How to judge the certificate (one is needed)',
    options: [CA_OPTION, { name: 'signature-only', summary: 'do not validate it' }],
  },
  {
    title: 'How to validate it, with --ca',
    options: [
      ...PATH_OPTIONS,
      {
        name: 'extended-key-usage',
        value: 'PURPOSE',
        multiple: true,
        summary:
          'what the certificate must allow where it restricts itself: any, an OID or a name such as clientAuth. Default: emailProtection or document signing',
      },
    ],
  },
  TRUSTSTORE_PASSWORD,
]

/**
 * The trust function that the options ask for; undefined for `--signature-only`.
 *
 * @throws CliError where they do not say how the certificate is to be judged, or say it twice
 */
export async function judgeOf(args: Arguments, context: Context): Promise<TrustFunction | undefined> {
  if (args.has('signature-only')) {
    if (args.has('ca')) throw usageError('--ca and --signature-only exclude each other')
    const [, validation] = JUDGING
    const idle = validation?.options.find(({ name }) => args.has(name))
    if (idle !== undefined) throw usageError(`--${idle.name} goes with --ca, and not with --signature-only`)
    return undefined
  }
  if (!args.has('ca')) {
    const hint =
      '--ca BUNDLE validates it against authorities that you trust; --signature-only checks the signature without asking whose certificate it is'
    throw usageError('say how the certificate is to be judged', hint)
  }
  const time = timeOf(args)
  const extendedKeyUsage = keyUsageOf(args)
  const revocation = await revocationOf(args, context)
  const untrusted = await untrustedOf(args, context)
  const { store, intermediates } = await trustOf(args, context)
  return pathTrust({
    trust: store,
    untrusted: [...intermediates, ...untrusted],
    time,
    revocation,
    extendedKeyUsage,
  })
}

function keyUsageOf(args: Arguments): readonly string[] | 'any' | undefined {
  const given = args.all('extended-key-usage')
  if (given.length === 0) return undefined
  if (given.includes('any')) return 'any'
  const oids = given.map(keyPurposeOid)
  if (oids.every((oid) => /^[012](\.(0|[1-9]\d*))+$/.test(oid))) return oids
  throw usageError(
    '--extended-key-usage must be any, an OID, or the name of a purpose',
    'such as emailProtection, clientAuth, codeSigning or 1.3.6.1.5.5.7.3.36',
  )
}
