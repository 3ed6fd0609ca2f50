/** The kinds of objects that change live; query keys begin with one of them. */
export type Topic =
  'incidents' | 'alerts' | 'oncall' | 'notifications' | 'experiments' | 'faults' | 'policies' | 'decisions';

export interface TopicChange {
  readonly topic: Topic;
  /** Empty: anything may have changed. */
  readonly ids: readonly string[];
}

/** Tells who shows objects of a kind that some of them changed. */
export interface TopicSource {
  /** Calls `changed` from now on, until the returned function is called. */
  joinTopic: (topic: Topic, changed: () => void) => () => void;
}

/** Who listens to which topic. The server hears of the first listener and the last, not of each. */
export class Subscriptions {
  private readonly listeners = new Map<Topic, Set<() => void>>();

  /** True: the topic has its first listener. */
  add(topic: Topic, listener: () => void): boolean {
    const known = this.listeners.get(topic);
    if (known === undefined) this.listeners.set(topic, new Set([listener]));
    else known.add(listener);
    return known === undefined;
  }

  /** True: nobody listens any more. */
  remove(topic: Topic, listener: () => void): boolean {
    const known = this.listeners.get(topic);
    if (known?.delete(listener) !== true || known.size > 0) return false;
    return this.listeners.delete(topic);
  }

  joined(): Topic[] {
    return [...this.listeners.keys()];
  }

  tell(topic: Topic): void {
    for (const listener of this.listeners.get(topic) ?? []) listener();
  }
}
