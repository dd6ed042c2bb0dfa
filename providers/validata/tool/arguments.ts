import type { CheckedSettings } from '../options.ts'
import { fillTemplate, type Places } from './template.ts'

/**
 * The arguments of one signature, in the words of Validata's version 6 (MOEX's guide:
 * `zpci1utl.exe -profile <User> -sign -detached -data <token> -out token.p7d`).
 */
export function toolArguments(
  settings: Pick<
    CheckedSettings,
    'arguments' | 'profile' | 'registry' | 'sendCertificate' | 'silent' | 'algorithm' | 'extraArguments'
  >,
  files: Omit<Places, 'profile'>,
): string[] {
  const { profile, algorithm } = settings
  if (settings.arguments !== undefined) return fillTemplate(settings.arguments, { ...files, profile })
  return [
    ...(profile === undefined ? [] : ['-profile', profile]),
    ...(settings.registry ? ['-registry'] : []),
    ...['-sign', '-detached', '-data', files.data, '-out', files.out],
    ...(settings.sendCertificate ? ['-sendcert'] : []),
    ...(algorithm === undefined ? [] : ['-algorithm', algorithm]),
    ...(settings.silent ? ['-silent', files.log] : []),
    ...settings.extraArguments,
  ]
}
