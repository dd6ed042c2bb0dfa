/** Told of each PIN that was tried: the token as a URI, and whether it was right. */
export type TryListener = (tokenUri: string, isRight: boolean) => void

/** By the token's URI. */
const wrongPins = new Map<string, number>()
const listeners = new Set<TryListener>()

/** Wrong PINs that were tried in this process since the last right one. */
export function wrongPinsOf(tokenUri: string): number {
  return wrongPins.get(tokenUri) ?? 0
}

/** Counts a PIN that was tried here, or in a thread or process of ours. */
export function countTry(tokenUri: string, isRight: boolean): void {
  if (isRight) wrongPins.delete(tokenUri)
  else wrongPins.set(tokenUri, wrongPinsOf(tokenUri) + 1)
  for (const listener of listeners) listener(tokenUri, isRight)
}

/** Listens for as long as the process or thread lives. */
export function onTry(listener: TryListener): void {
  listeners.add(listener)
}
