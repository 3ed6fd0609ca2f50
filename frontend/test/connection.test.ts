import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../src/live/connection';
import { LiveStore } from '../src/live/store';
import { service, snapshot } from './cast';

const NOW = '2026-02-03T12:00:05Z';

/** A real Socket.IO server that says what the test tells it to. */
class Backend {
  private http!: HttpServer;
  private io!: Server;
  port = 0;
  peer: Socket | null = null;
  asked: string[] = [];
  revision = 1;

  async start(port = 0): Promise<void> {
    this.http = createServer();
    this.io = new Server(this.http, { cors: { origin: '*' } });
    this.io.on('connection', (socket) => {
      this.peer = socket;
      socket.emit('snapshot', this.picture());
      socket.on('resync', (reply: (picture: unknown) => void) => {
        this.asked.push('resync');
        reply(this.picture());
      });
      socket.on('watch', ({ services }: { services: string[] }) => this.asked.push(`watch ${services.join(' ')}`));
      socket.on('unwatch', () => this.asked.push('unwatch'));
      for (const event of ['topic_join', 'topic_leave']) {
        socket.on(event, ({ topic }: { topic: string }) => this.asked.push(`${event} ${topic}`));
      }
    });
    await new Promise<void>((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    this.port = (this.http.address() as AddressInfo).port;
  }

  picture() {
    return snapshot(this.revision, [service('redis')]);
  }

  async stop(): Promise<void> {
    await this.io.close();
  }
}

describe('the connection', () => {
  const backend = new Backend();
  let store: LiveStore;
  let connection: Connection;
  const seen = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

  beforeEach(async () => {
    backend.asked = [];
    backend.revision = 1;
    await backend.start();
    store = new LiveStore();
    connection = new Connection(store, `http://127.0.0.1:${backend.port}`);
    await seen(() => expect(store.get().link).toBe('live'));
  });

  afterEach(async () => {
    connection.close();
    await backend.stop();
  });

  it('takes the snapshot and the deltas that follow it', async () => {
    backend.peer?.emit('delta', { revision: 2, server_time: NOW, services: [service('billing')] });
    await seen(() => expect([...store.get().view.services.keys()]).toEqual(['redis', 'billing']));
    expect(backend.asked).toEqual([]);
  });

  it('asks for a snapshot once when it sees a gap', async () => {
    backend.revision = 9;
    backend.peer?.emit('delta', { revision: 7, server_time: NOW });
    backend.peer?.emit('delta', { revision: 8, server_time: NOW });
    await seen(() => expect(store.get().view.revision).toBe(9));
    expect(backend.asked).toEqual(['resync']);
  });

  it('is lost when the backend goes, and returns by itself with what is watched', async () => {
    connection.watch(['redis']);
    await seen(() => expect(backend.asked).toEqual(['watch redis']));
    await backend.stop();
    await seen(() => expect(store.get().link).toBe('lost'));
    backend.revision = 40;
    backend.asked = [];
    await backend.start(backend.port);
    await seen(() => expect(store.get()).toMatchObject({ link: 'live', view: { revision: 40 } }));
    await seen(() => expect(backend.asked).toEqual(['watch redis']));
  });

  it('takes a restarted backend that counts from one again', async () => {
    store.snapshot(snapshot(500, []));
    backend.peer?.disconnect();
    await seen(() => expect(store.get()).toMatchObject({ link: 'live', view: { revision: 1 } }));
  });

  it('stops the stats when nothing is watched', async () => {
    connection.watch([]);
    await seen(() => expect(backend.asked).toEqual(['unwatch']));
  });

  it('joins a topic once for all who listen, and leaves it with the last', async () => {
    const told = [0, 0];
    const leave = told.map((_, at) => connection.joinTopic('incidents', () => (told[at] = (told[at] ?? 0) + 1)));
    await seen(() => expect(backend.asked).toEqual(['topic_join incidents']));
    backend.peer?.emit('topic', { topic: 'alerts', ids: ['a'] });
    backend.peer?.emit('topic', { topic: 'incidents', ids: ['a'] });
    await seen(() => expect(told).toEqual([1, 1]));
    for (const go of leave) go();
    await seen(() => expect(backend.asked).toEqual(['topic_join incidents', 'topic_leave incidents']));
  });

  it('joins again after an outage and takes it that anything may have changed', async () => {
    let told = 0;
    connection.joinTopic('incidents', () => (told += 1));
    await seen(() => expect(backend.asked).toEqual(['topic_join incidents']));
    await backend.stop();
    await seen(() => expect(store.get().link).toBe('lost'));
    await backend.start(backend.port);
    await seen(() => expect(backend.asked).toEqual(['topic_join incidents', 'topic_join incidents']));
    expect(told).toBe(1);
  });

  it('confirms a page only when the browser may show it', async () => {
    await seen(() => expect(backend.peer).not.toBeNull());
    const page = { subject: '[SEV-1] redis', body: 'Look', key: 'a-0' };
    const shown: string[] = [];
    const send = () => backend.peer?.timeout(300).emitWithAck('page', page);
    await expect(send()).rejects.toThrow();
    const show = function (title: string) {
      shown.push(title);
    };
    const Allowed = Object.assign(show, { permission: 'granted' });
    vi.stubGlobal('Notification', Allowed);
    await send();
    expect(shown).toEqual(['[SEV-1] redis']);
    vi.unstubAllGlobals();
  });
});
