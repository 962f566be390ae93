/** The tests of one room, by which its mutants are tried. */
module.exports = {
  rootDir: '../../..',
  testMatch: (process.env.MUTATION_TESTS ?? 'test/**/*.test.ts').split(',').map((pattern) => `<rootDir>/${pattern}`),
  setupFiles: ['<rootDir>/test/setup.ts'],
  testTimeout: 60_000,
  testRunner: require.resolve('./quick-jest-circus.js'),
  testEnvironment: require.resolve('./quick-environment.js'),
  testSequencer: require.resolve('./in-order.js'),
  // a mutant need not have correct types
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
};
