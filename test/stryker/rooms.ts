/** A part of `src`, and the tests that try its mutants: the whole suite for each of them would take days. */
export interface Room {
  readonly mutate: string[];
  /** The room's own tests. */
  readonly tests: string[];
  /** Further quick tests, which try what the room's own let through. */
  readonly further: string[];
  /** Only each n-th ten lines are tried, for a room that would take too long. */
  readonly sample?: number;
}

const NAMES = 'test/names.test.ts';
const PATTERN = [NAMES, 'test/blue-green-python-pipeline.test.ts', 'test/pains.test.ts', 'test/security.test.ts'];
const BAD_INPUT = 'test/bad-input.test.ts';

/** Twenty seconds for a mutant that they do not see. */
const ROLES = ['test/iam/roles.test.ts', 'test/iam/artifacts.test.ts'];

/** `smoke-test-handler` tries an asset, which is no part of `src`. */
const SERVICE = [
  'blue-green-service', 'deployment-hooks', 'operations', 'traffic-shift',
  'private/service-options', 'private/load-balancer/load-balancing', 'private/release/task-definition-template',
].map((name) => `test/service/${name}.test.ts`);

/** Runs the packed program, as `judge` does: seconds for a mutant that it does not see, so it comes last. */
const BUILD = 'test/ci/build.test.ts';
const CI = [
  'bind-options', 'build-images', 'choices', 'connection-source', 'pipeline-source', 'python-ci-pipeline', 's3-source', 'stages',
].map((name) => `test/ci/${name}.test.ts`);

export const ROOMS: { readonly [room: string]: Room } = {
  'alerts': {
    mutate: ['src/alerts/**/*.ts', 'src/private/console-links.ts', 'src/finding-severity.ts'],
    tests: ['test/alerts/*.test.ts'],
    further: [BAD_INPUT, NAMES, 'test/ci/stages.test.ts', 'test/ci/s3-source.test.ts', BUILD],
  },
  'service': { mutate: ['src/service/*.ts'], tests: SERVICE, further: [NAMES, BAD_INPUT], sample: 4 },
  'service/private': {
    mutate: ['src/service/private/**/*.ts', '!src/service/private/service-options.ts'],
    tests: SERVICE,
    further: [NAMES, 'test/network/private-endpoints.test.ts', BAD_INPUT],
    sample: 5,
  },
  'network': { mutate: ['src/network/**/*.ts'], tests: ['test/network/*.test.ts', BAD_INPUT], further: PATTERN },
  'ci': { mutate: ['src/ci/*.ts'], tests: [...CI, BUILD], further: [NAMES, BAD_INPUT] },
  'ci/private': {
    mutate: ['src/ci/private/**/*.ts', '!src/ci/private/project-validation.ts'], tests: [...CI, BUILD], further: [NAMES, BAD_INPUT], sample: 4,
  },
  'validations': {
    mutate: ['src/service/private/service-options.ts', 'src/ci/private/project-validation.ts', 'src/private/validation.ts', 'src/private/errors.ts'],
    tests: [BAD_INPUT, 'test/service/private/service-options.test.ts'],
    further: [],
    sample: 3,
  },
  'private': {
    mutate: ['src/private/*.ts', '!src/private/console-links.ts', '!src/private/validation.ts', '!src/private/errors.ts'],
    tests: ['test/private/*.test.ts', NAMES],
    further: [
      'test/service/private/service-options.test.ts', 'test/service/traffic-shift.test.ts', 'test/composition.test.ts', 'test/network/*.test.ts', ...CI,
      'test/service/private/load-balancer/load-balancing.test.ts', BAD_INPUT, ...ROLES, 'test/blue-green-python-pipeline.test.ts', 'test/service/operations.test.ts',
    ],
    sample: 2,
  },
  'platform': { mutate: ['src/platform/**/*.ts'], tests: ['test/platform/*.test.ts', BAD_INPUT], further: PATTERN },
  'dashboard': { mutate: ['src/dashboard/**/*.ts'], tests: ['test/dashboard/*.test.ts'], further: [] },
  'pattern': { mutate: ['src/*.ts', '!src/finding-severity.ts'], tests: PATTERN, further: [BAD_INPUT, 'test/composition.test.ts', 'test/alerts/*.test.ts'] },
  'template-checks': {
    mutate: ['src/template-checks/**/*.ts'],
    tests: ['test/template-checks/rules.test.ts', 'test/template-checks/template-checks.test.ts'],
    // `any-template` tries other values at each run, and takes half a minute for a mutant
    further: [],
    sample: 14,
  },
};
