import { Tokenization } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { requirePattern } from '../private/validation';

/**
 * What a placeholder needs to know of the service.
 */
export interface BootstrapImageBindOptions {
  /** The port that the load balancer checks. */
  readonly containerPort: number;
  /** Where the application's images are. */
  readonly repository: ecr.IRepository;
  /**
   * The status codes that the load balancer takes for well, such as `200-299`.
   *
   * @default - 200
   */
  readonly healthyHttpCodes?: string;
}

/**
 * What the service runs until its first release.
 */
export interface BootstrapImageConfig {
  /** The image. */
  readonly image: ecs.ContainerImage;
  /**
   * What the container runs.
   *
   * @default - the image's own command
   */
  readonly command?: string[];
  /** Whether it is the application itself, which runs with its command and its secrets, and not a placeholder. */
  readonly servesApplication: boolean;
}

/**
 * What the service runs before its first release: the registry of a new application is empty, and a service
 * that cannot pull its image would hold the stack for hours.
 */
export abstract class BootstrapImage {
  /**
   * A public Python image whose command answers every path of the container's port with 200, or with the first of the health check's codes.
   * No Docker is needed where `cdk deploy` runs.
   *
   * The tasks need a way to the internet.
   */
  public static publicPython(): BootstrapImage {
    return new PythonPlaceholder(ecs.ContainerImage.fromRegistry(PUBLIC_PYTHON));
  }

  /**
   * The same placeholder from an image with Python of your own registry, such as a copy of `public.ecr.aws/docker/library/python:3.13-alpine`:
   * for tasks without a way to the internet. It must be of the tasks' architecture.
   *
   * @param image such as `ecs.ContainerImage.fromEcrRepository(repository, 'sha256:...')`
   */
  public static python(image: ecs.ContainerImage): BootstrapImage {
    return new PythonPlaceholder(image);
  }

  /**
   * An image of your own, whose own command must answer the health check on the container's port.
   *
   * @param image such as `ecs.ContainerImage.fromEcrRepository(repository, 'sha256:...')`
   */
  public static fromImage(image: ecs.ContainerImage): BootstrapImage {
    return new GivenImage(image);
  }

  /**
   * The application itself, as a former release pushed it: for `serviceRevision`, whose new service takes over production before its first release.
   *
   * It runs with the service's command and secrets, which must exist.
   *
   * @param imageDigest `sha256:` and 64 hexadecimal digits, as `aws ecr describe-images` shows it
   */
  public static fromRelease(imageDigest: string): BootstrapImage {
    return new ReleasedImage(imageDigest);
  }

  /**
   * Called by the service.
   *
   * @param scope the service
   * @throws when a digest is none
   */
  public abstract bind(scope: Construct, options: BootstrapImageBindOptions): BootstrapImageConfig;
}

const PUBLIC_PYTHON = 'public.ecr.aws/docker/library/python:3.13-alpine';

class PythonPlaceholder extends BootstrapImage {
  constructor(private readonly image: ecs.ContainerImage) {
    super();
  }

  public bind(_scope: Construct, options: BootstrapImageBindOptions): BootstrapImageConfig {
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

  public bind(): BootstrapImageConfig {
    return { image: this.image, servesApplication: false };
  }
}

class ReleasedImage extends BootstrapImage {
  constructor(private readonly imageDigest: string) {
    super();
  }

  public bind(scope: Construct, { repository }: BootstrapImageBindOptions): BootstrapImageConfig {
    requirePattern(scope, 'bootstrapImage.imageDigest', this.imageDigest, /^sha256:[0-9a-f]{64}$/,
      "be 'sha256:' and 64 hexadecimal digits, since a tag may move or expire");
    return { image: ecs.ContainerImage.fromEcrRepository(repository, this.imageDigest), servesApplication: true };
  }
}

/** The first of `204`, `200,301` or `200-299`; 200 when the codes are known at deployment only. */
function firstStatusOf(codes = '200'): string {
  return /^\d{3}/.exec(codes)?.[0] ?? '200';
}

/** Answers on every path: the health check's path is the application's own, and a file server would answer 404 on it. */
function placeholderServer(port: string, status: string): string {
  return [
    'from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer',
    // an answer of this status has no text
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
