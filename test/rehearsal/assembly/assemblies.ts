import { cpSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { PipelineModel } from '../../../packages/rehearsal/src/assembly/model';
import { loadPipeline } from '../../../packages/rehearsal/src/assembly/pipeline-model';
import { readAssembly } from '../../../packages/rehearsal/src/assembly/read-assembly';
import { createDirectory, removeDirectory } from '../../../packages/rehearsal/src/processes';
import { BlueGreenPythonPipeline, BlueGreenPythonPipelineProps } from '../../../src';

const directories: string[] = [];

/** A directory that `removeAssemblies` removes. */
export function scratchDirectory(): string {
  const directory = createDirectory();
  directories.push(directory);
  return directory;
}

export function removeAssemblies(): void {
  directories.splice(0).forEach(removeDirectory);
}

/** The cloud assembly of an app, in a directory. */
export function assemblyOf(create: (app: App) => void, context: { [key: string]: unknown } = {}): string {
  const outdir = scratchDirectory();
  const app = new App({ outdir, context: { 'aws:cdk:enable-path-metadata': true, ...context }, treeMetadata: false });
  create(app);
  app.synth();
  return outdir;
}

type Addition = (pattern: BlueGreenPythonPipeline, stack: Stack) => void;

/** The pattern as `Stack/Orders`, with what the function adds. */
export function assemblyOfPattern(props: BlueGreenPythonPipelineProps, add: Addition = () => {}): string {
  return assemblyOf((app) => {
    const stack = new Stack(app, 'Stack');
    add(new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'test', ...props }), stack);
  });
}

export function modelOf(props: BlueGreenPythonPipelineProps, add?: Addition): PipelineModel {
  return loadPipeline(assemblyOfPattern(props, add));
}

/** A copy of an assembly with other texts in the templates. */
export function changed(directory: string, change: (template: string) => string): string {
  const copy = scratchDirectory();
  cpSync(directory, copy, { recursive: true });
  readAssembly(directory).stacks.forEach(({ directory: place, path }) => {
    const file = join(place.replace(directory, copy), `${path.replace(/\//g, '')}.template.json`);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  });
  return copy;
}

/** A template whose logical ids say nothing. */
export function withRenamedIds(template: string): string {
  const { Resources } = JSON.parse(template) as { Resources: object };
  // the longest first, since an id can be the start of another
  const ids = Object.keys(Resources).sort((one, other) => other.length - one.length);
  return ids.reduce((text, id, index) => text
    .replaceAll(`"${id}"`, `"R${index}"`)
    .replaceAll(`\${${id}}`, `\${R${index}}`)
    .replaceAll(`\${${id}.`, `\${R${index}.`), template);
}
