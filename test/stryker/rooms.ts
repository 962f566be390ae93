/** The rooms of `src`, and the tests that try their mutants: a whole suite for each mutant would take days. */
export const ROOMS: { readonly [room: string]: { readonly mutate: string[]; readonly tests: string[] } } = {
  alerts: { mutate: ['src/alerts/**/*.ts', 'src/private/console-links.ts'], tests: ['test/alerts/*.test.ts'] },
  network: { mutate: ['src/network/**/*.ts'], tests: ['test/network/*.test.ts'] },
  platform: { mutate: ['src/platform/**/*.ts'], tests: ['test/platform/*.test.ts'] },
};
