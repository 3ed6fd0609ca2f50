import { useQuery } from '@tanstack/react-query';
import { readAbout } from '../api/client';
import type { About } from '../api/types';
import { useLink } from '../live/hooks';

/** Versions and host; read anew with every new connection, because the backend may be another one then. */
export function useAbout(): About | undefined {
  const live = useLink() === 'live';
  const query = useQuery({
    queryKey: ['about', live],
    queryFn: ({ signal }) => readAbout(signal),
    enabled: live,
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
  return query.data;
}
