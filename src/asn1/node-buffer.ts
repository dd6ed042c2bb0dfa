/** Node's Buffer, where the code runs in Node: what it does at once takes others a loop. Undefined in a browser. */
export const nodeBuffer: typeof Buffer | undefined = (globalThis as { Buffer?: typeof Buffer }).Buffer
