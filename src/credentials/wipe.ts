/** Overwrites what held a secret. Views are overwritten in what they cover: never give the caller's bytes. */
export function wipe(...secrets: (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0)
}
