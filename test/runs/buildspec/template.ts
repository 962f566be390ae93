import { App, Stack } from 'aws-cdk-lib';
import { readBuildProject } from '../../../packages/rehearsal/src/assembly/build-project';
import { Rendered } from '../../../packages/rehearsal/src/assembly/rendered';
import { CloudFormationTemplate, readAssets } from '../../../packages/rehearsal/src/assembly/template';
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
    return stack;
  });
}

function render(create: (app: App) => Stack): Rendered {
  // without a directory of ours the app leaves one behind
  const outdir = createDirectory();
  try {
    const app = new App({ outdir });
    const { artifactId } = create(app);
    const { template } = app.synth().getStackArtifact(artifactId);
    return readBuildProject(template as CloudFormationTemplate, readAssets(outdir, artifactId));
  } finally {
    removeDirectory(outdir);
  }
}
