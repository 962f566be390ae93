import { TaskDefinitionError } from '../../../packages/rehearsal/src/assembly/errors';
import { parseTaskDefinition } from '../../../packages/rehearsal/src/assembly/task-definition';

/** As in taskdef.json. */
const TASK = {
  family: 'orders',
  cpu: '512',
  memory: '1024',
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  volumes: [{ name: 'tmp' }, { name: 'shared', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
  containerDefinitions: [
    {
      name: 'app',
      image: '<IMAGE1_NAME>',
      essential: true,
      command: ['python', 'app.py'],
      entryPoint: ['/entry'],
      user: '10001',
      workingDirectory: '/srv',
      memory: 256,
      cpu: 128,
      readonlyRootFilesystem: true,
      stopTimeout: 60,
      environment: [{ name: 'LEVEL', value: 'info' }, { name: 'EMPTY', value: '' }],
      secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:token' }],
      linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
      ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
      mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false }],
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
      healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, retries: 2 },
      dependsOn: [{ containerName: 'agent', condition: 'HEALTHY' }],
    },
    { name: 'agent', image: 'agent:1', essential: false },
  ],
};

const EXPECTED = {
  cpu: 512,
  memoryMiB: 1024,
  architecture: 'ARM64',
  volumes: [{ name: 'tmp', kind: 'task' }, { name: 'shared', kind: 'elsewhere' }],
  containers: [
    {
      name: 'app',
      image: '<IMAGE1_NAME>',
      essential: true,
      command: ['python', 'app.py'],
      entryPoint: ['/entry'],
      environment: { LEVEL: 'info', EMPTY: '' },
      secrets: { TOKEN: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:token' },
      user: '10001',
      workingDirectory: '/srv',
      readonlyRootFilesystem: true,
      initProcess: true,
      memoryMiB: 256,
      cpu: 128,
      stopTimeout: 60,
      droppedCapabilities: ['ALL'],
      ulimits: [{ name: 'nofile', soft: 1024, hard: 4096 }],
      mounts: [{ volume: 'tmp', path: '/tmp', readonly: false }],
      ports: [8080],
      healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, timeout: 5, retries: 2, startPeriod: 0 },
      dependsOn: [{ container: 'agent', condition: 'HEALTHY' }],
    },
    {
      name: 'agent',
      image: 'agent:1',
      essential: false,
      environment: {},
      secrets: {},
      readonlyRootFilesystem: false,
      initProcess: false,
      stopTimeout: 30,
      droppedCapabilities: [],
      ulimits: [],
      mounts: [],
      ports: [],
      dependsOn: [],
    },
  ],
};

/** The same value with the spelling of a template, where each number and flag can be a text. */
function asInTemplate(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(asInTemplate); }
  if (typeof value !== 'object' || value === null) { return String(value); }
  return Object.fromEntries(Object.entries(value)
    .map(([key, child]) => [key.charAt(0).toUpperCase() + key.slice(1), asInTemplate(child)]));
}

const container = (properties: object) => ({ containerDefinitions: [{ name: 'app', image: 'app', ...properties }] });

test.each([
  ['the content of taskdef.json', JSON.stringify(TASK)],
  ['an object of the ECS API', TASK],
  ['the properties of a template', asInTemplate(TASK)],
])('a task definition is read from %s', (_, given) => {
  expect(parseTaskDefinition(given)).toEqual(EXPECTED);
});

test.each([
  ['1 vCPU and 2 GB', { cpu: '1 vCPU', memory: '2 GB' }, { cpu: 1024, memoryMiB: 2048 }],
  ['.25 of a vCPU', { cpu: '0.25 vcpu', memory: '512' }, { cpu: 256, memoryMiB: 512 }],
  ['nothing', {}, { cpu: 256, memoryMiB: 512 }],
])('a task with %s has its CPU units and MiB', (_, given, expected) => {
  expect(parseTaskDefinition({ ...container({}), ...given })).toMatchObject(expected);
});

test('a container whose health check is off has none', () => {
  expect(parseTaskDefinition(container({ healthCheck: { command: ['NONE'] } })).containers[0]).not.toHaveProperty('healthCheck');
});

test('a container is essential unless it says otherwise', () => {
  expect(parseTaskDefinition(container({})).containers[0].essential).toBe(true);
});

test.each([
  ['{', /^the task definition cannot be rehearsed: it is no JSON, /],
  ['[]', /it has no containers$/],
  [{ containerDefinitions: [] }, /it has no containers$/],
  [{ containerDefinitions: [{ name: 'app' }, { image: 'agent' }] }, /its container 2 has no name$/],
])('a task definition fails with one sentence if it is %j', (given, message) => {
  expect(() => parseTaskDefinition(given)).toThrow(TaskDefinitionError);
  expect(() => parseTaskDefinition(given)).toThrow(message);
});
