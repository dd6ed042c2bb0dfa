/** `npm run bench`: one table of how long it takes, beside others, and whether the targets are met. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { compare } from './measure.mjs'
import * as coldStart from './scenarios/cold-start.mjs'
import * as gost from './scenarios/gost.mjs'
import * as http from './scenarios/http.mjs'
import * as largeFile from './scenarios/large-file.mjs'
import { derive, open, openBesideForge, openSlow } from './scenarios/open-pkcs12.mjs'
import * as path from './scenarios/path.mjs'
import * as pkcs11 from './scenarios/pkcs11.mjs'
import * as proxy from './scenarios/proxy.mjs'
import { read } from './scenarios/read.mjs'
import { signMany, signOne } from './scenarios/sign.mjs'
import * as validata from './scenarios/validata.mjs'
import { verifyMet, verifyNew } from './scenarios/verify.mjs'
import { table } from './table.mjs'

const USAGE = `usage: npm run bench -- [--quick] [--only NAME] [--json]
  --quick      a fraction of the time and of the file: to see that it works
  --only NAME  scenarios whose name contains this
  --json       the rows as JSON: seconds and bytes
  --list       names of the scenarios
`
const KEYS = ['RSA-2048', 'RSA-4096', 'P-256', 'Ed25519']
const VERIFIED = ['RSA-2048', 'P-256', 'Ed25519']
const PROTECTIONS = ['AES', '3DES']
const GOST_BITS = [256, 512]
const MANY = 600_000

/** @type {{ name: string, of?: import('./measure.mjs').Measure, contestants: (size: object) => Promise<object[]>,
 *   rounds?: string }[]} */
const scenarios = [
  ...KEYS.map((type) => ({ name: `sign, one at a time, ${type}`, contestants: () => signOne(type) })),
  ...KEYS.map((type) => ({
    name: `sign, many in flight, ${type}`,
    of: 'rate',
    contestants: () => signMany(type),
  })),
  ...VERIFIED.map((type) => ({
    name: `verify, signer met before, ${type}`,
    contestants: () => verifyMet(type),
  })),
  ...VERIFIED.map((type) => ({
    name: `verify, signer new, ${type}`,
    contestants: (size) => verifyNew(type, size),
  })),
  { name: 'read, RSA-2048', contestants: () => read('RSA-2048') },
  ...PROTECTIONS.flatMap((protection) => [
    ...[2048, 10_000].map((iterations) => ({
      name: `open a P12, ${protection}, ${iterations.toLocaleString('en')} iterations`,
      contestants: () => open(protection, iterations),
    })),
    {
      name: `open a P12, ${protection}, ${MANY.toLocaleString('en')} iterations`,
      contestants: () => openSlow(protection, MANY),
      rounds: 'slowRounds',
    },
    {
      name: `open a P12, ${protection}, 2,048 iterations, beside node-forge`,
      of: 'rate',
      contestants: () => openBesideForge(protection, 2048),
    },
  ]),
  { name: 'PKCS#12 key derivation', of: 'rate', contestants: () => derive(MANY), rounds: 'slowRounds' },
  ...GOST_BITS.flatMap((bits) => [
    {
      name: `Streebog-${bits}`,
      of: 'rate',
      contestants: (size) => gost.hash(bits, size),
      rounds: 'gostRounds',
    },
    { name: `sign, GOST R 34.10-2012, ${bits}`, contestants: () => gost.sign(bits), rounds: 'gostRounds' },
    {
      name: `verify, GOST R 34.10-2012, ${bits}`,
      contestants: () => gost.verify(bits),
      rounds: 'gostRounds',
    },
  ]),
  { name: 'sign by Validata', contestants: validata.sign },
  ...[1, 4].map((sessions) => ({
    name: `sign in a token, RSA-2048, ${sessions} at once`,
    of: 'rate',
    contestants: () => pkcs11.sign(sessions),
  })),
  { name: 'slow token, longest stop', contestants: pkcs11.blocking, rounds: 'tokenRounds' },
  { name: 'path, parsed before', contestants: path.warm },
  { name: 'path, from PEM', contestants: path.cold },
  { name: 'path, among 226 intermediates', contestants: path.among },
  { name: 'path, hostile graphs', contestants: path.hostile },
  ...[1, 16].map((inFlight) => ({
    name: `call an API over mutual TLS, ${inFlight} at once`,
    of: 'rate',
    contestants: () => http.call(inFlight),
  })),
  { name: 'look up a token', contestants: http.lookUp },
  {
    name: 'proxy, 32 connections',
    of: 'rate',
    contestants: proxy.rate,
    rounds: 'proxyRounds',
  },
  ...['median', 'most'].map((which) => ({
    name: `proxy, one connection, ${which === 'median' ? 'median' : '99 % within'}`,
    contestants: (size) => proxy.latency(which, size),
    rounds: 'proxyRounds',
  })),
  { name: 'proxy, memory', of: 'memory', contestants: proxy.memory, rounds: 'slowRounds' },
  { name: 'from a cold start to a token', contestants: coldStart.token, rounds: 'tokenRounds' },
  { name: 'large file, speed', of: 'rate', contestants: largeFile.speed, rounds: 'speedRounds' },
  { name: 'large file, memory', of: 'memory', contestants: largeFile.memory, rounds: 'memoryRounds' },
]

