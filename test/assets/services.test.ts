import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const SERVICES = path.join(__dirname, '..', '..', 'assets', 'build', 'services.sh');

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'services-'));
  ['gates', 'services', 'reports'].forEach((name) => fs.mkdirSync(path.join(home, name)));
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

const SETTINGS = `
set -euo pipefail
home='HOME' gates='HOME/gates' reports='HOME/reports' newest=python3 gate=services services=(store)
image=store:1 port=7000 seconds=0 container=box password=secret
environment=() arguments=() health=() tmpfs=() variables=()
explain() { printf '%s\\n' "$1" > "$gates/$gate"; }
wanted() { return 0; }
`;

interface Ran {
  readonly status: number | null;
  readonly output: string;
  readonly verdict: string;
}

/** Runs commands with the functions of the services, after which others replace those of the build's tools. */
function run(commands: string): Ran {
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', `${SETTINGS.replace(/HOME/g, home)}\n. ${SERVICES}\n${commands}`], { encoding: 'utf8', timeout: 30_000 });
  const gate = path.join(home, 'gates', 'services');
  return { status, output: stdout.trimEnd() + stderr, verdict: fs.existsSync(gate) ? fs.readFileSync(gate, 'utf8').trimEnd() : '' };
}

describe('the login for an image', () => {
  const loginFor = (image: string) => run(`
    image='${image}'
    log_in_to_docker_hub() { echo hub; }
    aws() { echo token; }
    docker() { echo "\${@: -1}"; }
    log_in_for_service`).output;

  test.each([
    'redis:7.2', 'postgres:16.3-alpine', 'acme/search:1.2', 'docker.io/library/redis:7', 'registry-1.docker.io/acme/a:1', 'index.docker.io/acme/a:1',
  ])('is at Docker Hub for %s', (image) => {
    expect(loginFor(image)).toBe('hub');
  });

  test.each(['localhost:5000/x:1', 'localhost/x:1', 'public.ecr.aws/docker/library/redis:7.2', 'quay.io/acme/x:1', 'registry:5000/x:1'])('does not exist for %s', (image) => {
    expect(loginFor(image)).toBe('');
  });

  test('is at Amazon ECR for its images, also those of a pull-through cache', () => {
    expect(loginFor('111111111111.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/redis:7.2')).toBe('111111111111.dkr.ecr.eu-west-1.amazonaws.com');
  });
});

describe('a pull that fails', () => {
  const explainPull = (answer: string) => {
    fs.writeFileSync(path.join(home, 'services', 'store.pull'), answer);
    return run('explain_pull store').verdict;
  };

  test('an image without the architecture of the build', () => {
    expect(explainPull('no matching manifest for linux/arm64/v8 in the manifest list entries'))
      .toBe('the image store:1 of the service store does not exist for the architecture of the build: change the image');
  });

  test.each([
    'manifest unknown', 'Error response from daemon: unauthorized: authentication required', 'unexpected status from HEAD request: 403 Forbidden',
    'denied: not authorized',
  ])('an image that the registry does not give: %s', (answer) => {
    expect(explainPull(answer)).toBe('the registry has no image store:1 for the service store, or the build is not allowed to pull it: '
      + 'change the image, or call repository.grantPull(pipeline.buildProject)');
  });

  test('a registry that has no answer is asked again', () => {
    expect(explainPull('toomanyrequests: You have reached your unauthenticated pull rate limit')).toBe('~the image store:1 of the service store could not be pulled: see the log');
  });
});

describe('the container', () => {
  test('has the password in its environment, its command, and its health command', () => {
    const { output } = run(`
      docker() { printf '%s ' "$@"; echo; }
      timeout() { printf '%s ' "$@" >&2; return 1; }
      environment=('KEY={password}') arguments=(--requirepass '{password}') health=(ping '{password}')
      start_service store
      answers store || cat "$home/services/store.health"`);
    expect(output).toContain('run --detach --name box --publish 127.0.0.1::7000 --env KEY=secret store:1 --requirepass secret');
    expect(output).toContain('docker exec box ping secret');
  });
});

describe('a service', () => {
  const awaited = (health: string, others = '') => run(`
    health=(ready)
    timeout() { ${health}; }
    docker() {
      case "$*" in *Running*) echo true ;; *IPAddress*) echo 127.0.0.1 ;; logs*) echo 'starts up' ;; esac
    }
    ${others}
    await_service store && explain passed`);

  test('a health command that cannot run fails at once', () => {
    const { verdict, status } = awaited('echo \'exec: "ready": executable file not found in $PATH\'; return 127', 'seconds=60');
    expect(verdict).toBe('the healthCommand of the service store (store:1) could not run: exec: "ready": executable file not found in $PATH');
    expect(status).toBe(1);
  });

  test('that is never ready is reported with the end of its log and of its health command', () => {
    expect(awaited('echo one; echo "no leader" >&2; return 1').verdict)
      .toBe('the service store (store:1) was not ready after 0 seconds, with the last line: starts up; the last check: no leader');
    expect(awaited('return 124').verdict).toMatch(/; the last check: the healthCommand printed nothing$/);
  });

  test('with a health command is ready only if its port accepts connections', () => {
    expect(awaited('return 0', 'newest=false').verdict).toMatch(/; the last check: nothing accepts connections on port 7000$/);
    expect(awaited('return 0', 'newest=true').verdict).toBe('passed');
  });
});

describe('the end of the services', () => {
  const check = (start: string) => `
    describe_service() { image=store:1 port=7000 container=box password=secret environment=() arguments=() health=() tmpfs=() variables=(); }
    log_in_for_service() { mkdir -p "$DOCKER_CONFIG"; }
    newest=true
    start_service() { ${start}; }
    await_service() { ls "$home/services"; }
    write_variables() { :; }`;

  test('leaves no credentials', () => {
    const { output, verdict } = run(`${check(':')}
      docker() { ls "$home/services" > "$home/pulled"; }
      check_services; true`);
    expect(output.split('\n').sort()).toEqual(['process', 'store.password', 'store.pull']);
    expect(fs.readFileSync(path.join(home, 'pulled'), 'utf8')).toContain('docker\n');
    expect(fs.existsSync(path.join(home, 'services', 'process'))).toBe(false);
    expect(verdict).toBe('passed');
  });

  test('waits for a command that starts a container', () => {
    const { output } = run(`${check('touch "$home/starting"; (sleep 1; echo started >> "$home/order")')}
      docker() { [ "$1" != rm ] || echo removed >> "$home/order"; }
      check_services > "$home/log" 2>&1 &
      for each in {1..50}; do [ -e "$home/starting" ] || sleep 0.1; done
      remove_services
      cat "$home/order" "$home/gates/services"`);
    expect(output.trim().split('\n')).toEqual(['started', 'removed', '~the services of the tests could not be started: see the log']);
  });

  test('starts none after a pull', () => {
    const { output } = run(`${check('touch "$home/started"')}
      docker() { [ "$1" != pull ] || { touch "$home/pulling"; sleep 1; }; }
      check_services > "$home/log" 2>&1 &
      for each in {1..50}; do [ -e "$home/pulling" ] || sleep 0.1; done
      remove_services
      sleep 1.5
      ls "$home"`);
    expect(output.trim().split('\n')).toEqual(['gates', 'log', 'pulling', 'reports', 'services']);
  });
});
