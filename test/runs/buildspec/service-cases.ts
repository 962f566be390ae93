import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { Duration } from 'aws-cdk-lib';
import { BOTH, Case, CaseFactory, Files, light, Project } from './case-factory';
import { expectEnd, expectRefusal, expectRelease, Run } from './expectations';
import { EXECUTION, BuildResult } from '../../../packages/rehearsal/src/build/code-build';
import { DOCKER } from '../../../packages/rehearsal/src/engine/engine';
import { ContainerTestServiceOptions, TestService } from '../../../src';

/** What the build calls Docker for to have services. */
const CALLS = ['pull', 'run', 'exec', 'inspect', 'port', 'logs', 'rm'];

const GATES = ['bandit', 'image', 'install', 'pytest', 'services'];

const DATABASE_TEST = [
  'import os',
  '',
  'import psycopg',
  'import redis',
  '',
  '',
  'def test_postgres():',
  '    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:',
  '        assert connection.execute("SELECT current_database(), current_user").fetchone() == ("orders", "postgres")',
  '    by_parts = {name: os.environ["POSTGRES_" + name.upper()] for name in ("host", "port", "user", "password")}',
  '    with psycopg.connect(dbname=os.environ["POSTGRES_DB"], **by_parts) as connection:',
  '        assert connection.execute("SHOW data_directory").fetchone() == ("/mnt/data/postgres",)',
  '',
  '',
  'def test_redis():',
  '    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:',
  '        assert client.set("order", "1") and client.get("order") == b"1"',
  '        assert client.config_get("save") == {"save": ""}',
  '    with redis.Redis(host=os.environ["REDIS_HOST"], port=int(os.environ["REDIS_PORT"])) as client:',
  '        assert client.ping()',
  '',
].join('\n');

const DATABASE_PROJECT: Files = {
  'requirements-dev.txt': 'pytest==8.4.2\npytest-cov==7.1.0\npsycopg[binary]==3.2.13\nredis==7.0.1\n',
  'tests/test_services.py': DATABASE_TEST,
};

/** A server that answers each connection with the password that it was started with. */
const SERVER = [
  'import os, socket',
  'server = socket.create_server(("0.0.0.0", 7000))',
  'print("listens", flush=True)',
  'while True:',
  '    connection, _ = server.accept()',
  '    with connection:',
  '        connection.sendall(os.environ["SERVER_PASSWORD"].encode())',
].join('\n');

/** Builds whose tests use services. */
export class ServiceCases extends CaseFactory {
  public all(): readonly Case[] {
    return [...this.databases(), ...this.containers(), ...this.failures()];
  }

  private databases(): Case[] {
    const project: Project = light({
      files: DATABASE_PROJECT,
      pipeline: { testServices: [TestService.postgres('16', { databaseName: 'orders' }), TestService.redis()] },
    });
    return [
      {
        ...this.case('the tests talk to PostgreSQL and Redis, which are removed after the build', { ...project, modes: BOTH }),
        check: async (run) => {
          await expectRelease(run, { gates: GATES, minimumTests: 3, otherCalls: CALLS });
          await this.expectRemoved(run, ['postgres', 'redis']);
          run.expect.equal(this.keptLogs(run.result), [], 'the list of kept logs');
        },
      },
      this.refused('a failing test keeps the logs of the services',
        { ...project, files: { ...DATABASE_PROJECT, 'tests/test_services.py': DATABASE_TEST.replace('"orders"', '"others"') } },
        {
          verdict: "pytest: a test failed, or the coverage is below the project's own threshold: see the report",
          evidence: ['service-postgres.log', 'service-redis.log'],
        },
        async (run) => {
          await this.expectRemoved(run, ['postgres', 'redis']);
          const log = readFileSync(join(this.reports(run.result), 'service-postgres.log'), 'utf8');
          run.expect.that(log.includes('database system is ready to accept connections'), `the log of PostgreSQL has no such line: ${log}`);
        }),
    ];
  }