const FULL = {
  seconds: 6,
  rounds: 15,
  slowRounds: 7,
  gostRounds: 25,
  tokenRounds: 7,
  proxyRounds: 15,
  speedRounds: 40,
  memoryRounds: 5,
  certificates: 2000,
  hashed: 2 ** 20,
  bytes: 2 ** 30,
}
const QUICK = {
  seconds: 0.2,
  rounds: 3,
  slowRounds: 1,
  gostRounds: 2,
  tokenRounds: 1,
  proxyRounds: 2,
  speedRounds: 2,
  memoryRounds: 1,
  certificates: 600,
  hashed: 2 ** 16,
  bytes: 2 ** 25,
}

async function main() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      json: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return print(USAGE)
  if (values.list) return print(`${scenarios.map(({ name }) => name).join('\n')}\n`)
  const chosen = scenarios.filter(({ name }) => name.includes(values.only ?? ''))
  if (chosen.length === 0) return misused(`no scenario has ${values.only} in its name; --list names them`)
  const size = values.quick ? QUICK : FULL
  const rows = []
  for (const [i, scenario] of chosen.entries()) {
    process.stderr.write(`${i + 1} of ${chosen.length}: ${scenario.name} ...\n`)
    rows.push(...(await measured(scenario, size)))
  }
  print(values.json ? `${JSON.stringify({ machine, rows }, undefined, 2)}\n` : report(rows))
}

function print(text) {
  process.stdout.write(text)
}

function misused(message) {
  process.stderr.write(`sealkit bench: ${message}\n`)
  process.exitCode = 2
}

async function measured({ name, of = 'time', contestants: make, rounds }, size) {
  const contestants = await make(size)
  const effort = rounds === undefined ? size : { seconds: 0, rounds: size[rounds] }
  const results = await compare(contestants, of, effort)
  return contestants.map((contestant) => {
    const result = results.find((other) => other.name === contestant.name)
    return { scenario: name, contestant: contestant.name, of, ...figures(contestant, result) }
  })
}

function figures({ cannot, target, bytes }, result) {
  const { most, least, is } = target ?? {}
  const bound = is ?? (most === undefined ? `>= ${least}` : `<= ${most}`)
  const ratio = result?.ratio ?? null
  return {
    median: result?.median ?? null,
    quartiles: result?.quartiles ?? null,
    ratio,
    rounds: result?.rounds ?? null,
    memory: result?.memory ?? null,
    target: target === undefined ? null : bound,
    met: target === undefined || ratio === null ? null : isMet(target, result),
    bytes: bytes ?? null,
    cannot: cannot ?? null,
  }
}

function isMet({ most, least, within }, { ratio, median }) {
  if (within !== undefined) return median <= within
  return most === undefined ? ratio >= least : ratio <= most
}

const machine = {
  cores: availableParallelism(),
  node: process.versions.node,
  openssl: process.versions.openssl,
}

function report(rows) {
  const missed = rows.filter(({ met }) => met === false).length
  const targets = rows.filter(({ met }) => met !== null).length
  const { cores, node, openssl } = machine
  return `sealkit on Node ${node} with OpenSSL ${openssl}, ${cores} cores; each ratio is to the first line of its group

${table(rows)}
${targets - missed} of ${targets} targets met
`
}

await main()
