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

const NAMES = 'test/contract/names.test.ts';
const PATTERN = [NAMES, 'test/blue-green-python-pipeline.test.ts', 'test/docs/pains.test.ts', 'test/docs/security.test.ts'];
const COMPOSITION = 'test/contract/composition.test.ts';
const BAD_INPUT = 'test/contract/bad-input.test.ts';

/** Twenty seconds for a mutant that they do not see. */
const ROLES = ['test/judges/iam/roles.test.ts', 'test/judges/iam/artifacts.test.ts'];

const SERVICE = [
  'blue-green-service', 'bootstrap-image', 'deployment-hooks', 'traffic-shift',
  'private/service-options', 'private/stack-tags-check', 'private/target-group-metrics', 'private/load-balancer/load-balancing',
  'private/release/code-deploy-engine', 'private/release/error-alarms', 'private/release/rollback-alarm-set', 'private/release/task-definition-template',
  'private/task/container', 'private/task/execute-command', 'private/task/scaling',
].map((name) => `test/service/${name}.test.ts`);

/** Runs the program, as `judge` does: seconds for a mutant that it does not see, so it comes last. */
const BUILD = 'test/ci/build.test.ts';
const CI = [
  'private/build-images', 'private/build-program', 'private/dynamic-references', 'private/project-warnings', 'private/release-check', 'private/seed-directory', 'choices', 'private/sources/connection-source', 'pipeline-source', 'python-ci-pipeline',
  'private/sources/s3-source', 'stages',
].map((name) => `test/ci/${name}.test.ts`);

const ALERTS = ['test/alerts/*.test.ts', 'test/contract/alerts/mails.test.ts'];
const NETWORK = ['test/network/*.test.ts', 'test/network/private/*.test.ts'];

export const ROOMS: { readonly [room: string]: Room } = {
  'alerts': {
    mutate: ['src/alerts/**/*.ts', 'src/private/console-links.ts', 'src/finding-severity.ts'],
    tests: ALERTS,
    further: [BAD_INPUT, NAMES, 'test/ci/stages.test.ts', 'test/ci/private/sources/s3-source.test.ts', BUILD],
  },
  'service': { mutate: ['src/service/*.ts'], tests: SERVICE, further: [NAMES, BAD_INPUT], sample: 4 },
  'service/private': {
    mutate: ['src/service/private/**/*.ts', '!src/service/private/service-options.ts'],
    tests: SERVICE,
    further: [NAMES, 'test/network/private/private-endpoints.test.ts', BAD_INPUT],
    sample: 5,
  },
  'network': { mutate: ['src/network/**/*.ts'], tests: [...NETWORK, BAD_INPUT], further: PATTERN },
  'ci': { mutate: ['src/ci/*.ts'], tests: [...CI, BUILD], further: [NAMES, BAD_INPUT] },
  'ci/private': {
    mutate: ['src/ci/private/**/*.ts', '!src/ci/private/project-validation.ts'],
    tests: [...CI, BUILD],
    further: ['test/ci/private/build-spec-size.test.ts', NAMES, BAD_INPUT],
    sample: 4,
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
      'test/service/private/service-options.test.ts', 'test/service/traffic-shift.test.ts', COMPOSITION, ...NETWORK, ...CI,
      'test/service/private/load-balancer/load-balancing.test.ts', BAD_INPUT, ...ROLES, 'test/blue-green-python-pipeline.test.ts',
      'test/service/bootstrap-image.test.ts', 'test/service/private/*.test.ts', 'test/service/private/release/*.test.ts',
      'test/service/private/task/*.test.ts',
    ],
    sample: 2,
  },
  'platform': { mutate: ['src/platform/**/*.ts'], tests: ['test/platform/*.test.ts', BAD_INPUT], further: PATTERN },
  'dashboard': { mutate: ['src/dashboard/**/*.ts'], tests: ['test/dashboard/*.test.ts'], further: [] },
  'pattern': { mutate: ['src/*.ts', '!src/finding-severity.ts'], tests: PATTERN, further: [BAD_INPUT, COMPOSITION, ...ALERTS] },
  'template-checks': {
    mutate: ['src/template-checks/**/*.ts'],
    tests: ['test/template-checks/rules.test.ts', 'test/template-checks/template-checks.test.ts'],
    // `any-template` tries other values at each run, and takes half a minute for a mutant
    further: [],
    sample: 14,
  },
};
