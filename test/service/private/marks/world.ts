import { interpret } from './interpreter';
import { ImageRepository } from '../../../../packages/rehearsal/src/image-lifecycle/repository';

export const REPOSITORY_URI = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders';

interface State { readonly Type: string; readonly Resource?: string; readonly Retry?: object[] }

/** A definition of a state machine without intrinsic functions. */
export interface Definition { readonly StartAt: string; readonly States: { readonly [name: string]: State } }

interface ImageId { readonly ImageDigest?: string; readonly ImageTag?: string }

type Input = { readonly [name: string]: unknown };

/** Runs before a call of an execution. It can wait, or throw. */
export type BeforeCall = (action: string, call: number) => Promise<void> | void;

/** An error with the name that Step Functions gives it. */
export class ServiceError extends Error {
  constructor(public readonly name: string) {
    super(name);
  }
}

/**
 * What the state machine talks to: a service under CodeDeploy, a repository, and a parameter.
 *
 * Only the answers that the state machine reads are complete. The interpreter knows no service of AWS, so each call is
 * answered here.
 */
export class World {
  public now = 0;
  public record = '{"live":"none","previous":"none","retired":"none"}';
  /** The images that were live, newest last. */
  public readonly released: string[] = [];
  private pushes = 0;
  private image = 'public.ecr.aws/docker/library/python:3.13';

  constructor(public readonly repository: ImageRepository, private readonly definition: Definition) {}

  /** Pushes an image, or a tag. No two pushes have the same time. */
  public push(digest: string, tag: string): void {
    this.pushes += 1;
    this.repository.put(digest, tag, this.now + this.pushes / 1e6);
  }

  /** A deployment whose tasks have taken over. */
  public release(digest: string): void {
    this.image = `${REPOSITORY_URI}@${digest}`;
    this.released.push(digest);
  }

  /** An execution of the state machine. */
  public execute(before: BeforeCall = () => {}): Promise<unknown> {
    let calls = 0;
    const tasks = Object.entries(this.definition.States).filter(([, { Type }]) => Type === 'Task');
    const handlers = Object.fromEntries(tasks.map(([name, { Resource = '' }]) => [name, async (input: Input) => {
      const action = Resource.slice(Resource.indexOf(':aws-sdk:') + ':aws-sdk:'.length);
      calls += 1;
      await before(action, calls);
      return this.answer(action, input);
    }]));
    return interpret(this.definition, { 'detail-type': 'CodeDeploy Deployment State-change Notification' }, {
      taskResourceLocalHandlers: handlers,
      retryIntervalOverrides: Object.fromEntries(tasks.map(([name, { Retry = [] }]) => [name, Retry.map(() => 0)])),
      waitTimeOverrides: { TryLater: 0 },
    });
  }

  private answer(action: string, input: Input): unknown {
    switch (action) {
      case 'ecs:describeServices': return {
        Services: [{
          TaskSets: [
            { Status: 'ACTIVE', TaskDefinition: 'orders:0' },
            { Status: 'PRIMARY', TaskDefinition: `orders:${this.released.length}` },
          ],
        }],
      };
      case 'ecs:describeTaskDefinition': return {
        TaskDefinition: { ContainerDefinitions: [{ Name: 'proxy', Image: 'proxy@sha256:0' }, { Name: 'app', Image: this.imageOf(input) }] },
      };
      case 'ssm:getParameter': return { Parameter: { Value: this.record } };
      case 'ssm:putParameter': {
        this.record = input.Value as string;
        return {};
      }
      default: return this.answerOfRepository(action, input);
    }
  }

  private imageOf({ TaskDefinition }: Input): string {
    const number = Number((TaskDefinition as string).split(':')[1]);
    return number === 0 ? this.image : `${REPOSITORY_URI}@${this.released[number - 1]}`;
  }

  private answerOfRepository(action: string, input: Input): unknown {
    const { ImageIds: [{ ImageDigest, ImageTag }] } = { ImageIds: [{}], ...input } as { ImageIds: ImageId[] };
    switch (action) {
      case 'ecr:describeImages': {
        const image = this.repository.find(ImageDigest ?? '');
        if (!image) { throw new ServiceError('Ecr.ImageNotFoundException'); }
        return { ImageDetails: [image.tags.length > 0 ? { ImageTags: image.tags } : {}] };
      }
      case 'ecr:batchGetImage': return {
        Images: [{ ImageManifest: `{"of":"${ImageDigest}"}`, ImageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json' }],
      };
      case 'ecr:putImage': return this.put(input as never);
      case 'ecr:batchDeleteImage': {
        this.repository.removeTag(ImageTag ?? '');
        return { Failures: [] };
      }
      default: throw new Error(`no answer for ${action}`);
    }
  }

  private put(
    { ImageDigest, ImageTag, ImageManifest }: Required<ImageId> & { readonly ImageManifest: string },
  ): object {
    if (ImageManifest !== `{"of":"${ImageDigest}"}`) { throw new ServiceError('Ecr.ImageDigestDoesNotMatchException'); }
    if (this.repository.find(ImageDigest)?.tags.includes(ImageTag)) {
      throw new ServiceError('Ecr.ImageTagAlreadyExistsException');
    }
    this.push(ImageDigest, ImageTag);
    return {};
  }
}
