/** The tests of one room, by which its mutants are tried. */
module.exports = {
  rootDir: '../..',
  testMatch: (process.env.MUTATION_TESTS ?? 'test/**/*.test.ts').split(',').map((pattern) => `<rootDir>/${pattern}`),
  setupFiles: ['<rootDir>/test/setup.ts'],
  testTimeout: 60_000,
  testRunner: require.resolve('./quick-jest-circus.js'),
  testEnvironment: require.resolve('./quick-environment.js'),
  testSequencer: require.resolve('./in-order.js'),
  // a mutant need not have correct types
  transform: { '^.+\\.[t]sx?$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', isolatedModules: true, diagnostics: false }] },
};
