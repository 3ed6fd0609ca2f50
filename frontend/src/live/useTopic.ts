import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTopicSource } from './hooks';
import type { Topic } from './topics';

/**
 * Reads again what begins with the topic. What changes during a read is read after it: cancelling it instead would
 * leave a page without an answer for as long as a storm lasts.
 */
function refresher(queries: QueryClient, topic: Topic): () => void {
  let changes = 0;
  let reading = false;
  const read = async (): Promise<void> => {
    reading = true;
    let seen: number;
    do {
      // Everyone who shows objects of the topic hears of a change: what they say together is read once.
      await Promise.resolve();
      seen = changes;
      await queries.invalidateQueries({ queryKey: [topic] });
    } while (seen !== changes);
    reading = false;
  };
  return () => {
    changes += 1;
    if (!reading) void read();
  };
}

const refreshers = new WeakMap<QueryClient, Map<Topic, () => void>>();

/** The one refresher of the topic. */
function refresherOf(queries: QueryClient, topic: Topic): () => void {
  const known = refreshers.get(queries) ?? new Map<Topic, () => void>();
  const refresh = known.get(topic) ?? refresher(queries, topic);
  refreshers.set(queries, known.set(topic, refresh));
  return refresh;
}

/** While the component is drawn, queries whose key begins with the topic follow the server. */
export function useTopic(topic: Topic): void {
  const source = useTopicSource();
  const queries = useQueryClient();
  useEffect(() => source.joinTopic(topic, () => refresherOf(queries, topic)()), [source, queries, topic]);
}
