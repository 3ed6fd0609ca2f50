import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../frame/Problem';

interface ListedProps {
  readonly count: number;
  readonly loading: boolean;
  /** Why it cannot be read now, or null. */
  readonly problem: string | null;
  /** Reads the next page; null when there is none. */
  readonly more: (() => void) | null;
  /** What to say when there is nothing. */
  readonly nothing: ReactNode;
  readonly children: ReactNode;
}

/** A list in each of its states: loading, away, empty, shown, and with more to come. */
export function Listed({ count, loading, problem, more, nothing, children }: ListedProps) {
  return (
    <>
      <Problem text={problem} />
      {count > 0 && children}
      {count === 0 && loading && <Skeleton height={220} radius={6} />}
      {count === 0 && !loading && problem === null && nothing}
      {more !== null && (
        <Button variant="default" size="xs" mt="sm" w="fit-content" onClick={more}>
          Show older
        </Button>
      )}
    </>
  );
}
