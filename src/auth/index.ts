export { type RefusedAnswer, readRefusedAnswer } from './answer.ts'
export { type ApiErrorOptions, apiError } from './api-error.ts'
export { type AuthorizedFetchOptions, authorizedFetch } from './authorized-fetch.ts'
export { type CallOptions, callApi } from './call.ts'
export {
  type ClearstreamCallOptions,
  type ClearstreamClient,
  clearstreamClient,
} from './clearstream/client.ts'
export { CLEARSTREAM_ENVIRONMENTS, type ClearstreamEnvironment } from './clearstream/environments.ts'
export { type ClearstreamCredentials, findClearstreamCredentials } from './clearstream/find-credentials.ts'
export type { ClearstreamOptions } from './clearstream/options.ts'
export type { PlaygroundEcho, PlaygroundInfo } from './clearstream/playground.ts'
export type { HttpClient } from './http-client.ts'
export { type JSONWebKeySet, type JwtKeys, jwtKeys } from './jwks.ts'
export { decodeJwt, type JwtClaims, type VerifyAccessTokenOptions, verifyAccessToken } from './jwt.ts'
export {
  type TokenEvent,
  type TokenManager,
  type TokenManagerOptions,
  type TokenOptions,
  tokenManager,
} from './manager.ts'
export { type MoexCallOptions, type MoexClient, moexClient } from './moex/client.ts'
export { MOEX_ENVIRONMENTS, type MoexEnvironment } from './moex/environments.ts'
export type { MoexFields, MoexFieldValues, MoexTokenField } from './moex/fields.ts'
export type { MoexOptions } from './moex/options.ts'
export { type PassportShape, PassportToken } from './moex/passport-token.ts'
export type { Secret } from './secret.ts'
export { type FileTokenStore, type FileTokenStoreOptions, fileTokenStore } from './store/file-store.ts'
export { memoryTokenStore } from './store/memory-store.ts'
export type { LockOptions, Refusal, TokenEntry, TokenStore } from './store/token-store.ts'
export { requestToken, type TokenRequestOptions } from './token-request.ts'
export { type StoredToken, TokenSet, tokenKeyId } from './token-set.ts'
export type { TokenKey, TokenSource } from './token-source.ts'
