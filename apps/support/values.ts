/** Settings and secrets by the names of the configuration: `username`, `key-password`. */
export type Values = Readonly<Record<string, string>>
