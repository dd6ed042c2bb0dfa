import { realpath, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { readCertificateSource } from '../../src/credentials/source.ts'
import { CredentialError, SignerError, ToolError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { checkOptions } from './check-options.ts'
import { familyOf } from './judge/judge-output.ts'
import type { CheckedSettings, ValidataFamily, ValidataOptions } from './options.ts'
import { sweepLeftovers } from './run/sweep.ts'
import type { SigningSetup } from './sign-once.ts'
import { toolCommand } from './tool/command.ts'
import { knownTool } from './tool/known-tools.ts'
import { ValidataSigner } from './validata-signer.ts'

/**
 * Opens a signer that runs Validata's command line, as MOEX's guide has it: `zpci1utl -profile NAME -sign -detached
 * -data FILE -out FILE`. The tool is found, and private folders that killed runs left behind are removed; it is
 * first started by a signature.
 *
 * Nothing that comes back is taken on trust: it must be a detached CMS signature of one signer, of the family and
 * certificate that are expected, which verifies over the content. Out comes DER whatever the tool wrote.
 *
 * No Validata program was available when this was written: docs/validata.md says what is proven.
 *
 * @throws SignerError `ERR_SIGNER_URI` for settings that cannot be; ToolError `ERR_TOOL_NOT_FOUND`;
 *   CredentialError for a certificate that cannot be read; TypeError for an option of another type.
 *   Its `signDetached` throws ToolError `ERR_TOOL_*`, the signal's reason, and SignerError `ERR_SIGNER_DISPOSED`
 * @example
 * ```ts
 * import { openValidataSigner } from 'sealkit/providers/validata'
 * await using signer = await openValidataSigner({ key: 'validata:profile=Ivanov;timeout=30s' })
 * const signature = await signer.signDetached('the passport token')
 * signature.base64() // one line, for MOEX's field `signature`; signer.family for `algorithm`
 * ```
 */
export async function openValidataSigner(options: ValidataOptions = {}): Promise<ValidataSigner> {
  const setup = await prepareSetup(options)
  await sweepLeftovers(setup.temporaryFolder)
  options.signal?.throwIfAborted()
  return new ValidataSigner(setup)
}

/** Finds and reads what the options name. */
export async function prepareSetup(options: ValidataOptions): Promise<SigningSetup> {
  const { certificate, ...settings } = checkOptions(options)
  const { signal } = options
  signal?.throwIfAborted()
  const certificates =
    certificate === undefined
      ? undefined
      : await readCertificateSource(certificate, 'certificate', { signal })
  if (certificates?.length === 0) throw noCertificate()
  await checkFolder(settings.workingDirectory, 'working directory')
  const temporaryFolder = await folderOf(settings.temporaryFolder ?? tmpdir())
  const wanted = { ...settings, family: settings.family ?? familyOfAll(certificates) }
  const command = toolCommand(wanted, temporaryFolder)
  const family = wanted.family ?? knownTool(command.tool)?.family
  if (family === undefined) throw unknownFamily(command.name)
  const environment = { ...process.env, ...options.environment }
  return { settings, command, family, certificates, temporaryFolder, environment }
}

function familyOfAll(certificates: readonly Certificate[] | undefined): ValidataFamily | undefined {
  const families = new Set(certificates?.map(familyOf))
  const [family] = families
  return families.size === 1 && (family === 'RSA' || family === 'GOST') ? family : undefined
}

async function folderOf(path: CheckedSettings['temporaryFolder'] & string): Promise<string> {
  await checkFolder(path, 'temporary folder')
  return await realpath(path)
}

async function checkFolder(path: string | undefined, what: string): Promise<void> {
  if (path === undefined) return
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isDirectory()) return
  throw new ToolError('ERR_TOOL_FAILED', `there is no ${what} ${path}`, {
    hint: 'name a folder that is there',
  })
}

function noCertificate(): CredentialError {
  const hint = "give the signer's own certificate"
  return new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', 'certificate is an empty list', { hint })
}

function unknownFamily(name: string): SignerError {
  const hint = 'add family=GOST or family=RSA, or name the certificate it signs with'
  return new SignerError('ERR_SIGNER_URI', `validata: nobody knows whether ${name} signs with GOST or RSA`, {
    hint,
  })
}
