/** Who may import whom (the README's 'How it is laid out'). */
const onlyTo = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|ocpi-modules|ocpp-adapters|test|bench)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    onlyTo('domain-is-pure', '^src/domain/', ['^src/domain/'], 'the domain imports only the domain'),
    {
      name: 'domain-does-no-io',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util)$' },
    },
    onlyTo('ports-know-the-domain', '^src/ports\\.ts$', ['^src/domain/']),
    onlyTo('app-uses-ports', '^src/app/', ['^src/domain/', '^src/app/', '^src/ports\\.ts$']),
    onlyTo('storage-is-a-driver', '^src/storage/', ['^src/domain/', '^src/ports\\.ts$', '^src/storage/']),
    onlyTo('pki-is-a-driver', '^src/pki/', ['^src/domain/', '^src/ports\\.ts$', '^src/pki/']),
    onlyTo('queue-is-a-driver', '^src/queue/', ['^src/domain/', '^src/ports\\.ts$', '^src/queue/']),
    onlyTo('ocpp-is-an-edge', '^ocpp-adapters/', ['^src/domain/', '^src/app/', '^src/ports\\.ts$', '^ocpp-adapters/']),
    onlyTo('ocpi-is-an-edge', '^ocpi-modules/', ['^src/domain/', '^src/app/', '^src/ports\\.ts$', '^ocpi-modules/']),
    {
      name: 'versions-stay-apart',
      comment: 'an OCPP version folder is known only to itself and to the table of versions',
      severity: 'error',
      from: { path: '^ocpp-adapters/([^/]+)', pathNot: '^ocpp-adapters/version-table\\.ts$' },
      to: { path: '^ocpp-adapters/(1\\.6|2\\.1)/', pathNot: '^ocpp-adapters/$1/' },
    },
    {
      name: 'ocpp-2.1-overrides-2.0.1',
      severity: 'error',
      from: { path: '^ocpp-adapters/', pathNot: ['^ocpp-adapters/version-table\\.ts$', '^ocpp-adapters/2\\.'] },
      to: { path: '^ocpp-adapters/2\\.0\\.1/' },
    },
    {
      name: 'product-needs-no-tests',
      severity: 'error',
      from: { path: '^(src|ocpi-modules|ocpp-adapters)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^(src|ocpi-modules|ocpp-adapters)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '@types' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
