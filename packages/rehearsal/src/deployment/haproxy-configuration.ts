import { Clock } from './clock';
import { Mutation } from './mutation';
import { Color, ReleaseModel, TargetGroupModel } from '../assembly/model';
import { COLOR_HEADER, TARGET_HEADER } from '../load/requests';

export const ADMIN_PORT = 9999;
/** The most targets that a target group has at a time, with those that drain. */
export const SLOTS = 40;
export const DIRECTORY = '/tmp/rehearsal';
export const MAP = `${DIRECTORY}/weights.map`;
/** The idle timeout of an Application Load Balancer, in seconds. It is not scaled: the work of a request is not. */
const IDLE_SECONDS = 60;
const CONNECT_SECONDS = 10;
/** A check that takes the application 50 ms takes it as long at any speed. */
const LEAST_TIMEOUT = 100;

export interface HaproxyOptions {
  readonly targetGroups: Readonly<Record<Color, TargetGroupModel>>;
  readonly release: Pick<ReleaseModel, 'productionPort' | 'testPort'>;
  readonly clock: Pick<Clock, 'milliseconds'>;
  readonly mutation?: Mutation;
}

/** The configuration that stands for an Application Load Balancer. */
export function haproxyConfiguration({ targetGroups, release, clock, mutation }: HaproxyOptions): string {
  const { productionPort, testPort } = release;
  return [
    ...general(mutation === 'retries'),
    ...listener('production', productionPort),
    ...(testPort === undefined ? [] : listener('test', testPort)),
    ...(['blue', 'green'] as const).flatMap((color) => backend(color, targetGroups[color], clock)),
    '',
  ].join('\n');
}

/** HAProxy's defaults retry on another server, which hides most of the losses. */
function general(retries: boolean): string[] {
  return [
    'global',
    `  stats socket ipv4@0.0.0.0:${ADMIN_PORT} level admin`,
    '  maxconn 4000',
    'defaults',
    '  mode http',
    `  retries ${retries ? 3 : 0}`,
    ...(retries ? ['  option redispatch 1', '  retry-on all-retryable-errors'] : ['  no option redispatch']),
    `  timeout connect ${CONNECT_SECONDS}s`,
    `  timeout client ${IDLE_SECONDS}s`,
    `  timeout server ${IDLE_SECONDS}s`,
  ];
}

/** The map has the percentage of green for each listener, and can be changed while HAProxy runs. */
function listener(name: string, port: number): string[] {
  return [
    `frontend ${name}`,
    `  bind :${port}`,
    `  http-request set-var(txn.w) str(${name}),map_str_int(${MAP},0)`,
    '  use_backend green if { rand(100),sub(txn.w) lt 0 }',
    '  default_backend blue',
  ];
}

function backend(color: Color, { protocol, healthCheck }: TargetGroupModel, clock: HaproxyOptions['clock']): string[] {
  const { path, port, codes, interval, timeout, healthyThreshold, unhealthyThreshold } = healthCheck;
  const every = Math.max(Math.round(clock.milliseconds(interval)), LEAST_TIMEOUT);
  const limit = Math.max(Math.round(clock.milliseconds(timeout)), LEAST_TIMEOUT);
  const tls = protocol === 'HTTPS' ? ' ssl verify none' : '';
  return [
    `backend ${color}`,
    '  balance roundrobin',
    '  option httpchk',
    `  http-check send meth GET uri ${path} ver HTTP/1.1 hdr Host %[bc_dst]:%[bc_dst_port] hdr User-Agent ELB-HealthChecker/2.0`,
    `  http-check expect status ${codes}`,
    `  timeout check ${limit}ms`,
    // an answer of HAProxy itself does not pass this rule
    `  http-response set-header ${COLOR_HEADER} ${color}`,
    // it passes this one, and has a name of a server unless there was none to choose
    `  http-after-response set-header ${TARGET_HEADER} ${color} if { srv_name -m len gt 0 }`,
    `  server-template ${color} 1-${SLOTS} 0.0.0.0:1${tls} check${port === undefined ? '' : ` port ${port}`} disabled `
    + `inter ${every}ms rise ${healthyThreshold} fall ${unhealthyThreshold}`,
  ];
}
