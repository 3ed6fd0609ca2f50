import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ComponentType, ReactNode } from 'react';
import { Notice } from './Notice';
import { ReloadButton } from './ReloadButton';

type Load<P> = () => Promise<{ readonly default: ComponentType<P> }>;

/**
 * A part of the panel whose code is fetched when it is drawn first. `name` is its own among all parts.
 *
 * Where the network breaks off it is fetched once more, and anew whenever it is drawn again: React's own `lazy` would
 * keep the failure for as long as the panel is open.
 */
export function lazyPart<P extends object>(name: string, load: Load<P>, waiting: ReactNode = null): ComponentType<P> {
  return function LazyPart(props: P) {
    const { data, isError, refetch } = useQuery({
      queryKey: ['code', name],
      queryFn: load,
      retry: 1,
      staleTime: Infinity,
      gcTime: Infinity,
      // A module is no data: it must not be compared or copied.
      structuralSharing: false,
    });
    if (isError) return <NotFetched onAgain={() => void refetch()} />;
    return data === undefined ? waiting : <data.default {...props} />;
  };
}

function NotFetched({ onAgain }: { onAgain: () => void }) {
  return (
    <Notice look="unhealthy" title="This part of the panel did not arrive">
      <p>
        The network broke off while it was fetched, or the panel was updated after you opened it. The services are not
        affected.
      </p>
      <Group gap="xs" mt="md">
        <Button onClick={onAgain}>Try again</Button>
        <ReloadButton />
      </Group>
    </Notice>
  );
}
