import { Construct } from 'constructs';
import { requireService, TEST_SERVICE_NAME, variablePrefix } from './private/test-services';
import {
  ContainerTestServiceOptions, KnownTestServiceOptions, PostgresTestServiceOptions, TestServiceBindOptions,
  TestServiceConfig, TestServiceOptions,
} from './test-service-options';
import { describeType, fail } from '../private/errors';
import {
  confidential, DURATION, Kinds, KindsOf, list, map, markStrategy, NUMBER, required, requireKind, requireOptions,
  STRING,
} from '../private/kinds';
import { isPlain } from '../private/known-names';
import { requirePattern } from '../private/validation';

const NONE: { [name: string]: string } = {};

/** Variables of the image that the tests could not follow, with what to do instead. */
const FIXED_BY_POSTGRES: { readonly [name: string]: string } = {
  POSTGRES_USER: "the user is 'postgres': create other users in the tests",
  POSTGRES_DB: "set 'databaseName'",
  POSTGRES_PASSWORD: 'each build generates the password: read it from the variables of the tests',
  POSTGRES_USER_FILE: "the user is 'postgres': create other users in the tests",
  POSTGRES_DB_FILE: "set 'databaseName'",
  POSTGRES_PASSWORD_FILE: 'each build generates the password: read it from the variables of the tests',
  PGDATA: 'the data is in memory: remove it',
  PGPORT: 'the tests get a free port of the build: remove it',
};

const GALLERY = 'public.ecr.aws/docker/library';

/**
 * A service that the tests need, such as a database. Each build starts it in a container before the tests, waits until
 * it is ready, and removes it after the tests.
 *
 * The service listens on `127.0.0.1`, on a port that is free in the build. The tests, and also `testCommand`, find it
 * with variables. Nothing of it outlives the build. If the tests fail, its log is among the reports.
 *
 * The build runs outside of the VPC of the application. It can pull images also if the tasks have no internet access.
 *
 * tox passes variables only if you name them: `tox -x testenv.pass_env+=DATABASE_URL`.
 */
export abstract class TestService {
  /**
   * PostgreSQL, with its data in memory. The user `postgres` is a superuser and has a password that each build
   * generates.
   *
   * The tests get `POSTGRES_HOST`, `POSTGRES_PORT`, `POSTGRES_USER`, `POSTGRES_PASSWORD`, `POSTGRES_DB`, and
   * `POSTGRES_URL`, or the same with another `name`. Without a `name`, they also get `DATABASE_URL`.
   *
   * @param version the tag of the official image, such as `16` or `16-alpine`
   * @see https://gallery.ecr.aws/docker/library/postgres
   */
  public static postgres(version: string = '17', options: PostgresTestServiceOptions = {}): TestService {
    return new ServiceInContainer(options, {
      kinds: POSTGRES,
      defaultName: 'postgres',
      version,
      fixed: FIXED_BY_POSTGRES,
      describe: ({ name, databaseName }) => ({
        image: `${GALLERY}/postgres:${version}`,
        port: 5432,
        // a directory that no version of the image declares as a volume
        environment: { POSTGRES_PASSWORD: '{password}', POSTGRES_DB: databaseName, PGDATA: '/mnt/data/postgres' },
        tmpfs: ['/mnt/data'],
        // by TCP, since the image first starts a server for its setup, which listens on a socket only
        healthCommand: ['pg_isready', '--host', '127.0.0.1', '--username', 'postgres'],
        variables: {
          USER: 'postgres',
          PASSWORD: '{password}',
          DB: databaseName,
          URL: `postgresql://postgres:{password}@{host}:{port}/${databaseName}`,
        },
        others: name === undefined ? { DATABASE_URL: `postgresql://postgres:{password}@{host}:{port}/${databaseName}` } : NONE,
      }),
    });
  }

  /**
   * Redis, with its data in memory and without a password.
   *
   * The tests get `REDIS_HOST`, `REDIS_PORT`, and `REDIS_URL`, or the same with another `name`.
   *
   * @param version the tag of the official image, such as `7` or `7-alpine`
   * @see https://gallery.ecr.aws/docker/library/redis
   */
  public static redis(version: string = '7', options: KnownTestServiceOptions = {}): TestService {
    return new ServiceInContainer(options, {
      kinds: KNOWN,
      defaultName: 'redis',
      version,
      describe: () => ({
        image: `${GALLERY}/redis:${version}`,
        port: 6379,
        command: ['redis-server', '--save', '', '--appendonly', 'no'],
        tmpfs: ['/data'],
        // the client exits with 0 also if the server refuses the command
        healthCommand: ['sh', '-c', 'redis-cli ping | grep -q PONG'],
        variables: { URL: 'redis://{host}:{port}/0' },
      }),
    });
  }

