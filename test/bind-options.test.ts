import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import {
  AdvisorySource, AdvisorySourceBindOptions, AdvisorySourceConfig, BindOptions, DockerHubCredentials,
  DockerHubCredentialsBindOptions,
  DockerHubCredentialsConfig, PipelineSource, PipelineSourceBindOptions, PipelineSourceConfig, PythonCiPipeline,
  PythonCiPipelineProps, PythonProject,
  PythonProjectBindOptions, PythonProjectConfig,
} from '../src';
import { buildSpecOf, createService, createStack } from './helpers';

/** What the choices below were bound with. */
const bound: { scope: Construct; options: BindOptions }[] = [];

beforeEach(() => {
  bound.length = 0;
});

class OwnProject extends PythonProject {
  public bind(scope: Construct, options: PythonProjectBindOptions): PythonProjectConfig {
    bound.push({ scope, options });
    return { ...PythonProject.pip().bind(scope, options), directory: options.applicationName };
  }
}

class OwnAdvisories extends AdvisorySource {
  public bind(scope: Construct, options: AdvisorySourceBindOptions): AdvisorySourceConfig {
    bound.push({ scope, options });
    return AdvisorySource.osv({ url: `https://${options.applicationName}.example.com/` }).bind(scope, options);
  }
}

class OwnCredentials extends DockerHubCredentials {
  public bind(scope: Construct, options: DockerHubCredentialsBindOptions): DockerHubCredentialsConfig {
    bound.push({ scope, options });
    return { loginCommands: [`log-in ${options.applicationName}-${options.environmentSuffix}`], statements: [] };
  }
}

class OwnSource extends PipelineSource {
  public bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig {
    bound.push({ scope, options });
    return PipelineSource.codeCommit().bind(scope, options);
  }
}

const CHOICES: [choice: string, props: Partial<PythonCiPipelineProps>, path: string, trace: string][] = [
  ['project', { python: new OwnProject() }, 'Stack/Pipeline', "IMAGE_CONTEXT='orders'"],
  ['source of advisories', { gates: { advisorySource: new OwnAdvisories() } }, 'Stack/Pipeline', "'https://orders.example.com/'"],
  ['credentials', { dockerHub: new OwnCredentials() }, 'Stack/Pipeline', 'log-in orders-dev'],
  ['source', { source: new OwnSource() }, 'Stack/Pipeline/Source', ''],
];

describe('a choice of the user\'s own', () => {
  test.each(CHOICES)('receives application and environment, and is followed: %s', (_choice, props, path, trace) => {
    const stack = createStack();
    new PythonCiPipeline(stack, 'Pipeline', {
      applicationName: 'orders',
      environmentSuffix: 'dev',
      service: createService(stack, { release: { rollbackAlarms: { enabled: false } } }),
      repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
      ...props,
    });
    expect(bound.map(({ scope }) => scope.node.path)).toEqual([path]);
    expect(bound[0].options).toMatchObject({ applicationName: 'orders', environmentSuffix: 'dev' });
    expect(buildSpecOf(Template.fromStack(stack)).spec.phases.build.commands.join('\n')).toContain(trace);
  });

  test('receives no environment where there is none', () => {
    const stack = createStack();
    new PythonCiPipeline(stack, 'Pipeline', {
      service: createService(stack, { release: { rollbackAlarms: { enabled: false } } }),
      repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
      python: new OwnProject(),
    });
    expect(bound.map(({ options }) => options)).toEqual([{ applicationName: 'pipeline', environmentSuffix: undefined }]);
  });
});
