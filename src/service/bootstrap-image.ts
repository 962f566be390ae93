import { Tokenization } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import { markStrategy, object, required, requireKind } from '../private/kinds';
import { requirePattern } from '../private/validation';
import { HEALTHY_CODES } from './private/load-balancer/health-check';

/**
 * Options that a service passes to `BootstrapImage.bind`, for implementors of `BootstrapImage`.
 */
export interface BootstrapImageBindOptions extends BindOptions {
  /** The port that the load balancer checks. */
  readonly containerPort: number;
  /** The repository of the application's images. */
  readonly repository: ecr.IRepository;
  /**
   * The status codes of a healthy task, such as `200-299`.
   *
   * @default - 200
   */
  readonly healthyHttpCodes?: string;
}

/**
 * The result of `BootstrapImage.bind`, for implementors of `BootstrapImage`.
 */
export interface BootstrapImageConfig {
  /** The image. */
  readonly image: ecs.ContainerImage;
  /**
   * The command of the container.
   *
   * @default - the command of the image
   */
  readonly command?: string[];
  /**
   * Whether to run the image as the application, with the command and the secrets of the service. Otherwise, it is a
   * placeholder.
   */
  readonly servesApplication: boolean;
}

/**
 * The image that a service runs before its first release.
 *
 * The repository of a new application is empty, and a service that cannot pull its image blocks the stack for hours.
 */
export abstract class BootstrapImage {
  /**
   * Uses a public Python image whose command answers every path on the container port with 200, or with the first code
   * of the health check. `cdk deploy` requires no Docker for it.
   *
   * The tasks need internet access to pull it.
   */
  public static publicPython(): BootstrapImage {
    return new PythonPlaceholder(ecs.ContainerImage.fromRegistry(PUBLIC_PYTHON));
  }

  /**
   * Uses a Python image from your own registry with the command of `publicPython()`, for tasks without internet access.
   *
   * A copy of `public.ecr.aws/docker/library/python:3.13-alpine` is suitable. The image must match the architecture of
   * the tasks.
   *
   * @param image such as `ecs.ContainerImage.fromEcrRepository(repository, 'sha256:...')`
   */
  public static python(image: ecs.ContainerImage): BootstrapImage {
    return new PythonPlaceholder(image);
  }

  /**
   * Uses your own image, whose command must answer the health check on the container port.
   *
   * @param image such as `ecs.ContainerImage.fromEcrRepository(repository, 'sha256:...')`
   */
  public static fromImage(image: ecs.ContainerImage): BootstrapImage {
    return new GivenImage(image);
  }

  /**
   * Uses the image of an earlier release, which is the application itself. A `serviceRevision` of 2 or more requires
   * it, because the new service takes over production before its first release.
   *
   * The image runs with the command and the secrets of the service. The secrets must exist.
   *
   * @param imageDigest `sha256:` and 64 hexadecimal digits, as `aws ecr describe-images` shows it
   */
  public static fromRelease(imageDigest: string): BootstrapImage {
    return new ReleasedImage(imageDigest);
  }

  /**
   * Returns the image and its command. The service calls it.
   *
   * @param scope the service, whose path appears in errors; create resources in a child construct of your own
   * @throws if a digest is invalid
   */
  public abstract bind(scope: Construct, options: BootstrapImageBindOptions): BootstrapImageConfig;
}

markStrategy('BootstrapImage', BootstrapImage);

const CONTAINER_IMAGE = required(object("an ecs.ContainerImage, such as ecs.ContainerImage.fromRegistry('acme/orders')", 'bind'));

const PUBLIC_PYTHON = 'public.ecr.aws/docker/library/python:3.13-alpine';

class PythonPlaceholder extends BootstrapImage {
  constructor(private readonly image: ecs.ContainerImage) {
    super();
  }

  public bind(scope: Construct, options: BootstrapImageBindOptions): BootstrapImageConfig {
    requireKind(scope, 'bootstrapImage.image', this.image, CONTAINER_IMAGE);
    const port = Tokenization.stringifyNumber(options.containerPort);
    return {
      image: this.image,
      command: ['python', '-c', placeholderServer(port, firstStatusOf(options.healthyHttpCodes))],
      servesApplication: false,
    };
  }
}

class GivenImage extends BootstrapImage {
  constructor(private readonly image: ecs.ContainerImage) {
    super();
  }

  public bind(scope: Construct): BootstrapImageConfig {
    requireKind(scope, 'bootstrapImage.image', this.image, CONTAINER_IMAGE);
    return { image: this.image, servesApplication: false };
  }
}

class ReleasedImage extends BootstrapImage {
  constructor(private readonly imageDigest: string) {
    super();
  }

  public bind(scope: Construct, { repository }: BootstrapImageBindOptions): BootstrapImageConfig {
    requirePattern(scope, 'bootstrapImage.imageDigest', this.imageDigest, /^sha256:[0-9a-f]{64}$/,
      "be 'sha256:' and 64 hexadecimal digits, because a tag can move or expire");
    return { image: ecs.ContainerImage.fromEcrRepository(repository, this.imageDigest), servesApplication: true };
  }
}

/** The first code of `204`, `200,301`, or `200-299`. It is 200 if the codes are known only at deployment. */
function firstStatusOf(codes = HEALTHY_CODES): string {
  return /^\d{3}/.exec(codes)?.[0] ?? HEALTHY_CODES;
}

/**
 * A server that answers every path, because the path of the health check belongs to the application. A file server
 * would answer it with 404.
 */
function placeholderServer(port: string, status: string): string {
  return [
    'from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer',
    // a response with this status has no body
    `TEXT = b"${status === '204' ? '' : 'waiting for the first release\\n'}"`,
    'class Placeholder(BaseHTTPRequestHandler):',
    '    def do_GET(self):',
    `        self.send_response(${status})`,
    '        self.send_header("Content-Type", "text/plain")',
    '        self.send_header("Content-Length", str(len(TEXT)))',
    '        self.end_headers()',
    '        if self.command != "HEAD":',
    '            self.wfile.write(TEXT)',
    '    do_HEAD = do_GET',
    '    def log_message(self, *args):',
    '        pass',
    `ThreadingHTTPServer(("", ${port}), Placeholder).serve_forever()`,
  ].join('\n');
}
