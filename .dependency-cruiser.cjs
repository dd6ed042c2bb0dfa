// @ts-check
/**
 * The floors of the house, as rules. A room imports from floors below its own and from itself, never from a
 * neighbour. What is not allowed by the table below is an error, so a new room must be entered here first.
 */

/** Floor by floor, from below: [folder or file, what it may import besides itself]. */
const asn1 = 'src/asn1/'
const errors = 'src/errors.ts'
const floor0 = [asn1, errors]
const floor1 = [...floor0, 'src/algorithms/']
const floor2 = [...floor1, 'src/x509/']
const floor3 = [...floor2, 'src/cms/', 'src/credentials/', 'src/path/']
const floor4 = [...floor3, 'src/signer/', 'src/inspect/', 'src/trust/']
const floor5 = [...floor4, 'src/http/']
const wholeSource = ['src/']
const providers = ['software', 'pkcs11', 'validata'].map((name) => `providers/${name}/`)
const parts = ['clients', 'simulator', 'proxy'].map((name) => `apps/${name}/`)
const doctor = 'apps/doctor/'
const support = 'apps/support/'
const programs = ['cli', 'demo'].map((name) => `apps/${name}/`)

/** @type {readonly (readonly [room: string, allowed: readonly string[]])[]} */
const rooms = [
  [errors, []],
  [asn1, [errors]],
  ['src/algorithms/', floor0],
  ['src/x509/', floor1],
  ['src/cms/', floor2],
  ['src/credentials/', floor2],
  ['src/path/', floor2],
  ['src/signer/', floor3],
  ['src/inspect/', floor3],
  ['src/trust/', floor3],
  ['src/http/', floor4],
  ['src/auth/', floor5],
  ['src/config/', floor5],
  ['src/onboarding/', [errors]],
  ['src/index.ts', wholeSource],
  ...providers.map((room) => /** @type {const} */ ([room, floor4])),
  ['providers/open.ts', [...floor4, ...providers]],
  ['providers/open-signer.ts', [...floor4, ...providers, 'providers/open.ts']],
  ['providers/index.ts', ['providers/open.ts', 'providers/open-signer.ts']],
  ...parts.map((room) => /** @type {const} */ ([room, [...wholeSource, 'providers/']])),
  [doctor, [...wholeSource, 'providers/', 'apps/clients/']],
  [support, [...wholeSource, 'providers/', 'apps/clients/', doctor]],
  ...programs.map(
    (room) => /** @type {const} */ ([room, [...wholeSource, 'providers/', ...parts, doctor, support]]),
  ),
]

/** @param {readonly string[]} paths */
const startsWith = (paths) => `^(${paths.map((path) => path.replaceAll('.', '\\.')).join('|')})`

const house = '^(src|providers|apps|test|bench|examples|scripts)/'

const floorRules = rooms.map(([room, allowed]) => ({
  name: `floor: ${room}`,
  severity: /** @type {const} */ ('error'),
  comment: `${room} may import from ${allowed.length === 0 ? 'nothing' : allowed.join(', ')} and from itself`,
  from: { path: startsWith([room]) },
  to: { path: house, pathNot: startsWith([room, ...allowed]) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...floorRules,
    {
      name: 'room not in the table',
      severity: 'error',
      comment: 'enter the room in .dependency-cruiser.cjs: which floor is it on?',
      from: { path: '^(src|providers|apps)/', pathNot: startsWith(rooms.map(([room]) => room)) },
      to: {},
    },
    {
      name: 'no circular imports',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'declared dependencies only',
      severity: 'error',
      comment:
        'what the package needs to run stands under "dependencies" in package.json; pkcs11js, an optional peer, is loaded in one place',
      from: { path: '^(src|providers|apps)/', pathNot: '^providers/pkcs11/cryptoki/load\\.ts$' },
      to: {
        dependencyTypes: [
          'npm-dev',
          'npm-optional',
          'npm-peer',
          'npm-bundled',
          'npm-no-pkg',
          'npm-unknown',
          'undetermined',
          'unknown',
        ],
      },
    },
    {
      name: 'everything resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/typescript|node_modules/@types)/' },
    // Types count: a type from above is knowledge of what is above.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
