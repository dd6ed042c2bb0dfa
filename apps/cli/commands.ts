import type { CommandEntry } from './command.ts'

/** The commands, in the order of the overview. A new one is a module and a line here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'sign',
    summary: 'sign content: a CMS signature out of a key, detached',
    load: async () => (await import('./sign.ts')).signCommand,
  },
  {
    name: 'verify',
    summary: 'verify a CMS signature, and say why it is not good',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'cred verify',
    summary: 'validate a certificate against trusted authorities',
    load: async () => (await import('./cred/verify.ts')).credVerifyCommand,
  },
  {
    name: 'cred inspect',
    summary: 'show what is in a file with keys or certificates',
    load: async () => (await import('./cred/inspect.ts')).inspectCommand,
  },
  {
    name: 'cred convert',
    summary: 'convert PKCS#12 to PEM, PEM to PKCS#12',
    load: async () => (await import('./cred/convert.ts')).convertCommand,
  },
  {
    name: 'cred to-p12',
    summary: 'make PKCS#12 of a key and its certificates',
    load: async () => (await import('./cred/to-p12.ts')).toP12Command,
  },
  {
    name: 'cred to-pem',
    summary: 'make PEM, or take key or certificates out',
    load: async () => (await import('./cred/to-pem.ts')).toPemCommand,
  },
  {
    name: 'cred truststore',
    summary: 'make a truststore for Java',
    load: async () => (await import('./cred/truststore.ts')).truststoreCommand,
  },
  {
    name: 'cred csr',
    summary: 'make a certificate request',
    load: async () => (await import('./cred/csr.ts')).csrCommand,
  },
  {
    name: 'cred keygen',
    summary: 'make a private key',
    load: async () => (await import('./cred/keygen.ts')).keygenCommand,
  },
  {
    name: 'cred match',
    summary: 'say whether key and certificate belong together',
    load: async () => (await import('./cred/match.ts')).matchCommand,
  },
  {
    name: 'cred expires',
    summary: 'say what has expired or will soon',
    load: async () => (await import('./cred/expires.ts')).expiresCommand,
  },
  {
    name: 'pkcs11 modules',
    summary: 'list the modules of smart cards and HSMs',
    load: async () => (await import('./pkcs11/modules.ts')).modulesCommand,
  },
  {
    name: 'pkcs11 slots',
    summary: 'list the tokens that are there',
    load: async () => (await import('./pkcs11/slots.ts')).slotsCommand,
  },
  {
    name: 'pkcs11 objects',
    summary: 'list keys and certificates of a token',
    load: async () => (await import('./pkcs11/objects.ts')).objectsCommand,
  },
  {
    name: 'pkcs11 keygen',
    summary: 'make a key in a token',
    load: async () => (await import('./pkcs11/keygen.ts')).pkcs11KeygenCommand,
  },
  {
    name: 'pkcs11 import',
    summary: 'put certificates into a token',
    load: async () => (await import('./pkcs11/import.ts')).importCommand,
  },
  {
    name: 'pkcs11 delete',
    summary: 'delete keys or certificates of a token',
    load: async () => (await import('./pkcs11/delete.ts')).deleteCommand,
  },
  {
    name: 'pkcs11 test',
    summary: 'sign with a token, and report for a support desk',
    load: async () => (await import('./pkcs11/test.ts')).pkcs11TestCommand,
  },
  {
    name: 'validata test',
    summary: 'prove that Validata signs here; a report to send',
    load: async () => (await import('./validata/test.ts')).validataTestCommand,
  },
  {
    name: 'moex passport',
    summary: 'get a MOEX Passport Token by login and password',
    load: async () => (await import('./moex/passport.ts')).moexPassportCommand,
  },
  {
    name: 'moex token',
    summary: 'get an access token: passport, signature, exchange',
    load: async () => (await import('./moex/token.ts')).moexTokenCommand,
  },
  {
    name: 'moex call',
    summary: 'call an API with the token',
    load: async () => (await import('./moex/call.ts')).moexCallCommand,
  },
  {
    name: 'moex doctor',
    summary: 'examine the way to MOEX, and say where it breaks',
    load: async () => (await import('./moex/doctor.ts')).moexDoctorCommand,
  },
  {
    name: 'clearstream token',
    summary: 'get an access token over mutual TLS',
    load: async () => (await import('./clearstream/token.ts')).clearstreamTokenCommand,
  },
  {
    name: 'clearstream info',
    summary: 'ask the playground for its version',
    load: async () => (await import('./clearstream/info.ts')).clearstreamInfoCommand,
  },
  {
    name: 'clearstream echo',
    summary: 'have the playground say a text again',
    load: async () => (await import('./clearstream/echo.ts')).clearstreamEchoCommand,
  },
  {
    name: 'clearstream call',
    summary: 'call an API with the token',
    load: async () => (await import('./clearstream/call.ts')).clearstreamCallCommand,
  },
  {
    name: 'clearstream doctor',
    summary: 'examine the way to Clearstream, and say where it breaks',
    load: async () => (await import('./clearstream/doctor.ts')).clearstreamDoctorCommand,
  },
  {
    name: 'clearstream onboarding-message',
    summary: 'make or check the MT599 that asks for the API service',
    load: async () => (await import('./clearstream/onboarding-message.ts')).onboardingMessageCommand,
  },
  {
    name: 'token list',
    summary: 'list the access tokens that are kept',
    load: async () => (await import('./token/list.ts')).tokenListCommand,
  },
  {
    name: 'token show',
    summary: 'show what is known of one of them',
    load: async () => (await import('./token/show.ts')).tokenShowCommand,
  },
  {
    name: 'token clear',
    summary: 'forget tokens, and logins that were refused',
    load: async () => (await import('./token/clear.ts')).tokenClearCommand,
  },
  {
    name: 'config check',
    summary: 'explain which settings would be used, and from where',
    load: async () => (await import('./config/check.ts')).configCheckCommand,
  },
  {
    name: 'config init',
    summary: 'write a configuration file to fill in',
    load: async () => (await import('./config/init.ts')).configInitCommand,
  },
  {
    name: 'config schema',
    summary: 'print the JSON schema of configuration files',
    load: async () => (await import('./config/schema.ts')).configSchemaCommand,
  },
  {
    name: 'proxy',
    summary: 'wrap plain HTTP into mutual TLS for other programs',
    load: async () => (await import('./proxy.ts')).proxyCommand,
  },
  {
    name: 'simulate',
    summary: 'run a simulator of a platform, for trying and tests',
    load: async () => (await import('./simulate.ts')).simulateCommand,
  },
  {
    name: 'support',
    summary: 'a web page for converting, tokens, calls, signatures',
    load: async () => (await import('./support.ts')).supportCommand,
  },
  {
    name: 'completion',
    summary: 'complete command lines in bash, zsh, fish or PowerShell',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  {
    name: 'man',
    summary: 'print manual pages',
    load: async () => (await import('./man.ts')).manCommand,
  },
]

/** What the commands of two words are about, by their first. */
export const GROUPS: Readonly<Record<string, string>> = {
  cred: 'keys and certificates in files',
  pkcs11: 'smart cards, tokens and HSMs',
  validata: "Validata's command line",
  moex: "MOEX's Web API",
  clearstream: "Clearstream's API platform",
  token: 'access tokens that are kept',
  config: 'settings of connections',
}

/**
 * Finds the command that the arguments begin with, of one word or two.
 *
 * @returns the command and the arguments after its name; undefined where there is none
 */
export function findCommand(args: readonly string[]): { entry: CommandEntry; rest: string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const entry = COMMANDS.find((command) => command.name === name)
    if (entry !== undefined) return { entry, rest: args.slice(words) }
  }
  return undefined
}

/** The commands of two words that begin with a word: `cred`. */
export function commandsOf(group: string | undefined): CommandEntry[] {
  return COMMANDS.filter(({ name }) => name.startsWith(`${group} `))
}
