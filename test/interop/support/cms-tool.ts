/** The Bouncy Castle process (see cms-tool/CmsTool.java). */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bouncyCastleJars } from '../../support/tools.ts'
import { JavaTool } from './java-tool.ts'

const folder = fileURLToPath(new URL('./cms-tool', import.meta.url))

export function startCmsTool(): Promise<JavaTool> {
  const sources = readdirSync(folder).map((name) => join(folder, name))
  return JavaTool.start({ name: 'cms-tool', main: 'CmsTool', sources, jars: bouncyCastleJars })
}
