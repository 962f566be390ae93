import { RemovalPolicy } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { AdvisorySource, ConnectionSourceOptions, DockerHubCredentials, GitHost, PipelineSource, PullThroughCacheOptions, PythonProject } from '../../src';
import { createStack } from '../helpers';

const NAMES = { applicationName: 'orders' };

/** Binds a choice in a stack of its own. */
type Bind = (value: string) => unknown;

const bindProject = (project: PythonProject) => project.bind(createStack(), NAMES);
const bindCache = (options: PullThroughCacheOptions) =>
  DockerHubCredentials.pullThroughCache(options).bind(createStack(), NAMES);

function bindConnection(options: Partial<ConnectionSourceOptions>): unknown {
  const stack = createStack();
  const connectionArn = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1a2b3c4d';
  return PipelineSource.connection({ connectionArn, owner: 'acme', repo: 'orders', ...options }).bind(new Construct(stack, 'Source'), {
    ...NAMES, output: new codepipeline.Artifact('Source'), artifactBucket: new s3.Bucket(stack, 'Artifacts'), removalPolicy: RemovalPolicy.RETAIN,
  });
}

const VERSIONS = { good: ['0', '2.1', '0.13.9', '10.20.30'], bad: ['', 'v1', '1.', '.1', '1..2', '1a', '1.2a', '1.2 ', ' 1.2'] };

/** What an option may be, and what not. */
const CHOICES: [option: string, bind: Bind, good: string[], bad: string[]][] = [
  ['python.pythonVersion', (pythonVersion) => bindProject(PythonProject.pip({ pythonVersion })),
    ['3.9', '3.12'], ['', '3', '3.', '4.1', '3.9.1', '3x9', '13.9', ' 3.9', '3.9 ']],
  ['python.uvVersion', (uvVersion) => bindProject(PythonProject.uv({ uvVersion })), VERSIONS.good, VERSIONS.bad],
  ['python.poetryVersion', (poetryVersion) => bindProject(PythonProject.poetry({ poetryVersion })), VERSIONS.good, VERSIONS.bad],
  ['python.pipenvVersion', (pipenvVersion) => bindProject(PythonProject.pipenv({ pipenvVersion })), VERSIONS.good, VERSIONS.bad],
  ['python.imageTarget', (imageTarget) => bindProject(PythonProject.pip({ imageTarget })),
    ['production', 'a-b_c.d', '0', 'Final'], ['', '-a', 'a b', 'a:b', ' a', 'a ', '.a']],
  ['python.indexUrl', (indexUrl) => bindProject(PythonProject.pip({ indexUrl })),
    ['https://pypi.example.com/simple', 'http://pypi'], ['', 'pypi.example.com', 'ftp://pypi', 'https://', 'https://user@pypi', 'https://py pi', 'my https://pypi']],
  ['dockerHub.repositoryPrefix', (repositoryPrefix) => bindCache({ repositoryPrefix }),
    ['docker-hub', 'a.b_c-d', '1', 'hub2'], ['', '-a', 'a-', 'Hub', 'a--b', 'a/b', 'a b', 'hub-X']],
  ['dockerHub.buildArgument', (buildArgument) => bindCache({ buildArgument }), ['DOCKER_HUB', '_x', 'a1', 'A'], ['', '1a', 'a-b', 'a b', 'ä']],
  ['gates.advisorySource.url', (url) => AdvisorySource.osv({ url }).bind(createStack(), NAMES),
    ['https://osv.example.com/v1/query', 'http://osv'], ['', 'osv.example.com', 'https://', "https://o'sv", 'https://o sv', 'my https://osv']],
  ['source.owner', (owner) => bindConnection({ owner }),
    ['acme', 'acme/web', 'acme/web/orders'], ['', '/acme', 'acme/', 'acme//web', 'acme web', ' acme', 'acme ', 'acme:web', 'acme/web ', 'acme/ web']],
  ['source.repo', (repo) => bindConnection({ repo }), ['orders', 'o', 'my orders', 'orders.github', 'orders-git', '.gitops', 'git'],
    ['', ' ', 'orders.git', '.git', 'acme/orders', 'orders/', '/orders', 'git:orders', ':orders', 'orders:']],
  ['source.host', (commitUrl) => bindConnection({ host: GitHost.of(commitUrl) }),
    ['https://git.example.com/{owner}/{repo}/commit/{commit}', 'https://git/{commit}', 'https://git/{commit}?view=diff'],
    ['', 'http://git/{commit}', 'https://git/', 'https:///{commit}', 'https://{commit}', 'https://g it/{commit}', 'https://git/a b/{commit}', 'my https://git/{commit}']],
];

