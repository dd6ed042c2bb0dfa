/** What vite makes of a worker's name: the address of its script. */
declare module '*?worker&url' {
  const url: string

  // biome-ignore lint/style/noDefaultExport: vite's way
  export { url as default }
}
