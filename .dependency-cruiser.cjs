/**
 * Who may import whom: contract ← db ← services ← api ← web; worker → services, db; web → sdk;
 * sdk → contract. Everything is an error: a direction that is broken once is soon no direction.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */

const OURS = ['contract', 'db', 'services', 'api', 'sdk', 'sandbox'];

/** A rule that lets `from` import no other package of ours than `allowed`. */
function only(from, allowed, because, { to = {} } = {}) {
  const name = from.split('/').at(-1);
  const forbidden = OURS.filter((other) => other !== name && !allowed.includes(other));
  return {
    name: `${name}-imports-only-${allowed.length > 0 ? allowed.join('-') : 'none-of-ours'}`,
    comment: because,
    severity: 'error',
    // Tests may use whatever they need to set the stage.
    from: { path: `^${from}/`, pathNot: '/test/|\\.test\\.tsx?$' },
    to: { path: `^packages/(${forbidden.join('|')})/`, ...to },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'In a cycle no part can be understood, tested or replaced without all the others.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-app-is-imported',
      comment:
        'Apps wire things together and read the environment; what others need belongs in a package.',
      severity: 'error',
      from: { pathNot: '^apps/([^/]+)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-app-imports-another',
      comment: 'Web and worker are deployed apart; what both need belongs in a package.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-relative-import-across-packages',
      comment:
        'It goes round the exports of the other package, and round the check of its manifest.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[^/]+|e2e|scripts)/' },
      to: {
        path: '^(packages|apps|e2e|scripts)/',
        pathNot: '^$1/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased', 'aliased-workspace'],
      },
    },
    only(
      'packages/contract',
      [],
      'The contract is the leaf that everyone shares, browsers included.',
    ),
    {
      name: 'contract-needs-zod-alone',
      comment: 'What the contract needs, the SDK, the browser and every server have to carry.',
      severity: 'error',
      from: { path: '^packages/contract/src/' },
      to: { pathNot: ['^packages/contract/', '/node_modules/zod/'] },
    },
    only(
      'packages/db',
      ['contract'],
      'The rules live in SQL; what calls them knows nothing of the outside world.',
    ),
    only(
      'packages/services',
      ['contract', 'db'],
      'Services are used by web and worker alike, so they know no transport.',
    ),
    only(
      'packages/api',
      ['contract', 'db', 'services'],
      'The API carries requests to services and answers back.',
    ),
    only(
      'packages/sdk',
      ['contract', 'api'],
      'The SDK is published; it contains the contract and nothing of the server.',
    ),
    {
      name: 'sdk-takes-only-types-of-the-api',
      comment: "A value imported from the API would put server code into customers' bundles.",
      severity: 'error',
      from: { path: '^packages/sdk/src/' },
      to: { path: '^packages/api/', dependencyTypesNot: ['type-only'] },
    },
    only(
      'packages/sandbox',
      [],
      'A stand-in that shares code with us would share our mistakes about the real one.',
    ),
    only(
      'apps/web',
      ['contract', 'db', 'services', 'api', 'sdk'],
      'The web app meets the stand-ins on the wire, like the real ones.',
    ),
    only(
      'apps/worker',
      ['contract', 'db', 'services'],
      "The worker calls services; requests are the web app's.",
    ),
    {
      name: 'nothing-from-tests',
      comment: 'What the product needs is no test code, and would not be deployed.',
      severity: 'error',
      from: { pathNot: '/test/|\\.test\\.tsx?$|^e2e/|^scripts/test/' },
      to: { path: '/test/|\\.test\\.tsx?$', pathNot: 'node_modules' },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Generated or built: not ours to arrange.
    exclude: { path: ['/generated/', '/\\.next', '/dist/', 'next-env\\.d\\.ts$'] },
    // Types count as well: a type imported the wrong way is a dependency all the same.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
