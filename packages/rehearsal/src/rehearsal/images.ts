import { TaskModel } from '../assembly/model';
import { chooseFor, Interpreter } from '../build/pythons';
import { Engine } from '../engine/engine';
import { publishService } from '../engine/service-images';

/** Such as `public.ecr.aws/docker/library/python:3.13-alpine`. */
const PYTHON = /^public\.ecr\.aws\/(docker\/library\/python):((3\.\d+)[\w.-]*)$/;

/** Puts the images of a stack that are not built, and that of the load balancer, where a private engine finds them. */
export async function publishImages(
  engine: Engine, { containers }: TaskModel, interpreters: readonly [Interpreter, ...Interpreter[]],
): Promise<void> {
  await publishService(engine, 'haproxy', interpreters[0]);
  for (const { image } of containers) {
    const [, , tag, version] = PYTHON.exec(image) ?? [];
    if (version) { await engine.images.publish(version, chooseFor(version, interpreters).path, tag); }
  }
}
