/** What keeps a module from loading in a browser, found in its text. */
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

/** Names that Node has and a browser has not. */
const NODE_ONLY: ReadonlySet<string> = new Set([
  'Buffer',
  'process',
  'global',
  'require',
  'module',
  'setImmediate',
  'clearImmediate',
  '__dirname',
  '__filename',
])

/** Packages that are plain JavaScript, without a module of Node's, and load quickly enough to be imported at once. */
const PLAIN_PACKAGES = /^@noble\/curves\//

/** What loads a builtin module where there is one, and says so where there is none. */
const CHECKS = /\b(nodeCrypto|needNodeCrypto|builtin|nodeBuffer)\b/

/**
 * Walks the static imports of values from some modules on.
 *
 * @param roots paths of modules
 * @param read text of a module
 * @returns what a browser would stumble over: `src/a.ts: imports node:fs`
 */
export function browserOffences(
  roots: readonly string[],
  read: (path: string) => string,
  base: string,
): { offences: string[]; modules: string[] } {
  const seen = new Set<string>()
  const offences: string[] = []
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    const text = read(path)
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    const name = relative(base, path)
    for (const specifier of valueImports(source)) {
      if (specifier.startsWith('.')) visit(join(dirname(path), specifier))
      else if (!PLAIN_PACKAGES.test(specifier)) offences.push(`${name}: imports ${specifier}`)
    }
    for (const word of nodeWords(source)) offences.push(`${name}: uses ${word}`)
  }
  for (const root of roots) visit(root)
  return { offences, modules: [...seen].map((path) => relative(base, path)) }
}

/** Static imports and exports of values, whole modules among them. */
function valueImports(source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) {
      return isTypeOnly(statement.importClause) ? [] : [textOf(statement.moduleSpecifier)]
    }
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return []
    const { exportClause, isTypeOnly: whole } = statement
    const types = exportClause !== undefined && ts.isNamedExports(exportClause) && allTypes(exportClause)
    return whole || types ? [] : [textOf(statement.moduleSpecifier)]
  })
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { name, namedBindings } = clause
  return name === undefined && namedBindings !== undefined && ts.isNamedImports(namedBindings)
    ? allTypes(namedBindings)
    : false
}

function allTypes({ elements }: ts.NamedImports | ts.NamedExports): boolean {
  return elements.length > 0 && elements.every((element) => element.isTypeOnly)
}

function textOf(specifier: ts.Expression): string {
  return ts.isStringLiteral(specifier) ? specifier.text : specifier.getText()
}

/** Node's own names where they are values, unless the module has its own of the name. */
function nodeWords(source: ts.SourceFile): string[] {
  const found: string[] = []
  const own = new Set<string>()
  const checked = CHECKS.test(source.text)
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return
    if (ts.isBindingElement(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      if (ts.isIdentifier(node.name)) own.add(node.name.text)
    }
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'globalThis') {
      const { text } = node.name
      const optional = ts.isPropertyAccessChain(node.parent) && node.parent.questionDotToken !== undefined
      if (NODE_ONLY.has(text) && !optional && !checked) {
        found.push(`globalThis.${text} without a check`)
      }
    }
    if (ts.isIdentifier(node) && NODE_ONLY.has(node.text) && isBareValue(node)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found.filter((word) => !own.has(word))
}

function isBareValue(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isTypeOfExpression(parent)) return false
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  const named = parent as { name?: ts.Node; propertyName?: ts.Node }
  return named.name !== node && named.propertyName !== node
}
