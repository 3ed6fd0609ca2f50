import type { Service } from '../api/types';

/** A page of another program of the stack, on a port of the host that served this page. */
export interface Door {
  readonly service: string;
  readonly word: string;
  readonly port: number;
  readonly shows: string;
  /** Where it shows one service's use of resources. */
  readonly about: (service: string) => string;
}

const DOORS: readonly Door[] = [
  {
    service: 'prometheus',
    word: 'Prometheus',
    port: 9090,
    shows: 'every figure of the last 15 days, by query',
    about: (service) =>
      `/graph?g0.tab=0&g0.expr=${encodeURIComponent(`incidentops_container_memory_bytes{service=${JSON.stringify(service)}}`)}`,
  },
  {
    service: 'grafana',
    word: 'Grafana',
    port: 3000,
    shows: 'the dashboard of services and host, and the logs of all of them',
    about: (service) => `/d/incidentops-overview?var-service=${encodeURIComponent(service)}`,
  },
];

/** Those that are there: only services of our own project have a plain name. */
export function doorsOf(services: ReadonlyMap<string, Service>): readonly Door[] {
  return DOORS.filter((door) => services.has(door.service));
}

export function addressOf(door: Door, path = '/'): string {
  const { protocol, hostname } = window.location;
  return `${protocol}//${hostname}:${door.port}${path}`;
}