  /**
   * Any container with a service on one port.
   *
   * The tests get `<NAME>_HOST` and `<NAME>_PORT`, where `NAME` is the name in upper case with underscores instead of
   * hyphens. If `environment` or `command` contains `{password}`, they also get `<NAME>_PASSWORD`.
   */
  public static container(options: ContainerTestServiceOptions): TestService {
    return new ServiceInContainer(options, {
      kinds: CONTAINER,
      // its options contain the name
      defaultName: '',
      // when it is called, the options are known to be valid
      describe: () => ({
        image: options.image,
        port: options.port,
        healthCommand: options.healthCommand,
        tmpfs: options.tmpfs,
        variables: [...Object.values(options.environment ?? {}), ...options.command ?? []].some((value) => value.includes('{password}')) ? { PASSWORD: '{password}' } : NONE,
      }),
    });
  }

  /**
   * Returns the configuration of the service. The pipeline calls it once at synth.
   *
   * @param scope the pipeline; create resources in a child construct of your own
   * @param options the name of the application and its environment
   * @throws when a name, an image, a port, or a placeholder is not valid
   */
  public abstract bind(scope: Construct, options: TestServiceBindOptions): TestServiceConfig;
}

markStrategy('TestService', TestService);

const SERVICE: KindsOf<TestServiceOptions> = {
  environment: confidential(map(STRING)),
  command: confidential(list(STRING)),
  variables: confidential(map(STRING)),
  startTimeout: DURATION,
};

const KNOWN: KindsOf<KnownTestServiceOptions> = { ...SERVICE, name: STRING, image: STRING };

const POSTGRES: KindsOf<PostgresTestServiceOptions> = { ...KNOWN, databaseName: STRING };

const CONTAINER: KindsOf<ContainerTestServiceOptions> = {
  ...SERVICE,
  name: required(STRING),
  image: required(STRING),
  port: required(NUMBER),
  healthCommand: list(STRING),
  tmpfs: list(STRING),
};

/** The options of all services. */
type AnyOptions = PostgresTestServiceOptions & Partial<ContainerTestServiceOptions>;

/** What a service is, besides the options that all services have. */
type Description = Pick<TestServiceConfig, 'image' | 'port' | 'environment' | 'command' | 'healthCommand' | 'tmpfs' | 'variables'> & {
  /**
   * Variables whose names do not start with the name of the service.
   *
   * @default - none
   */
  readonly others?: { [name: string]: string };
};

/** The differences between the services. */
interface Difference {
  readonly kinds: Kinds;
  readonly defaultName: string;
  /** @default - the options contain the image */
  readonly version?: string;
  /**
   * Environment variables that the options must not set, with the remedies.
   *
   * @default - none
   */
  readonly fixed?: { readonly [name: string]: string };
  readonly describe: (options: AnyOptions & { readonly databaseName: string }) => Description;
}

class ServiceInContainer extends TestService {
  constructor(private readonly options: AnyOptions, private readonly difference: Difference) {
    super();
  }

  public bind(scope: Construct): TestServiceConfig {
    const { kinds, defaultName, version, fixed = NONE, describe } = this.difference;
    requireOptions(scope, this.prop, this.options, kinds, describeType);
    requireKind(scope, `${this.prop}.version`, version, STRING);
    requirePattern(scope, `${this.prop}.version`, version, /^\w[\w.-]{0,127}$/, "be a tag of the official image, such as '16' or '16-alpine'");
    const { name = defaultName, databaseName = 'test' } = this.options;
    requirePattern(scope, `${this.prop}.databaseName`, databaseName, /^[A-Za-z_]\w{0,62}$/,
      'start with a letter or an underscore, and have at most 63 letters, digits, and underscores');
    const [wrong] = Object.keys(this.options.environment ?? {}).filter((variable) => variable in fixed);
    if (wrong !== undefined) {
      fail(scope, `'${this.prop}.environment' must not set ${wrong}, which the service sets itself; ${fixed[wrong]}`);
    }
    const { others, variables, ...config } = describe({ ...this.options, databaseName });
    const { image = config.image, environment, command = config.command, startTimeout } = this.options;
    const prefix = variablePrefix(name);
    const own = { HOST: '{host}', PORT: '{port}', ...variables };
    const service: TestServiceConfig = {
      ...config,
      name,
      image,
      command,
      environment: { ...config.environment, ...environment },
      variables: {
        ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`${prefix}_${key}`, value])),
        ...others,
        ...this.options.variables,
      },
      startTimeout,
    };
    requireService(scope, this.prop, service);
    return service;
  }

  /** The name of the service distinguishes it in errors, once it is known to be valid. */
  private get prop(): string {
    const { name = this.difference.defaultName } = isPlain(this.options) ? this.options : {};
    return typeof name === 'string' && TEST_SERVICE_NAME.test(name) ? `testServices.${name}` : 'testServices';
  }
}
