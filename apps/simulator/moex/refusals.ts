/** Why the simulator refused something. MOEX does not tell; a test wants to know. */
export type MoexRefusal =
  | 'passport-no-basic'
  | 'passport-fault'
  | 'wrong-password'
  | 'locked'
  | 'form'
  | 'field-missing'
  | 'grant-type'
  | 'client-id'
  | 'client-secret'
  | 'scope'
  | 'passport-token'
  | 'signature-encoding'
  | 'signature-form'
  | 'signature-attached'
  | 'signature-wrong'
  | 'algorithm'
  | 'refresh-token'
  | 'access-token'
  | 'access-scope'

/** Notes a refusal. */
export type Refuse = (reason: MoexRefusal) => void
