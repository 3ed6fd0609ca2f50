/** What the backend of the on-call pages answers, path by path. */
const KEPT = { revision: 1, changed_by: 'alice', changed_at: '2026-01-05T09:00:00Z' };
export const SHIFTS = [
  { start: '2026-01-05T09:00:00Z', end: '2026-01-12T09:00:00Z', user: 'alice', layer: 'week' },
  { start: '2026-01-12T09:00:00Z', end: '2026-01-13T09:00:00Z', user: null, layer: null },
  { start: '2026-01-13T09:00:00Z', end: '2026-01-19T09:00:00Z', user: 'bob', layer: 'override' },
];
export const TIMELINE = {
  shifts: SHIFTS,
  gaps: [SHIFTS[1]],
  layers: [{ name: 'week', shifts: [SHIFTS[0]] }],
};
const OVERRIDE = { user: 'bob', start: '2026-01-13T09:00:00Z', end: '2026-01-19T09:00:00Z', reason: 'holiday' };
const WEEK = {
  name: 'week',
  rotation: { users: ['alice', 'bob'], starts_on: '2026-01-05', handoff: '09:00:00', days: 7 },
  hours: null,
};

export const ALICE = {
  ...KEPT,
  name: 'alice',
  full_name: 'Alice',
  role: '',
  zone: 'UTC',
  methods: [{ channel: 'webhook', target: 'http://catcher:8025/…', urgencies: ['high'] }],
  quiet: null,
};
export const BOB = { ...ALICE, name: 'bob', full_name: 'Bob', methods: [] };

export const SEV_1 = {
  ...KEPT,
  name: 'sev-1',
  description: 'Complete outage',
  repeat: 2,
  ack_timeout_seconds: 1800,
  steps: [
    { targets: [{ kind: 'schedule', name: 'primary' }], wait_seconds: 300 },
    { targets: [{ kind: 'user', name: 'bob' }], wait_seconds: 900 },
  ],
};

export const DB_UPGRADE = {
  ...KEPT,
  name: 'db-upgrade',
  start: '2026-01-11T02:00:00',
  end: '2026-01-11T04:00:00',
  zone: 'UTC',
  repeat: 'monthly',
  services: ['postgres'],
  groups: [],
  reason: '',
  last: null,
  ended_at: null,
  open_until: '2026-01-11T04:00:00Z',
};

export const QUIET_REDIS = {
  ...KEPT,
  name: 'quiet-redis',
  matchers: [{ name: 'service', value: 'redis.*', equal: true, regex: true }],
  start: '2026-01-05T09:00:00Z',
  end: '2026-01-06T09:00:00Z',
  comment: 'known',
  created_by: 'alice',
  active: true,
};

export const ANSWERS: Readonly<Record<string, unknown>> = {
  '/api/v1/oncall/current': {
    primary: 'alice',
    on_call: [
      {
        schedule: 'primary',
        team: 'operations',
        user: 'alice',
        full_name: 'Alice',
        role: 'engineer',
        layer: 'week',
        until: '2026-01-12T09:00:00Z',
      },
    ],
  },
  '/api/v1/schedules': {
    items: [
      {
        ...KEPT,
        name: 'primary',
        team: 'operations',
        zone: 'UTC',
        description: '',
        layers: [WEEK],
        overrides: [OVERRIDE],
      },
    ],
  },
  '/api/v1/schedules/primary/timeline': TIMELINE,
  '/api/v1/schedules/preview': TIMELINE,
  '/api/v1/users': { items: [ALICE, BOB] },
  '/api/v1/escalation-policies': { items: [SEV_1] },
  '/api/v1/teams': {
    items: [
      {
        ...KEPT,
        name: 'operations',
        description: '',
        members: ['alice'],
        services: [],
        policies: { critical: 'sev-1' },
      },
    ],
  },
  '/api/v1/maintenance-windows': { items: [DB_UPGRADE] },
  '/api/v1/silences': { items: [QUIET_REDIS] },
  '/api/v1/notifications': {
    next_cursor: null,
    items: [
      {
        id: '1',
        kind: 'page',
        recipient: 'alice',
        urgency: 'high',
        subject: '[SEV-2] redis: does not answer (incident 1)',
        incident_id: null,
        state: 'delivered',
        created_at: '2026-01-05T09:00:00Z',
        attempts: [
          attempt(1, 'webhook', 'failed', '503 Service Unavailable'),
          attempt(2, 'email', 'delivered', 'accepted by catcher'),
        ],
      },
    ],
  },
};

export function attempt(number: number, channel: string, outcome: string, answer: string) {
  const times = { started_at: '2026-01-05T09:00:00Z', ended_at: '2026-01-05T09:00:01Z' };
  return { number, channel, target: '', outcome, answer, ...times };
}