  private containers(): Case[] {
    const ask = 'import os, socket; host, port = os.environ["STORE_ADDRESS"].split(":"); '
      + 'assert socket.create_connection((host, int(port))).recv(99).decode() == os.environ["STORE_PASSWORD"]; '
      + 'assert (host, port) == (os.environ["STORE_HOST"], os.environ["STORE_PORT"])';
    return [{
      ...this.case('a testCommand reaches any container by the variables that the project chooses', light({
        pipeline: {
          testServices: [this.server({
            environment: { SERVER_PASSWORD: '{password}' }, variables: { STORE_ADDRESS: '{host}:{port}' },
          })],
          testCommand: `python -c '${ask}'`,
        },
      })),
      check: async (run) => {
        await expectRelease(run, { gates: GATES, minimumTests: 1, otherCalls: CALLS });
        await this.expectRemoved(run, ['store']);
      },
    }];
  }

  private failures(): Case[] {
    const image = `public.ecr.aws/docker/library/python:${this.interpreters[0].minor}-slim`;
    const refused = (name: string, service: TestService, verdict: string, files?: Files): Case => this.refused(name,
      light({ files, pipeline: { testServices: [service] } }), { verdict }, (run) => this.expectRemoved(run, ['store']));
    return [
      {
        ...this.case('a service that never becomes ready fails the build, which names it with the end of its log', light({
          pipeline: { testServices: [this.server({ command: ['python3', '-uc', 'import time; print("waiting for a peer"); time.sleep(99)'], startTimeout: Duration.seconds(5) })] },
        })),
        check: async (run) => {
          await expectRefusal(run, {
            verdict: `services: the service store (${image}) was not ready after 5 seconds, with the last line: waiting for a peer; the last check: nothing accepts connections on port 7000`,
            evidence: ['service-store.log'],
          });
          await this.expectRemoved(run, ['store']);
          const again = await run.again();
          expectEnd(again, [`the build failed and released nothing: repeated: the previous attempt failed: services: the service store (${image}) was not ready after 5 seconds, `
            + `with the last line: waiting for a peer; the last check: nothing accepts connections on port 7000 (reports: s3://${run.rendered.spec.env?.variables?.ARTIFACT_BUCKET}/reports/${EXECUTION}/7/) - retry the stage to run the build again`]);
        },
      },
      refused('a service that exits fails the build at once',
        this.server({ command: ['python3', '-c', 'raise SystemExit("no license")'] }),
        `services: the service store (${image}) exited before it was ready, with the last line: no license`),
      refused('an installation that fails removes the services', this.server({ environment: { SERVER_PASSWORD: 'x' } }),
        'install: no index has itsdangerous==99: change the requirement, or name the index that has it', { 'requirements.txt': 'itsdangerous==99\n' }),
      this.refused('an image of a service that the registry does not have fails the build', light({
        pipeline: { testServices: [TestService.container({ name: 'search', image: 'public.ecr.aws/docker/library/absent:1', port: 9200 })] },
      }), {
        verdict: 'services: the registry has no image public.ecr.aws/docker/library/absent:1 for the service search, or the build is not allowed to pull it: '
          + 'change the image, or call repository.grantPull(pipeline.buildProject)',
      }),
    ];
  }

  private server(options: Partial<ContainerTestServiceOptions>): TestService {
    return TestService.container({
      name: 'store',
      image: `public.ecr.aws/docker/library/python:${this.interpreters[0].minor}-slim`,
      port: 7000,
      command: ['python3', '-c', SERVER],
      ...options,
    });
  }

  /** Each service ran in one container, which is not there any more. */
  private async expectRemoved({ expect, result, engine }: Run, names: readonly string[]): Promise<void> {
    const started = result.calls.filter(({ tool, args }) => tool === 'docker' && args[0] === 'run').map(({ args }) => args[args.indexOf('--name') + 1]);
    expect.equal(started.map((container) => container.split('-')[1]), names, 'the list of services that were started');
    for (const container of started) {
      const { code } = await engine.run(DOCKER, ['inspect', container]);
      expect.that(code !== 0, `the container ${container} is still there`);
    }
  }

  private reports({ sourceDirectory }: BuildResult): string {
    return join(sourceDirectory, '.delivery', 'reports');
  }

  private keptLogs(result: BuildResult): string[] {
    return ['postgres', 'redis', 'store'].filter((name) => existsSync(join(this.reports(result), `service-${name}.log`)));
  }
}
