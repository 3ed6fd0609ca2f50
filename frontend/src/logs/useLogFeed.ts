import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useLogSource } from '../live/hooks';
import { LogFeed } from './feed';

/** The log of a service while this is mounted. */
export function useLogFeed(service: string): { readonly feed: LogFeed; readonly state: ReturnType<LogFeed['get']> } {
  const source = useLogSource();
  const feed = useMemo(() => new LogFeed(), []);
  useEffect(
    () =>
      source.followLogs(service, {
        begin: () => feed.begin(),
        take: (batch) => feed.take(batch),
      }),
    [source, service, feed],
  );
  return { feed, state: useSyncExternalStore(feed.subscribe, feed.get) };
}
