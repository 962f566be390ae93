import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { BlueGreenPythonPipeline, PythonProject } from '../../../src';
import { warnOfProject } from '../../../src/ci/private/project-warnings';
import { createStack } from '../../helpers';

const PIPELINE = '/Stack/Orders/Pipeline';

function warningsIn(stack: Stack): unknown[] {
  return Annotations.fromStack(stack).findWarning(PIPELINE, Match.anyValue()).map(({ entry }) => entry.data);
}

function warningsOf(python?: PythonProject | ((stack: Stack) => PythonProject)): unknown[] {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', { pipeline: { python: typeof python === 'function' ? python(stack) : python } });
  return warningsIn(stack);
}

test.each(['3.0', '3.6'])('Python %s, whose month is not known here, as an option emits a warning without it', (pythonVersion) => {
  const stack = createStack();
  const { pipeline } = new BlueGreenPythonPipeline(stack, 'Orders');
  warnOfProject(pipeline, { pythonVersion, directory: '.', dockerfile: 'Dockerfile', installCommands: [], lockFiles: [] });
  expect(warningsIn(stack)).toEqual([
    `'python.pythonVersion' is ${pythonVersion}, which reached its end of life and gets no security fixes; choose a newer version, such as '3.13' `
    + '[ack: cdk-blue-green-python-pipeline:PythonCiPipeline.endOfLife]',
  ]);
});

test.each([['3.7', 'June 2023'], ['3.8', 'October 2024'], ['3.9', 'October 2025'], ['3.10', 'October 2026']])(
  'Python %s as an option emits a warning', (pythonVersion, month) => {
    // only some images have the old versions
    const stack = createStack();
    const { pipeline } = new BlueGreenPythonPipeline(stack, 'Orders');
    warnOfProject(pipeline, { pythonVersion, directory: '.', dockerfile: 'Dockerfile', installCommands: [], lockFiles: [] });
    expect(warningsIn(stack)).toEqual([
      `'python.pythonVersion' is ${pythonVersion}, which reached its end of life in ${month} and gets no security fixes; choose a newer version, such as '3.13' `
      + '[ack: cdk-blue-green-python-pipeline:PythonCiPipeline.endOfLife]',
    ]);
  });

test('a version that the user sets emits a warning at the pipeline', () => {
  expect(warningsOf(PythonProject.uv({ pythonVersion: '3.9' }))).toEqual([expect.stringContaining('end of life in October 2025')]);
});

test.each<[string, PythonProject | ((stack: Stack) => PythonProject) | undefined]>([
  ['the default version', undefined],
  ['a supported version', PythonProject.pip({ pythonVersion: '3.11' })],
  ['a build argument without a dollar sign', PythonProject.pip({ buildArguments: { A: 'b' } })],
  ['a reference in a build argument', (stack) => PythonProject.pip({ buildArguments: { A: `${new CfnParameter(stack, 'A').valueAsString}` } })],
])('%s emits no warning', (_what, python) => {
  expect(warningsOf(python)).toEqual([]);
});

test.each<[string, (reference: string) => string]>([
  ['before', (reference) => `$HOME/${reference}`], ['behind', (reference) => `${reference}/$HOME`],
  ['between two of them', (reference) => `${reference}$HOME${reference}`],
])('a dollar sign %s a reference in a build argument emits the warning', (_where, valueOf) => {
  expect(warningsOf((stack) => PythonProject.pip({ buildArguments: { A: valueOf(new CfnParameter(stack, 'A').valueAsString) } })))
    .toEqual([expect.stringContaining("contains a '$' in the value of \"A\", which")]);
});

test('a dollar sign in a build argument emits a warning that names the argument, not its value', () => {
  expect(warningsOf(PythonProject.pip({ buildArguments: { SHA: '$CODEBUILD_RESOLVED_SOURCE_VERSION', OTHER: 'x', PRICE: 'US$ 5' } }))).toEqual([
    "'python.buildArguments' contains a '$' in the value of \"SHA\", \"PRICE\", which reaches Docker as it is: the build expands no variables. "
    + "For the commit, declare 'ARG SOURCE_VERSION' in the Dockerfile, which the build always passes "
    + '[ack: cdk-blue-green-python-pipeline:PythonCiPipeline.literalBuildArgument]',
  ]);
});
