import { jwtKeys } from '../../../src/auth/jwks.ts'
import { type JwtClaims, verifyAccessToken } from '../../../src/auth/jwt.ts'
import { type OpenedClearstream, openClearstream } from '../../clients/index.ts'
import { CLIENT_EXIT_CODES, clientOptions, TOKEN_USE } from '../client/options.ts'
import { withClient } from '../client/session.ts'
import { printToken, TOKEN_OUTPUT, unverifiedClaims } from '../client/token-output.ts'
import type { Command } from '../command.ts'
import { ExitCode } from '../exit-codes.ts'

export const clearstreamTokenCommand: Command = {
  name: 'clearstream token',
  summary: "Gets an access token for Clearstream's APIs, and prints it.",
  usage: ['[--profile NAME] [--fresh] [--json] [OPTION...]'],
  description: [
    'By user name and password over mutual TLS. A token that is cached and still good for a while is printed without asking anyone. Claims are shown as unverified, or verified where --jwks names the keys.',
  ],
  groups: clientOptions('clearstream', { output: TOKEN_OUTPUT, token: [TOKEN_USE] }),
  examples: [
    {
      title: "With Xact's files",
      command: 'sealkit clearstream token --credentials keystores --environment occt',
    },
    { title: 'For other scopes', command: 'sealkit clearstream token --scope "allow reporting-v1"' },
    { title: 'For a support desk', command: 'sealkit clearstream token --fresh --bundle clearstream.txt' },
  ],
  exitCodes: { ...CLIENT_EXIT_CODES, good: 'the token is printed' },
  noArguments: 'the profile is named by --profile',
  run: (args, context) =>
    withClient(
      { platform: 'clearstream', open: openClearstream },
      args,
      context,
      async ({ opened, output, signal, progress }) => {
        const { client } = opened
        progress.start('waiting for a token')
        const token = await client.token({ signal, fresh: args.has('fresh') })
        const json = args.has('json')
        const claims = json
          ? ((await verified(opened, token.accessToken)) ?? unverifiedClaims(token))
          : undefined
        progress.stop()
        await printToken(token, client.tokens.key, { output, json, claims })
        return ExitCode.good
      },
    ),
}

/** The claims, where there are keys to verify them with. */
async function verified({ jwks, http }: OpenedClearstream, token: string): Promise<JwtClaims | undefined> {
  return jwks === undefined ? undefined : await verifyAccessToken(token, { keys: jwtKeys(jwks, http.fetch) })
}
