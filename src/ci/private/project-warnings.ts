import { Annotations, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { describeName } from '../../private/errors';
import { PythonProjectConfig } from '../python-project-options';

/**
 * The newest minor version of Python 3 that gets no security fixes. A constant and not the date of the synth decides,
 * so that the same code always synthesizes the same.
 */
const LAST_ENDED = 10;

/**
 * The month in which a version reached its end of life.
 *
 * @see https://devguide.python.org/versions/
 */
const END_OF_LIFE: { [version: string]: string } = {
  '3.7': 'June 2023',
  '3.8': 'October 2024',
  '3.9': 'October 2025',
  '3.10': 'October 2026',
};

/** Warns of options of a project that are valid, but probably do not do what the user expects. */
export function warnOfProject(scope: IConstruct, { pythonVersion, buildArguments = {} }: PythonProjectConfig): void {
  const [, minor] = /^3\.(\d+)(?:\.|$)/.exec(pythonVersion ?? '') ?? [];
  if (minor !== undefined && Number(minor) <= LAST_ENDED) {
    const month = END_OF_LIFE[`3.${minor}`];
    Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:PythonCiPipeline.endOfLife',
      `'python.pythonVersion' is ${pythonVersion}, which reached its end of life${month === undefined ? '' : ` in ${month}`} and gets no security fixes; choose a newer version, such as '3.13'`);
  }
  // a value may be confidential, and its name is not
  const literal = Object.entries(buildArguments).filter(([, value]) => literalsOf(value).includes('$')).map(([name]) => describeName(name));
  if (literal.length > 0) {
    Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:PythonCiPipeline.literalBuildArgument',
      `'python.buildArguments' contains a '$' in the value of ${literal.join(', ')}, which reaches Docker as it is: the build expands no variables. `
      + "For the commit, declare 'ARG SOURCE_VERSION' in the Dockerfile, which the build always passes");
  }
}

/** The parts of a value that are known at synth. A token also contains a `$` until it is resolved. */
function literalsOf(value: string): string {
  // joined as a list, in which a missing part is empty
  const join = (left?: string, right?: string) => [left, right].join('');
  return Tokenization.reverseString(value).mapTokens({ mapToken: () => '' }).join({ join });
}
