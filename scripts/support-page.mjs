// @ts-check
/** Builds the support page by vite. */
import { join } from 'node:path'
import { root } from './process.mjs'

const source = join(root, 'apps/support/page')

/**
 * @param {string} folder where it goes; what is there is replaced
 */
export async function buildSupportPage(folder) {
  const { build } = await import('vite')
  await build({
    root: source,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    // Else vite looks for settings in the folders above.
    css: { postcss: {} },
    // The scripts that are set to browsers' use.
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      // The CSP has no data: URLs.
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      // Its helper would be loaded first; on loopback there is nothing to win.
      modulePreload: false,
      reportCompressedSize: false,
    },
  })
}
