import { io, type Socket } from 'socket.io-client';
import type { Delta, LogBatch, Snapshot, Stats } from '../api/types';
import { showPage, type BrowserPage } from './browserPages';
import type { LiveStore } from './store';
import { Subscriptions, type Topic, type TopicChange, type TopicSource } from './topics';

/** Silence after which the server, which measures the host every 2 s, is asked for a sign of life. */
export const QUIET_MS = 5_000;
/** Silence after which the connection counts as dead, though nobody closed it. */
const DEAD_MS = 9_000;
/** An unanswered request for a snapshot is repeated after this. */
const RESYNC_MS = 2_000;

interface ServerEvents {
  snapshot: (snapshot: Snapshot) => void;
  delta: (delta: Delta) => void;
  stats: (stats: Stats) => void;
  topic: (change: TopicChange) => void;
  log_lines: (batch: LogBatch, acknowledge: () => void) => void;
  page: (page: BrowserPage, acknowledge: () => void) => void;
}

interface ClientEvents {
  resync: (answer: (snapshot?: Snapshot) => void) => void;
  watch: (request: { services: string[] }) => void;
  unwatch: () => void;
  topic_join: (request: { topic: Topic }) => void;
  topic_leave: (request: { topic: Topic }) => void;
  logs_follow: (request: { service: string; tail: number }) => void;
  logs_stop: () => void;
}

/** Takes the lines of a followed log. `begin`: a stream begins, which may repeat what came before. */
export interface LogSink {
  begin: () => void;
  take: (batch: LogBatch) => void;
}

/** Where logs come from. */
export interface LogSource {
  /** One log at a time, until the returned function is called. */
  followLogs: (service: string, sink: LogSink) => () => void;
}

const OLD_LINES = 500;

/** The one live connection of the app: feeds the store, heals gaps, notices silence. */
export class Connection implements LogSource, TopicSource {
  private readonly store: LiveStore;
  private readonly socket: Socket<ServerEvents, ClientEvents>;
  private readonly watchdog: number;
  private resyncAskedAt = 0;
  private watched: string[] = [];
  private readonly topics = new Subscriptions();
  private read: { readonly service: string; readonly sink: LogSink } | null = null;

  constructor(store: LiveStore, url?: string) {
    this.store = store;
    const options = { transports: ['websocket', 'polling'], reconnectionDelay: 300, reconnectionDelayMax: 3_000 };
    this.socket = url === undefined ? io(options) : io(url, options);
    this.listen();
    this.watchdog = window.setInterval(() => this.checkSilence(), 1_000);
  }

  /** Names whose stats should flow: those on screen. */
  watch(services: string[]): void {
    this.watched = services;
    if (!this.socket.connected) return;
    if (services.length > 0) this.socket.emit('watch', { services });
    else this.socket.emit('unwatch');
  }

  followLogs(service: string, sink: LogSink): () => void {
    const read = { service, sink };
    this.read = read;
    if (this.socket.connected) this.askForLogs();
    return () => {
      if (this.read !== read) return;
      this.read = null;
      if (this.socket.connected) this.socket.emit('logs_stop');
    };
  }

  joinTopic(topic: Topic, changed: () => void): () => void {
    if (this.topics.add(topic, changed) && this.socket.connected) this.socket.emit('topic_join', { topic });
    return () => {
      if (this.topics.remove(topic, changed) && this.socket.connected) this.socket.emit('topic_leave', { topic });
    };
  }

  close(): void {
    window.clearInterval(this.watchdog);
    this.socket.close();
  }

  private listen(): void {
    this.socket.on('connect', () => this.connected());
    this.socket.on('snapshot', (snapshot) => this.accept(snapshot));
    this.socket.on('delta', (delta) => {
      if (!this.store.delta(delta)) this.resync();
    });
    this.socket.on('stats', (stats) => this.store.stats(stats));
    this.socket.on('topic', ({ topic }) => this.topics.tell(topic));
    this.socket.on('log_lines', (batch, acknowledge) => this.takeLines(batch, acknowledge));
    this.socket.on('page', (page, acknowledge) => {
      if (showPage(page)) acknowledge();
    });
    this.socket.on('disconnect', (reason) => this.disconnected(reason));
    this.socket.on('connect_error', (error) => this.store.lost(error.message));
  }

  private connected(): void {
    this.resyncAskedAt = 0;
    this.socket.io.engine.on('packet', () => this.store.heard());
    if (this.watched.length > 0) this.watch(this.watched);
    this.rejoin();
    this.askForLogs();
  }

  /** What changed meanwhile was told to nobody. */
  private rejoin(): void {
    for (const topic of this.topics.joined()) {
      this.socket.emit('topic_join', { topic });
      this.topics.tell(topic);
    }
  }

  private askForLogs(): void {
    if (this.read === null) return;
    this.read.sink.begin();
    this.socket.emit('logs_follow', { service: this.read.service, tail: OLD_LINES });
  }

  /** Acknowledged once the page has had its turn: a page that cannot keep up gets fewer lines, not more work. */
  private takeLines(batch: LogBatch, acknowledge: () => void): void {
    if (batch.service === this.read?.service) this.read.sink.take(batch);
    window.setTimeout(acknowledge, 0);
  }

  private accept(snapshot: Snapshot): void {
    this.resyncAskedAt = 0;
    this.store.snapshot(snapshot);
  }

  private disconnected(reason: string): void {
    this.store.lost(reason);
    // A server that closes on purpose (it restarts) is not retried by the library itself.
    if (reason === 'io server disconnect') this.socket.connect();
  }

  private resync(): void {
    if (Date.now() - this.resyncAskedAt < RESYNC_MS) return;
    this.resyncAskedAt = Date.now();
    // The answer comes as the acknowledgement or as a snapshot of its own.
    this.socket.emit('resync', (snapshot) => {
      if (snapshot?.revision !== undefined) this.accept(snapshot);
    });
  }

  private checkSilence(): void {
    const { heardAt, link } = this.store.get();
    if (link !== 'live' || heardAt === null) return;
    const silence = Date.now() - heardAt;
    if (silence > DEAD_MS) this.socket.io.engine.close();
    else if (silence > QUIET_MS) this.resync();
  }
}
