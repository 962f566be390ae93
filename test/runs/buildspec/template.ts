import { App, Stack } from 'aws-cdk-lib';
import { withOwnRepositories } from '../../../packages/rehearsal/src/assembly/build-project';
import { readPipeline } from '../../../packages/rehearsal/src/assembly/pipeline-model';
import { choosePipeline } from '../../../packages/rehearsal/src/assembly/pipelines';
import { readAssembly } from '../../../packages/rehearsal/src/assembly/read-assembly';
import { Rendered } from '../../../packages/rehearsal/src/assembly/rendered';
import { createDirectory, removeDirectory } from '../../../packages/rehearsal/src/processes';
import { BlueGreenPythonPipeline, BlueGreenPythonPipelineProps } from '../../../src';
import { createTapStack } from '../../integ/tap-stack';

/** CodeBuild refuses more than 25,600 characters, most of which are for the variables of the user's application. */
export const MAX_BUILDSPEC_LENGTH = 8_000;

/** The sample app's default profile. */
export function renderSampleApp(): Rendered {
  return render((app) => createTapStack(app));
}

/** The pattern with these props in a stack of its own. */
export function renderPattern(props: BlueGreenPythonPipelineProps): Rendered {
  return render((app) => {
    const stack = new Stack(app, 'Stack');
    new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'test', ...props });
  });
}

function render(create: (app: App) => void): Rendered {
  // without a directory of ours the app leaves one behind
  const outdir = createDirectory();
  try {
    const app = new App({ outdir });
    create(app);
    app.synth();
    return readPipeline(choosePipeline(withOwnRepositories(readAssembly(outdir)))).build;
  } finally {
    removeDirectory(outdir);
  }
}
