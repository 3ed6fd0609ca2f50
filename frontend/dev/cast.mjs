/** The services of the fake world: one in every state that the panel can show. */

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
let containers = 0;

function service(name, group, change = {}) {
  containers += 1;
  return {
    name,
    status: 'UP',
    state: 'running',
    health: 'healthy',
    started_at: ago(3 * 3600 + containers * 97),
    finished_at: null,
    exit_code: null,
    recovery_mode: 'manual',
    group,
    project: 'incidentops',
    image: `incidentops/${name}:dev`,
    protected: false,
    depends_on: [],
    probe: 'http://:9102/health',
    replicas: { running: 1, total: 1 },
    containers: [(0xabc123def00 + containers * 7919).toString(16).padStart(12, '0')],
    misconfigured: null,
    busy: null,
    wish: null,
    age_seconds: null,
    last_log: [],
    ...change,
  };
}

const off = { status: 'DOWN', health: 'none', replicas: { running: 0, total: 1 } };
const shop = (name, change) =>
  service(`shop/${name}`, 'shop', { project: 'shop', image: `example/${name}:1.4`, ...change });

export function healthyCast() {
  const data = ['postgres', 'redis', 'rabbitmq'];
  return [
    service('backend', 'app', { protected: true, probe: 'http://:8000/health', depends_on: data }),
    service('frontend', 'app', { protected: true, probe: 'http://:8080/healthz' }),
    service('worker', 'app', { depends_on: ['rabbitmq', 'postgres'] }),
    service('chaos', 'app', { depends_on: ['rabbitmq'] }),
    service('remediator', 'app', { depends_on: ['rabbitmq'], recovery_mode: 'auto' }),
    service('postgres', 'data', { image: 'postgres:17', probe: 'postgres://:5432' }),
    service('redis', 'data', { image: 'redis:8', probe: 'redis://:6379' }),
    service('rabbitmq', 'data', { image: 'rabbitmq:4-management', probe: 'amqp://:5672' }),
    service('prometheus', 'monitoring', { image: 'prom/prometheus:v2.53.0', probe: 'http://:9090/-/healthy' }),
  ];
}

export function troubledCast() {
  const cast = healthyCast();
  const byName = Object.fromEntries(cast.map((each) => [each.name, each]));
  Object.assign(byName.redis, off, { state: 'exited', exit_code: 137, finished_at: ago(140) });
  Object.assign(byName.chaos, { state: 'starting', health: 'starting', started_at: ago(4) });
  Object.assign(byName.worker, { state: 'unhealthy', health: 'unhealthy', status: 'DOWN' });
  return [
    ...cast,
    shop('billing', {
      ...off,
      state: 'crash_loop',
      exit_code: 1,
      last_log: [
        'Traceback (most recent call last):',
        '  File "billing.py", line 14, in <module>',
        "KeyError: 'BILLING_DB'",
      ],
    }),
    shop('cart', {
      state: 'degraded',
      replicas: { running: 1, total: 3 },
      containers: ['9fe1a0c2d311', '51aa02b7c0de', '77c1d2e3f405'],
    }),
    shop('mailer', { ...off, state: 'paused', replicas: { running: 1, total: 1 } }),
    shop('search', { state: 'unknown', age_seconds: 42 }),
    shop('gateway', {
      misconfigured: 'incidentops.probe: "htp://:80/" has no known scheme (tcp, http, redis, amqp, postgres, health)',
      probe: null,
    }),
    shop('imports', { ...off, state: 'created', started_at: null, containers: [] }),
    shop('reports', { state: 'hung', status: 'DOWN', health: 'none' }),
    shop('thumbs', { ...off, state: 'exited', exit_code: 0, wish: 'stopped', finished_at: ago(7400) }),
    shop('a-service-with-a-very-long-name-that-has-to-be-cut<b>bold</b>', { recovery_mode: 'auto' }),
  ];
}

export function crowd(count) {
  const name = (index) => `node-${String(index).padStart(3, '0')}`;
  return Array.from({ length: count }, (_, index) =>
    service(name(index), `rack ${Math.floor(index / 50)}`, {
      project: 'lab',
      depends_on: index < 8 ? [] : [name(index % 8), name(Math.floor(index / 2))],
    }),
  );
}
