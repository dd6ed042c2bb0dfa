/** A field of the token request by the guide's name. */
export type MoexTokenField =
  | 'grant_type'
  | 'grant_type_moex'
  | 'scope'
  | 'client_id'
  | 'client_secret'
  | 'certificate'
  | 'algorithm'
  | 'signature'

/** In the guide's order. */
const TOKEN_FIELDS: readonly MoexTokenField[] = [
  'grant_type',
  'grant_type_moex',
  'scope',
  'client_id',
  'client_secret',
  'certificate',
  'algorithm',
  'signature',
]

/** Other values of fields: the grant, and the words for the algorithms. */
export interface MoexFieldValues {
  /** Default `password`. */
  grant_type?: string | undefined
  /** Default `passport`. */
  grant_type_moex?: string | undefined
  /** Default `RSA`. */
  RSA?: string | undefined
  /** Default `GOST`. */
  GOST?: string | undefined
}

/** What differs from the guide: names and values that a server wants otherwise. */
export interface MoexFields {
  /** The cookie with the MOEX Passport Token. Default `MicexPassportCert`; a JSON body's field is named so too. */
  cookie?: string | undefined
  /** The header of the MOEX Passport's answer that says granted or denied. Default `X-MicexPassport-Marker`. */
  marker?: string | undefined
  /** Other names for fields of the token request: `{ certificate: 'passport_token' }`. */
  names?: Readonly<Partial<Record<Exclude<MoexTokenField, 'grant_type'>, string>>> | undefined
  values?: MoexFieldValues | undefined
  /** Further fields of the token request. Not for secrets: they stand in traces. */
  more?: Readonly<Record<string, string>> | undefined
}

/** The token request's fields with their final names, ready to be form-encoded. */
export function tokenForm(
  values: Readonly<Record<MoexTokenField, string>>,
  fields: MoexFields,
): URLSearchParams {
  const form = new URLSearchParams()
  for (const field of TOKEN_FIELDS)
    form.set(field === 'grant_type' ? field : (fields.names?.[field] ?? field), values[field])
  for (const [name, value] of Object.entries(fields.more ?? {})) form.set(name, value)
  return form
}
