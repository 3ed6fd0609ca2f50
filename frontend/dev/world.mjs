import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import { crowd, healthyCast, troubledCast } from './cast.mjs';

const CASTS = {
  healthy: healthyCast,
  troubled: troubledCast,
  empty: () => [],
  crowd: () => crowd(500),
  hundred: () => crowd(100),
};

/** How long a verb takes here, ms, and what it leaves behind. */
const VERBS = {
  ping: { ms: 180 },
  start: {
    ms: 900,
    leaves: { status: 'UP', state: 'running', wish: 'running', finished_at: null, exit_code: null },
    restarts: true,
  },
  restart: { ms: 1100, leaves: { status: 'UP', state: 'running', finished_at: null, exit_code: null }, restarts: true },
  stop: { ms: 800, leaves: { status: 'DOWN', state: 'exited', exit_code: 0, wish: 'stopped' }, ends: true },
  kill: { ms: 300, leaves: { status: 'DOWN', state: 'exited', exit_code: 137 }, ends: true },
  pause: { ms: 120, leaves: { status: 'DOWN', state: 'paused' } },
  unpause: { ms: 120, leaves: { status: 'UP', state: 'running' } },
};

const MESSAGES = {
  ping: (service) => (service.status === 'UP' ? 'Ping succeeded' : 'Ping failed (service DOWN)'),
  stop: () => 'Service stopped manually',
  start: (service) => `Service ${service.name} was restarted successfully!!`,
  restart: (service) => `Service ${service.name} was restarted`,
  kill: () => 'Service killed',
  pause: () => 'Service paused',
  unpause: () => 'Service unpaused',
};

const now = () => new Date().toISOString();
const GIB = 1024 ** 3;

/** A world without containers: verbs change it, listeners get every change as a delta. */
export class World extends EventEmitter {
  constructor(cast) {
    super();
    this.setMaxListeners(0);
    this.revision = 1;
    this.services = new Map((CASTS[cast] ?? CASTS.troubled)().map((each) => [each.name, each]));
    this.actions = {};
    this.load = new Map();
    this.system = this.measure();
    this.dependencies = ['postgres', 'rabbitmq', 'redis', 'engine'].map((name) => ({
      name,
      state: name === 'redis' && cast !== 'healthy' ? 'down' : 'up',
      since: now(),
      detail: name === 'redis' && cast !== 'healthy' ? 'connection refused' : null,
    }));
    if (this.services.has('postgres')) this.seedLog();
  }

  seedLog() {
    for (const [name, verb, outcome, message] of [
      ['postgres', 'ping', 'succeeded', 'Ping succeeded'],
      ['redis', 'ping', 'succeeded', 'Ping succeeded'],
      ['redis', 'stop', 'succeeded', 'Service stopped manually'],
      ['worker', 'restart', 'failed', 'Did not answer its probe within 30 s'],
      ['backend', 'stop', 'refused', 'Protected: it may be restarted, not stopped'],
      ['redis', 'ping', 'failed', 'Ping failed (service DOWN)'],
    ]) {
      this.log({ service: name, verb, outcome, message, duration_ms: 212 });
    }
  }

  log(action) {
    const whole = { id: randomUUID(), actor: 'alice', source: 'ui', started_at: now(), duration_ms: null, ...action };
    const list = (this.actions[whole.service] ??= []);
    const known = list.findIndex((each) => each.id === whole.id);
    if (known >= 0) list[known] = whole;
    else list.push(whole);
    return whole;
  }

  snapshot() {
    return {
      revision: this.revision,
      services: [...this.services.values()],
      system: this.system,
      dependencies: this.dependencies,
      actions: this.actions,
      faults: [],
      server_time: now(),
    };
  }

  change(delta) {
    this.revision += 1;
    this.emit('delta', { revision: this.revision, server_time: now(), ...delta });
  }

  update(name, fields) {
    const service = { ...this.services.get(name), ...fields };
    this.services.set(name, service);
    return service;
  }

  measure() {
    const wobble = Math.sin(Date.now() / 9000);
    return {
      cpu: { units: 2, free_percent: 61 + 22 * wobble },
      ram: { total: 23.4 * GIB, free: (15.2 + wobble) * GIB },
      disk: { total: 251.9 * GIB, free: 30.6 * GIB },
    };
  }

  tick() {
    this.system = this.measure();
    this.change({ system: this.system });
  }

  /** Runs a verb; resolves with {status, body} as the HTTP answer. */
  async run(name, verb, actor = 'alice', source = 'ui') {
    const service = this.services.get(name);
    const problem = this.objection(name, service, verb);
    if (problem !== null) return problem;
    const begun = Date.now();
    const action = this.log({ service: name, verb, actor, source, outcome: 'running', message: '' });
    this.change({ services: [this.update(name, { busy: verb })], actions: [action] });
    await new Promise((resolve) => setTimeout(resolve, VERBS[verb].ms));
    return this.finish(action, Date.now() - begun);
  }

  /** A run like the backend's: one after the other, and `shop/imports` cannot start. */
  async remediate() {
    const done = [];
    const failed = [];
    const down = [...this.services.values()].filter((service) => service.status === 'DOWN');
    for (const { name } of down.filter((service) => !service.protected)) {
      const answer = await this.run(name, 'start', 'remediator', 'auto');
      if (answer.status === 200) done.push(name);
      else failed.push({ service: name, reason: answer.body.detail });
      this.explain(name, answer.status === 200 ? 'succeeded' : 'failed', answer.body.detail);
    }
    const skipped = down.filter((service) => service.protected).map((service) => service.name);
    for (const name of skipped) this.explain(name, 'refused');
    return {
      status: failed.length > 0 ? 'partial' : 'completed',
      services_remediated: done,
      services_skipped: skipped,
      ...(failed.length > 0 ? { services_failed: failed } : {}),
    };
  }

