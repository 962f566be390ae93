import { twins } from './pipelines';
import { Finding, Resource, Rule, Template, Value } from './template';
import { shown, textOf } from './text';
import { FARGATE_SIZES, isInRange } from '../../private/fargate-sizes';

export const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';

export function containersOf(definition: Resource): Value[] {
  return definition.at('ContainerDefinitions').items;
}

function runsOnFargate(definition: Resource): boolean {
  return definition.at('RequiresCompatibilities').items.some(({ text }) => text === 'FARGATE');
}

function* onFargate(template: Template): Iterable<Resource> {
  yield* template.ofType(TASK_DEFINITION).filter(runsOnFargate);
}

const taskExecutionRole: Rule = {
  id: 'task-execution-role',
  says: 'A Fargate task that pulls from ECR, reads secrets or writes logs has an execution role.',
  aws: 'Amazon ECS rejects the task definition: `Fargate requires task definition to have execution role ARN to support ECR images` (or log driver awslogs, or secrets).',
  fix: 'Give the task definition an execution role that is allowed to pull the image, read the secrets and write the log.',
  *judge(template) {
    for (const definition of onFargate(template)) {
      const reasons = definition.at('ExecutionRoleArn').missing ? containersOf(definition).flatMap(needsExecutionRole) : [];
      yield* reasons.map(([value, reason]) => value.finding(`the container ${shown(value.at('Name'))} ${reason}, but the task definition has no ExecutionRoleArn`));
    }
  },
};

function needsExecutionRole(container: Value): [Value, string][] {
  const reasons: [boolean, string][] = [
    [/\.dkr\.ecr(-fips)?\./.test(textOf(container.at('Image'))), 'has an image in ECR'],
    [container.at('Secrets').items.length > 0, 'has secrets'],
    [container.at('LogConfiguration', 'LogDriver').text === 'awslogs', 'writes its log with awslogs'],
  ];
  return reasons.filter(([applies]) => applies).map(([, reason]) => [container, reason]);
}

const taskSize: Rule = {
  id: 'task-size',
  says: 'The CPU and memory of a Fargate task are a combination that Fargate supports, and the network mode is awsvpc.',
  aws: 'Amazon ECS rejects the task definition: `No Fargate configuration exists for given values`.',
  fix: 'Choose a combination from the table in the ECS documentation, such as 256 and 512, or 1024 and 2048. Use the network mode awsvpc.',
  *judge(template) {
    for (const definition of onFargate(template)) {
      const mode = definition.at('NetworkMode');
      if (!mode.unknown && mode.text !== 'awsvpc') {
        yield mode.finding(`the network mode is ${shown(mode)}, but Fargate supports only awsvpc`);
      }
      yield* wrongSize(definition.at('Cpu'), definition.at('Memory'));
    }
  },
};

function wrongSize(cpu: Value, memory: Value): Finding[] {
  if (cpu.number === undefined || memory.number === undefined) { return []; }
  const range = FARGATE_SIZES[cpu.number];
  if (!range) { return [cpu.finding(`Fargate does not support the CPU ${shown(cpu)}, only ${Object.keys(FARGATE_SIZES).join(', ')}`)]; }
  const { min, max, step } = range;
  return isInRange(memory.number, range) ? [] : [memory.finding(
    `Fargate does not support the memory ${shown(memory)} with the CPU ${shown(cpu)}, only ${min} to ${max} MiB in steps of ${step}`)];
}

const taskContainers: Rule = {
  id: 'task-containers',
  says: 'The containers of a task have different names, and at least one is essential. Each container port is published once, with the same host port.',
  aws: 'Amazon ECS rejects the task definition, for example with `When networkMode=awsvpc, the host ports and container ports in port mappings must match`.',
  fix: 'Give each container a unique name and port, omit the host port, and make at least one container essential.',
  *judge(template) {
    for (const definition of template.ofType(TASK_DEFINITION)) {
      const containers = containersOf(definition);
      yield* twins(containers.map((container) => container.at('Name')), (name) => `more than one container has the name ${name}`);
      if (containers.length > 0 && containers.every((container) => container.at('Essential').text === 'false')) {
        yield definition.at('ContainerDefinitions').finding('no container is essential, so the task would never stop');
      }
      if (definition.at('NetworkMode').text === 'awsvpc') { yield* wrongPorts(containers); }
    }
  },
};

function wrongPorts(containers: Value[]): Finding[] {
  const mappings = containers.flatMap((container) => container.at('PortMappings').items);
  const moved = mappings.filter((mapping) => {
    const [host, inside] = [mapping.at('HostPort').number, mapping.at('ContainerPort').number];
    return host && inside !== undefined && host !== inside;
  }).map((mapping) => mapping.finding(
    `the host port ${shown(mapping.at('HostPort'))} differs from the container port ${shown(mapping.at('ContainerPort'))}, but awsvpc requires the same port`));
  const tcp = mappings.filter((mapping) => (mapping.at('Protocol').text ?? 'tcp') === 'tcp');
  return [...moved, ...twins(tcp.map((mapping) => mapping.at('ContainerPort')), (port) => `the container port ${port} is published twice in the task`)];
}

const AWSLOGS_OPTIONS = ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix'];

const taskLogs: Rule = {
  id: 'task-logs',
  says: 'A Fargate container that logs with awslogs names a log group, a region and a prefix, and the log group is a log group resource.',
  aws: 'Amazon ECS rejects the task definition, or each task stops: `ResourceInitializationError: failed to validate logger args`.',
  fix: 'Set awslogs-group, awslogs-region and awslogs-stream-prefix, and refer to the log group itself.',
  *judge(template) {
    for (const definition of onFargate(template)) {
      const writers = containersOf(definition).map((container) => container.at('LogConfiguration'))
        .filter((configuration) => configuration.at('LogDriver').text === 'awslogs');
      yield* writers.flatMap((configuration) => wrongLog(configuration.at('Options')));
    }
  },
};

function wrongLog(options: Value): Finding[] {
  const { referred } = options.at('awslogs-group');
  return [
    ...AWSLOGS_OPTIONS.filter((name) => options.at(name).missing).map((name) => options.finding(`the log configuration has no ${name}`)),
    ...(referred && referred.type !== 'AWS::Logs::LogGroup'
      ? [options.at('awslogs-group').finding(`the log group is ${referred.id}, which is ${referred.type}, not a log group`)]
      : []),
  ];
}

export const TASK_RULES = [taskExecutionRole, taskSize, taskContainers, taskLogs];
