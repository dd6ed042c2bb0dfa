import { openValidataSigner } from '../../providers/validata/index.ts'
import { addTimestamp, type TimestampSource } from '../../src/cms/index.ts'
import type { Arguments } from './arguments.ts'
import { validityNotes } from './certificates.ts'
import type { Context } from './command.ts'
import type { ContentSource } from './content.ts'
import { usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import type { destinationOf } from './sign-output.ts'
import { TOKEN_OPTIONS } from './token-options.ts'

/** Whether the whole signature is made by a vendor's program. */
export function isToolUri(key: string): boolean {
  return /^validata:/i.test(key)
}

/** Options that would change what Validata's program makes, or are about keys that sealkit itself opens. */
const REFUSED: Readonly<Record<string, string>> = {
  attached: 'MOEX takes detached signatures, and only those are asked of the tool',
  cades: 'the tool chooses the signed attributes',
  'algorithm-protection': 'the tool chooses the signed attributes',
  'no-signing-time': 'the tool chooses the signed attributes',
  digest: 'the tool chooses it; algorithm=OID in the URI is passed on as -algorithm',
  pss: 'the tool chooses the scheme',
  certificates:
    'send-certificate=true or false in the URI says whether the certificate goes into the signature',
  sid: 'the tool names the certificate',
  chain: 'the tool puts in its own certificates',
  'password-file': 'the tool or its cryptographic service provider asks for PINs',
  'password-fd': 'the tool or its cryptographic service provider asks for PINs',
  'password-env': 'the tool or its cryptographic service provider asks for PINs',
}

/** Signs by Validata's program; `--cert` is the certificate that must have signed. */
export async function signByTool(
  args: Arguments,
  { output, signal }: Context,
  {
    uri,
    content,
    destination,
    timestamp,
  }: {
    uri: string
    content: ContentSource
    destination: ReturnType<typeof destinationOf>
    timestamp: TimestampSource | undefined
  },
): Promise<ExitCodeValue> {
  for (const [name, why] of Object.entries(REFUSED)) {
    if (args.has(name)) throw usageError(`--${name} cannot be used with a validata: key`, why)
  }
  for (const { name } of TOKEN_OPTIONS.flatMap((group) => group.options)) {
    const why = 'it is about pkcs11: keys; Validata finds its own key media'
    if (args.has(name)) throw usageError(`--${name} cannot be used with a validata: key`, why)
  }
  await using signer = await openValidataSigner({ key: uri, certificate: args.get('cert'), signal })
  const { signature, certificate, algorithm, notes: remarks } = await signer.sign(content, { signal })
  const stamped = timestamp === undefined ? signature : await addTimestamp(signature, { timestamp, signal })
  const notes = [...remarks, ...validityNotes(certificate), ...content.notes]
  for (const note of notes) output.say(`note: ${note}`, 'yellow')
  await destination(stamped, { certificate, algorithm }, notes)
  return ExitCode.good
}