describe.each(CHOICES)('%s', (option, bind, good, bad) => {
  test.each(good)('may be "%s"', (value) => {
    expect(() => bind(value)).not.toThrow();
  });

  test.each(bad)('may not be "%s"', (value) => {
    expect(() => bind(value)).toThrow(`'${option}' must `);
  });
});

test.each([
  ['uv', PythonProject.uv(), 'install_uv_project', ['uv.lock', 'pyproject.toml']],
  ['Poetry', PythonProject.poetry(), 'install_poetry_project', ['poetry.lock', 'pyproject.toml']],
  ['Pipenv', PythonProject.pipenv(), 'install_pipenv_project', ['Pipfile.lock', 'Pipfile']],
])('a project of %s needs no option, and its lock file decides about the cache', (_tool, project, command, lockFiles) => {
  const { installCommands, ...config } = project.bind(createStack(), NAMES);
  expect(installCommands).toContain(command);
  expect(config.lockFiles).toEqual(lockFiles);
});

test('a project of Pipenv has no extras', () => {
  expect(() => bindProject(PythonProject.pipenv({ extras: ['test'] })))
    .toThrow("'python.extras' cannot be used together with 'PythonProject.pipenv()'; a Pipfile has no extras: remove 'extras', or name a category of the Pipfile in 'groups'");
});

describe('credentials of Docker Hub', () => {
  const stack = createStack();
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', 'hub');

  test('are read from parameters, whose names may have folders', () => {
    const { loginCommands, statements } = DockerHubCredentials
      .fromParameterStore({ usernameParameterName: '/hub/user', passwordParameterName: 'hub/password' }).bind(stack, NAMES);
    expect(loginCommands).toEqual([
      expect.stringContaining('the parameters /hub/user and hub/password could not be read'),
      expect.stringMatching(/^username="\$\(aws ssm get-parameter --name \S*\/hub\/user/),
      expect.stringMatching(/^password="\$\(aws ssm get-parameter --name \S*hub\/password/),
      expect.stringContaining('Docker Hub rejected the credentials: store a valid user name and access token'),
      'printf %s "$password" | docker login --username "$username" --password-stdin',
    ]);
    expect(stack.resolve(statements![0].resources).map(JSON.stringify)).toEqual([
      expect.stringContaining(':parameter/hub/user"'), expect.stringContaining(':parameter/hub/password"'),
    ]);
  });

  test('are read from fields of a secret', () => {
    const { loginCommands } = DockerHubCredentials.fromSecret(secret, { usernameField: 'user', passwordField: 'token' }).bind(stack, NAMES);
    expect(loginCommands).toEqual([
      expect.stringContaining('the Docker Hub secret could not be read: store a JSON object with the fields user and token'),
      expect.stringMatching(/^secret="\$\(aws secretsmanager get-secret-value/),
      expect.stringMatching(/^username="\$\(printf %s "\$secret".* 'user'\)"$/),
      expect.stringMatching(/^password="\$\(printf %s "\$secret".* 'token'\)"$/),
      expect.stringContaining('Docker Hub rejected the credentials'),
      expect.stringContaining('docker login'),
    ]);
  });

  test.each(['usernameField', 'passwordField'])('need the name of a field: %s', (field) => {
    expect(() => DockerHubCredentials.fromSecret(secret, { [field]: '' }).bind(stack, NAMES))
      .toThrow(`'dockerHub.${field}' must not be empty, got ""; pass the name of a field`);
  });
});