  explain(service, outcome, reason = '') {
    const message = {
      succeeded: 'Restarted by remediation c0ffee: exited 2 min ago, depends on nothing that is down',
      failed: `Not healed by remediation c0ffee: ${reason}`,
      refused: 'Not restarted by remediation c0ffee: it is protected',
    }[outcome];
    this.change({
      actions: [this.log({ service, verb: 'remediate', actor: 'alice', outcome, message, duration_ms: 1 })],
    });
  }

  recover(name, mode) {
    if (!this.services.has(name)) return this.objection(name, undefined, 'start');
    setTimeout(() => this.change({ services: [this.update(name, { recovery_mode: mode })] }), 150);
    return { status: 200, body: { service: name, recovery_mode: mode } };
  }

  objection(name, service, verb) {
    const say = (status, title, detail) => ({ status, body: { type: 'about:blank', title, status, detail } });
    if (service === undefined) return say(404, 'No such service', `Known: ${[...this.services.keys()].join(', ')}`);
    if (VERBS[verb] === undefined) return say(422, 'No such verb', `Known: ${Object.keys(VERBS).join(', ')}`);
    if (service.busy !== null) return say(409, 'Busy', `${service.busy} is running on ${name}`);
    if (service.protected && ['stop', 'kill', 'pause'].includes(verb))
      return say(409, 'Protected', `${name} may be restarted, not stopped`);
    if (name === 'shop/imports' && verb === 'start') {
      return say(
        502,
        'The engine could not start it',
        'driver failed programming external connectivity: port 8080 is already allocated',
      );
    }
    return null;
  }

  finish(action, duration) {
    const { service: name, verb } = action;
    const { leaves = {}, restarts, ends } = VERBS[verb];
    const running = restarts ? { started_at: now(), last_log: [] } : {};
    const service = this.update(name, { ...leaves, ...running, ...(ends ? { finished_at: now() } : {}), busy: null });
    const alive = service.status === 'UP' || service.state === 'paused';
    service.replicas = { ...service.replicas, running: alive ? service.replicas.total : 0 };
    const message = MESSAGES[verb](service);
    const outcome = verb === 'ping' && service.status === 'DOWN' ? 'failed' : 'succeeded';
    this.change({ services: [service], actions: [this.log({ ...action, outcome, message, duration_ms: duration })] });
    return { status: 200, body: { service: name, status: service.status, message, action_id: action.id } };
  }

  about() {
    const engine = { kind: 'docker', version: '26.1.5', api_version: '1.45', host: 'lab-01' };
    return { version: '0.1.0', engine };
  }

  inspect(name) {
    const service = this.services.get(name);
    const status = service?.state === 'exited' ? 'exited' : 'running';
    const describe = (id, index) => ({
      id,
      name: `${name.replace('/', '-')}-${index + 1}`,
      status,
      details: {
        Id: id.repeat(5).slice(0, 64),
        Created: service.started_at,
        State: {
          Status: status,
          StartedAt: service.started_at,
          ExitCode: service.exit_code ?? 0,
          Health: { Status: service.health },
        },
        RestartCount: index,
        Config: {
          Image: service.image,
          Env: ['PATH=•••', 'POSTGRES_PASSWORD=•••'],
          Labels: { 'incidentops.service': name, 'shop.note': '<img src=x onerror=alert(1)>' },
        },
        NetworkSettings: { Networks: { default: { IPAddress: `172.18.0.${index + 4}` } } },
        Mounts: [],
      },
    });
    return { service: name, containers: (service?.containers ?? []).map(describe) };
  }

  stats(names) {
    const services = {};
    for (const name of names) {
      if ((this.services.get(name)?.replicas.running ?? 0) === 0) continue;
      const old = this.load.get(name) ?? { cpu: Math.random() * 12, mem: (20 + Math.random() * 300) * 1024 ** 2 };
      const cpu = Math.max(0.1, old.cpu + (Math.random() - 0.5) * 4);
      const mem = old.mem * (1 + (Math.random() - 0.48) * 0.02);
      this.load.set(name, { cpu, mem });
      services[name] = {
        cpu_percent: cpu,
        memory_bytes: mem,
        memory_limit_bytes: null,
        net_rx_bytes: 0,
        net_tx_bytes: 0,
        net_rx_rate: cpu * 9000,
        net_tx_rate: cpu * 4000,
        block_read_bytes: (Date.now() % 1e9) * 300,
        block_write_bytes: (Date.now() % 1e9) * 90 * (1 + Math.round(cpu / 10)),
      };
    }
    return { at: now(), services };
  }

  page(query) {
    const fits = (action) =>
      ['service', 'verb', 'actor', 'outcome'].every((key) => !query.get(key) || query.get(key) === action[key]) &&
      `${action.message} ${action.actor}`.toLowerCase().includes((query.get('text') ?? '').toLowerCase());
    const items = Object.values(this.actions).flat().filter(fits);
    items.sort((left, right) => right.started_at.localeCompare(left.started_at));
    return { items, next_cursor: null };
  }
}
