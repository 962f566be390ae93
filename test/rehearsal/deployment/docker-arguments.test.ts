import { ContainerModel } from '../../../packages/rehearsal/src/assembly/model';
import { Clock } from '../../../packages/rehearsal/src/deployment/clock';
import { ContainerPlace, runArguments, sharedVolumes, startOrder } from '../../../packages/rehearsal/src/deployment/docker-arguments';
import { parseEnvironmentFile, Secrets } from '../../../packages/rehearsal/src/deployment/secrets';
import { container, task } from '../../runs/rehearsal/sample-service';

function argumentsOf(more: Partial<ContainerModel> = {}, place: Partial<ContainerPlace> = {}): string {
  const own = container('image:1', more);
  return runArguments(task([own]), own, { name: 'name', labels: ['--label', 'a=b'], networkOf: 'task', volumes: {}, clock: new Clock(20), processors: 2, ...place }).join(' ');
}

test('a container has the limits and the restrictions of its task definition', () => {
  expect(argumentsOf()).toBe([
    'run --detach --name name --label a=b --network container:task',
    '--memory 256m --memory-swap 256m --cpus 0.5 --ulimit nofile=4096:8192',
    '--user 1000:1000 --read-only --init --cap-drop ALL --tmpfs /tmp:exec,mode=1777 --no-healthcheck image:1',
  ].join(' '));
});

test.each<[string, Partial<ContainerModel>, Partial<ContainerPlace>, string]>([
  ['has at most as many processors as the machine', {}, { processors: 0.25 }, '--cpus 0.25'],
  ['has a share of the processors', { cpu: 128 }, {}, '--cpu-shares 128'],
  ['has memory of its own', { memoryMiB: 64 }, {}, '--memory 64m --memory-swap 64m'],
  ['has at most the memory of the task', { memoryMiB: 512 }, {}, '--memory 256m'],
  ['has an environment', { environment: { LEVEL: 'a b' } }, {}, '--env LEVEL=a b'],
  ['has a working directory', { workingDirectory: '/app' }, {}, '--workdir /app'],
  ['has a volume that others share', {}, { volumes: { tmp: 'shared' } }, '--volume shared:/tmp'],
  ['has a volume that it cannot write to', { mounts: [{ volume: 'tmp', path: '/data', readonly: true }] }, { volumes: { tmp: 'shared' } }, '--volume shared:/data:ro'],
  ['has an entry point with arguments before the command', { entryPoint: ['sh', '-c'], command: ['true'] }, {}, '--entrypoint sh image:1 -c true'],
])('a container %s', (_, more, place, wanted) => {
  expect(argumentsOf(more, place)).toContain(wanted);
});

test('the value of a secret is not in the arguments', () => {
  expect(argumentsOf({ secrets: { TOKEN: 'arn:aws:secret' } })).toContain('--env TOKEN --no-healthcheck');
});

test.each([
  ['CMD-SHELL', ['CMD-SHELL', 'curl -f localhost || exit 1'], 'curl -f localhost || exit 1'],
  ['CMD', ['CMD', 'python3', '-c', "print('it')"], "'python3' '-c' 'print('\\''it'\\'')'"],
  ['words alone', ['curl', 'localhost'], "'curl' 'localhost'"],
])('a health check with %s runs the same command', (_, command, wanted) => {
  const healthCheck = { command, interval: 30, timeout: 5, retries: 3, startPeriod: 60 };
  expect(argumentsOf({ healthCheck })).toContain(
    `--health-cmd ${wanted} --health-interval 1500ms --health-timeout 3000ms --health-retries 3 --health-start-period 3000ms`,
  );
});

test('a volume that two containers have is shared', () => {
  const mount = (volume: string) => ({ volume, path: `/${volume}`, readonly: false });
  const model = task([container('a', { name: 'a', mounts: [mount('one'), mount('two')] }), container('b', { name: 'b', mounts: [mount('two')] })]);
  expect(sharedVolumes(model)).toEqual(['two']);
});

describe('containers that depend on others', () => {
  const named = (name: string, ...others: string[]) => container('image', {
    name, dependsOn: others.map((other) => ({ container: other, condition: 'START' })),
  });

  test('start after them', () => {
    expect(startOrder(task([named('app', 'proxy', 'setup'), named('proxy', 'setup'), named('setup')])).map(({ name }) => name)).toEqual(['setup', 'proxy', 'app']);
  });

  test('fail if they wait for each other', () => {
    expect(() => startOrder(task([named('a', 'b'), named('b', 'a'), named('c')]))).toThrow('the containers a, b wait for each other');
  });
});

test('a file of secrets has quotes, comments, and exports', () => {
  expect(parseEnvironmentFile([
    '# a comment', 'PLAIN=value # comment', 'export EXPORTED = 1', "SINGLE='a # b' # comment", 'DOUBLE="a\\n\\"b\\""', 'EMPTY=', 'URL=postgres://u:p#x@h/d', 'no assignment',
  ].join('\r\n'))).toEqual({
    PLAIN: 'value', EXPORTED: '1', SINGLE: 'a # b', DOUBLE: 'a\n"b"', EMPTY: '', URL: 'postgres://u:p#x@h/d',
  });
});

test('a secret without a value fails with what to add', () => {
  const secrets = new Secrets({ A: '1' });
  expect(secrets.missing(task([container('image', { secrets: { A: 'arn', B: 'arn' } })]))).toEqual(['B']);
  expect(() => secrets.of(['A', 'B'])).toThrow('.env has no value for B: add a line such as B=value');
});
