import { serversIn } from '../../../packages/rehearsal/src/deployment/admin-socket';
import { Clock } from '../../../packages/rehearsal/src/deployment/clock';
import { haproxyConfiguration, HaproxyOptions } from '../../../packages/rehearsal/src/deployment/haproxy-configuration';
import { RELEASE, targetGroup } from '../../runs/rehearsal/sample-service';

function linesOf(more: Partial<HaproxyOptions> = {}): string[] {
  const targetGroups = { blue: targetGroup('Blue'), green: targetGroup('Green') };
  return haproxyConfiguration({ targetGroups, release: RELEASE, clock: new Clock(20), ...more }).split('\n').map((line) => line.trim());
}

/** The lines of a section, such as `backend blue`. */
function section(lines: readonly string[], name: string): string[] {
  const after = lines.slice(lines.indexOf(name) + 1);
  const end = after.findIndex((line) => /^(frontend|backend|defaults)\b/.test(line));
  return end < 0 ? after : after.slice(0, end);
}

test('no retry hides a lost request, unless a mutation asks for it', () => {
  expect(linesOf()).toEqual(expect.arrayContaining(['retries 0', 'no option redispatch']));
  expect(linesOf({ mutation: 'retries' })).toEqual(expect.arrayContaining(['retries 3', 'option redispatch 1']));
});

test('a listener chooses the target group by the weight in the map', () => {
  expect(section(linesOf(), 'frontend production')).toEqual([
    'bind :80',
    'http-request set-var(txn.w) str(production),map_str_int(/tmp/rehearsal/weights.map,0)',
    'use_backend green if { rand(100),sub(txn.w) lt 0 }',
    'default_backend blue',
  ]);
});

test('the test listener exists only if the release has one', () => {
  expect(section(linesOf(), 'frontend test')[0]).toBe('bind :9000');
  expect(linesOf({ release: { productionPort: 80 } })).not.toContain('frontend test');
});

test('the health check is that of the target group, with its times divided by the speed', () => {
  const lines = section(linesOf(), 'backend green');
  expect(lines).toEqual(expect.arrayContaining([
    'http-check send meth GET uri /health ver HTTP/1.1 hdr Host %[bc_dst]:%[bc_dst_port] hdr User-Agent ELB-HealthChecker/2.0',
    'http-check expect status 200',
    'timeout check 250ms',
    'http-response set-header X-Rehearsal-Color green',
    'http-after-response set-header X-Rehearsal-Target green if { srv_name -m len gt 0 }',
    'server-template green 1-40 0.0.0.0:1 check disabled inter 500ms rise 2 fall 2',
  ]));
});

test('a timeout stays long enough for an application that answers', () => {
  expect(section(linesOf({ clock: new Clock(1000) }), 'backend blue')).toContain('timeout check 100ms');
});

test('targets of HTTPS are not verified, and a check can have its own port', () => {
  const group = targetGroup('Group');
  const own = { ...group, protocol: 'HTTPS' as const, healthCheck: { ...group.healthCheck, port: 9100 } };
  const [template] = linesOf({ targetGroups: { blue: own, green: own } }).filter((line) => line.startsWith('server-template'));
  expect(template).toContain('0.0.0.0:1 ssl verify none check port 9100 disabled');
});

test('the states of servers are read by the names of their columns', () => {
  expect(serversIn([
    '1', '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_check_result',
    '3 blue 1 blue1 172.29.0.3 2 3', '3 blue 2 blue2 172.29.0.4 0 2', '',
  ].join('\n'))).toEqual([{ backend: 'blue', server: 'blue1', up: true, failing: false }, { backend: 'blue', server: 'blue2', up: false, failing: true }]);
});
