import { Duration } from 'aws-cdk-lib';
import { BindOptions } from '../bind-options';

/**
 * Options of every service beside the tests.
 */
export interface TestServiceOptions {
  /**
   * Environment variables of the container, such as settings of its image. Each build replaces `{password}` by the
   * password that it generates for the service.
   *
   * They must not contain secrets, since they are in the template.
   *
   * @default - only those that the image requires
   */
  readonly environment?: { [name: string]: string };

  /**
   * Arguments of the container, instead of the default command of the image. Each build replaces `{password}`.
   *
   * @default - Redis writes no file; the default command of the image for the other services
   */
  readonly command?: string[];

  /**
   * More variables for the tests, such as `{ CELERY_BROKER_URL: 'redis://{host}:{port}/1' }`. Each build replaces
   * `{host}`, `{port}`, and `{password}`. The names have upper case letters, digits, and underscores.
   *
   * @default - only the variables whose names start with the name of the service, and `DATABASE_URL` for PostgreSQL
   */
  readonly variables?: { [name: string]: string };

  /**
   * The time in which the service must become ready, from 5 to 600 seconds. After it, the build fails.
   *
   * The build waits for one service after the other, once all containers have started. The time of a service starts
   * when the services before it are ready.
   *
   * @default Duration.seconds(120)
   */
  readonly startTimeout?: Duration;
}

/**
 * Options of a service whose image the library knows.
 */
export interface KnownTestServiceOptions extends TestServiceOptions {
  /**
   * The name of the service: at most 30 lowercase letters and digits that start with a letter, with single hyphens
   * between them. The names of its variables start with it.
   *
   * @default - `postgres` or `redis`
   */
  readonly name?: string;

  /**
   * The image with its tag or digest, such as a mirror or an image with extensions. It must behave as the official
   * image does.
   *
   * @default - the official image in the Amazon ECR Public Gallery
   */
  readonly image?: string;
}

/**
 * Options of PostgreSQL beside the tests.
 */
export interface PostgresTestServiceOptions extends KnownTestServiceOptions {
  /**
   * The name of the database that the tests find.
   *
   * @default 'test'
   */
  readonly databaseName?: string;
}

/**
 * Options of any container beside the tests.
 */
export interface ContainerTestServiceOptions extends TestServiceOptions {
  /**
   * The name of the service: at most 30 lowercase letters and digits that start with a letter, with single hyphens
   * between them. The tests find it with `<NAME>_HOST` and `<NAME>_PORT`.
   */
  readonly name: string;

  /**
   * The image with its tag or digest, such as `public.ecr.aws/docker/library/rabbitmq:4`.
   *
   * For a private image in Amazon ECR, allow the build to pull it: `repository.grantPull(pipeline.buildProject)`. An
   * image of Docker Hub is pulled with the credentials of `dockerHub`. With a pull-through cache, write the registry of
   * the account and the prefix before the name of the image:
   * `<account>.dkr.ecr.<region>.amazonaws.com/docker-hub/library/rabbitmq:4`.
   */
  readonly image: string;

  /** The port that the service listens on in its container. */
  readonly port: number;

  /**
   * The command that succeeds in the container as soon as the service is ready, such as
   * `['rabbitmq-diagnostics', 'check_running']`. Each build replaces `{password}`. The port must also accept
   * connections.
   *
   * The build fails at once if the command is no program of the image.
   *
   * @default - the service is ready when its port accepts connections
   */
  readonly healthCommand?: string[];

  /**
   * Directories of the container whose files are kept in memory, such as the directory of its data.
   *
   * @default - none
   */
  readonly tmpfs?: string[];
}

/**
 * Options that the pipeline passes to `TestService.bind`, for implementors of `TestService`.
 */
export interface TestServiceBindOptions extends BindOptions {}

/**
 * The result of `TestService.bind`, for implementors of `TestService`.
 */
export interface TestServiceConfig {
  /** The name of the service, which is unique in the pipeline. */
  readonly name: string;
  /** The image with its tag or digest. */
  readonly image: string;
  /** The port that the service listens on in its container. */
  readonly port: number;
  /**
   * Environment variables of the container. Each build replaces `{password}`.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Arguments of the container. Each build replaces `{password}`.
   *
   * @default - the default command of the image
   */
  readonly command?: string[];
  /**
   * The command that succeeds in the container as soon as the service is ready. Each build replaces `{password}`. The
   * port must also accept connections.
   *
   * @default - the service is ready when its port accepts connections
   */
  readonly healthCommand?: string[];
  /**
   * Directories of the container whose files are kept in memory.
   *
   * @default - none
   */
  readonly tmpfs?: string[];
  /** Variables of the tests. Each build replaces `{host}`, `{port}`, and `{password}`. */
  readonly variables: { [name: string]: string };
  /**
   * The time in which the service must become ready.
   *
   * @default - two minutes
   */
  readonly startTimeout?: Duration;
}
